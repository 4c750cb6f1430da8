package dev.souk.gateway;

import java.util.Locale;

/** What a constant is called in JSON where the contract has it in small letters. */
final class JsonName {
    private JsonName() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
