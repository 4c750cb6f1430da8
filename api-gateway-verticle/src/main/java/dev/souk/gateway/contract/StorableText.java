package dev.souk.gateway.contract;

/** Text that PostgreSQL can keep: well-formed Unicode without U+0000. */
final class StorableText {
    static final String REFUSAL = "holds a character that cannot be kept: U+0000 or half a surrogate pair";

    private StorableText() {}

    static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
