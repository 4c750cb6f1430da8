package dev.souk.gateway.contract;

/** JSON pointers (RFC 6901), short enough to be shown. */
final class Pointers {
    private static final int MAX_LENGTH = 200;

    private Pointers() {}

    /** The pointer to a field of the object that is pointed to. */
    static String child(String pointer, String field) {
        return pointer + "/" + field.replace("~", "~0").replace("/", "~1");
    }

    /** The pointer itself, or its beginning if a client made it very long. */
    static String shown(String pointer) {
        if (pointer.length() <= MAX_LENGTH) {
            return pointer;
        }
        int end = Character.isHighSurrogate(pointer.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
        return pointer.substring(0, end) + "...";
    }
}
