package dev.souk.launcher.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** What can be wrong with a request beside its body. */
final class Faults {
    private static final List<String> METHODS = List.of(
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "BREW", "PROPFIND", "X-1");
    private static final List<String> TYPES = List.of(
            "text/plain",
            "application/json; charset=utf-16",
            "application/json;charset=\"utf-8\"",
            "APPLICATION/JSON",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/problem+json",
            "json",
            "/",
            "");
    private static final List<String> ACCEPTED = List.of(
            "image/png",
            "*/*;q=0",
            "text/*",
            "application/json;q=0.1, text/html",
            "application/problem+json",
            ";;;",
            ",",
            "a/b/c",
            "application/json;q=x",
            "application/json; q=2",
            "\"",
            "*");
    private static final List<String> OTHERS = List.of(
            "X-Forwarded-For: 127.0.0.1",
            "X-Forwarded-For: \u00ff, ,, 999.9.9.9",
            "X-User-Id: 00000000-0000-0000-0000-000000000000",
            "X-User-Role: admin",
            "X-HTTP-Method-Override: DELETE",
            "Forwarded: for=_hidden;host=x",
            "Range: bytes=0-1",
            "Content-Encoding: gzip",
            "Origin: null",
            "Origin: https://evil.example",
            "Access-Control-Request-Method: GET",
            "Cookie: a=b; c",
            "traceparent: 00-00000000000000000000000000000000-0000000000000000-01",
            "traceparent: nonsense",
            "Expect: 100-continue",
            "Expect: a-miracle",
            "Upgrade: h2c",
            "Upgrade: websocket",
            "TE: trailers",
            "Connection: close",
            "Connection: keep-alive, x",
            "Host: another",
            "X-Empty:",
            "X-Long: " + "x".repeat(20_000),
            "X-Request-Id: " + "i".repeat(65),
            "X-Request-Id: a b",
            "X-Request-Id: well-formed_1.2",
            "X-Request-Id: \u00e4",
            "Prefer: respond-async",
            "Prefer: wait=1, respond-async; x=\"a,b\"",
            "Prefer: \"",
            "If-Match: *",
            "If-Match: W/\"1.1\"",
            "If-Match: \"\"",
            "If-None-Match: *",
            "If-None-Match: \"1.1\", W/\"2.2\",,",
            "Last-Event-ID: -1",
            "Last-Event-ID: 99999999999999999999",
            "Idempotency-Key:",
            "Idempotency-Key: " + "k".repeat(256),
            "Idempotency-Key: \u00e9",
            "Idempotency-Key: one-key-for-all",
            "Authorization: Bearer",
            "Authorization: Basic YWRtaW46YWRtaW4=",
            "Authorization: Bearer e30.e30.e30",
            "Authorization: Bearer " + "a".repeat(5_000));

    private Faults() {}

    static void plant(Draft draft, Random random) {
        switch (random.nextInt(12)) {
            case 0 -> draft.method = Odd.any(METHODS, random);
            case 1, 2 -> draft.path = path(draft.path, random);
            case 3, 4, 5 -> draft.query.add(query(draft, random));
            case 6 -> replaced(draft, "Content-Type", Odd.any(TYPES, random), random);
            case 7 -> replaced(draft, "Accept", Odd.any(ACCEPTED, random), random);
            case 8 -> {
                if (!draft.headers.isEmpty()) {
                    draft.headers.remove(random.nextInt(draft.headers.size()));
                }
            }
            case 9 -> draft.headers.add("X-" + random.nextInt() + ": " + latin(Odd.any(Odd.TEXTS, random)));
            default -> replaceLine(draft, Odd.any(OTHERS, random), random);
        }
    }

    private static void replaceLine(Draft draft, String line, Random random) {
        String[] parts = line.split(":", 2);
        replaced(draft, parts[0], parts[1].strip(), random);
    }

    /** In its place, or beside it. */
    private static void replaced(Draft draft, String name, String value, Random random) {
        if (random.nextInt(4) > 0) {
            draft.without(name);
        }
        draft.header(name, value);
    }

    private static String path(String path, Random random) {
        // An earlier fault may have left none: the last slash of "/ready" is encoded, say.
        int slash = Math.max(0, path.lastIndexOf('/'));
        return switch (random.nextInt(10)) {
            case 0 -> path + "/";
            case 1 -> path.replaceFirst("/", "//");
            case 2 -> path.substring(0, slash) + "/." + path.substring(slash);
            case 3 -> path + "/../" + path.substring(slash + 1);
            case 4 -> path.replaceFirst("s", "%73");
            case 5 -> path.substring(0, slash) + "%2F" + path.substring(slash + 1);
            case 6 -> path.substring(0, slash + 1) + Odd.any(Odd.ENCODED, random);
            case 7 -> path.substring(0, slash + 1) + Shots.encoded(Odd.any(Odd.TEXTS, random));
            case 8 -> path.substring(0, slash + 1) + Values.uuid(random);
            default ->
                path + Odd.any(List.of(";a=b", "#x", "/x", "%20", ".json", " ", "\u00e4", "x".repeat(9_000)), random);
        };
    }

    private static String query(Draft draft, Random random) {
        String known = draft.query.isEmpty()
                ? Odd.any(List.of("limit", "cursor", "q", "sort", "status", "userId", "expand"), random)
                : draft.query.getFirst().split("=", 2)[0];
        return switch (random.nextInt(8)) {
            case 0 -> "unknown=1";
            case 1 -> known + "=" + Odd.any(Odd.ENCODED, random);
            case 2 -> known;
            case 3 -> "=".repeat(random.nextInt(1, 4));
            case 4 -> "a=1&".repeat(random.nextInt(1, 120));
            case 5 -> known + "=" + "x".repeat(random.nextInt(90, 9_000));
            default -> known + "=" + Shots.encoded(Odd.any(Odd.TEXTS, random));
        };
    }

    /** What the wire can carry in a header without ending it. */
    private static String latin(String text) {
        String line = text.replace("\r", "").replace("\n", "");
        return new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
