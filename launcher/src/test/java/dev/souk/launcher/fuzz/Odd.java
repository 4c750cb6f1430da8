package dev.souk.launcher.fuzz;

import java.util.List;
import java.util.Random;

/** What people and machines send who mean no good, or do not know better. */
final class Odd {
    static final List<String> TEXTS = List.of(
            "",
            " ",
            "\t",
            "null",
            "0",
            "-1",
            "true",
            "\u0000",
            "a\u0000b",
            "\u0001\u001f\u007f",
            "\r\nX-Evil: 1",
            "\u00e4\u00f6\u00fc\u00df",
            "\u202e\u200b\u2028",
            "\ud83d\ude00",
            "\ud800",
            "\udc00\ud800",
            "\uffff\ufffe\ufeff",
            "'; DROP TABLE orders; --",
            "\" OR \"1\"=\"1",
            "%00",
            "%",
            "%s%n%x",
            "${jndi:ldap://127.0.0.1:9/a}",
            "{{7*7}}",
            "<script>alert(1)</script>",
            "../../etc/passwd",
            "\\",
            "'",
            "\"",
            "9".repeat(30),
            "1e400",
            "NaN",
            "2026-13-45T99:99:99Z",
            "00000000-0000-0000-0000-000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "x".repeat(64),
            "x".repeat(255),
            "x".repeat(256),
            "x".repeat(4_001),
            "\u00e9".repeat(300),
            "e\u0301".repeat(200));

    /** As they stand in a body, not as any parser reads them. */
    static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-1",
            "1",
            "1.0",
            "0.5",
            "1e0",
            "1e2",
            "1E-2",
            "1001",
            "1000000001",
            "1000000000001",
            "2147483648",
            "-2147483649",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775809",
            "1e18",
            "1e400",
            "-1e400",
            "1e-400",
            "123456789012345678901234567890",
            "9".repeat(41),
            "NaN",
            "Infinity",
            "01",
            "+1",
            ".5",
            "0x10");

    /** What may follow a percent sign and what may not. */
    static final List<String> ENCODED = List.of(
            "%",
            "%z",
            "%zz",
            "%00",
            "%0a",
            "%0d%0aX:%201",
            "%ff",
            "%c0%af",
            "%ed%a0%80",
            "%e2%82",
            "%2e%2e",
            "%2F",
            "%25",
            "%20",
            "+",
            "%F0%9F%98%80",
            "%u0041",
            "%c3%a4",
            "%7f",
            "%C3");

    private Odd() {}

    static <T> T any(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
