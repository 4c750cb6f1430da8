package dev.souk.notification;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Whom a mail goes to.
 *
 * @param name as the user gave it; it may hold anything and stands in no header
 * @param email goes into the mail's envelope: it holds nothing that could end a line or an address
 */
record Recipient(String name, String email) {
    private static final Pattern EMAIL = Pattern.compile("[^\\s\\p{Cntrl}<>@,]+@[^\\s\\p{Cntrl}<>@,]+");

    Recipient {
        Objects.requireNonNull(name, "name");
        if (email == null || !EMAIL.matcher(email).matches()) {
            throw new IllegalArgumentException("email: is no mail address");
        }
    }
}
