package dev.souk.user;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Users.Change;
import dev.souk.contracts.Users.Register;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an account must be like. Lengths count characters as people do: in code points. */
final class AccountRules {
    private static final int MAX_NAME = 100;
    private static final int MAX_EMAIL = 254;
    private static final int MIN_PASSWORD = 8;
    private static final int MAX_PASSWORD = 128;
    private static final Pattern EMAIL =
            Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+", Pattern.UNICODE_CHARACTER_CLASS);

    private final CommonPasswords common;

    AccountRules(CommonPasswords common) {
        this.common = common;
    }

    /** The registration with name and mail trimmed. @throws Fault {@code INVALID_REQUEST} naming all that is wrong */
    Register check(Register asked) {
        Register trimmed = new Register(
                orEmpty(asked.name()).strip(), orEmpty(asked.email()).strip(), orEmpty(asked.password()));
        refuse(Stream.of(
                violation("/name", wrongName(trimmed.name())),
                violation("/email", wrongEmail(trimmed.email())),
                violation("/password", wrongPassword(trimmed.password(), trimmed.name(), trimmed.email()))));
        return trimmed;
    }

    /**
     * The change with name and mail trimmed, and null for what is so already. Another mail or password needs the current
     * password, which is not compared here. @throws Fault {@code INVALID_REQUEST} naming all that is wrong
     */
    Change check(Change asked, Account account) {
        String name = changed(asked.name(), account.name());
        String email = changed(asked.email(), account.email());
        Change trimmed = new Change(name, email, asked.currentPassword(), asked.newPassword());
        refuse(Stream.of(
                violation("/name", Optional.ofNullable(name).flatMap(AccountRules::wrongName)),
                violation("/email", Optional.ofNullable(email).flatMap(AccountRules::wrongEmail)),
                violation("/newPassword", wrongNewPassword(trimmed, account)),
                violation("/currentPassword", missingPassword(trimmed))));
        return trimmed;
    }

    /** Whether a change is only for who knows the password. */
    static boolean needsPassword(Change change) {
        return change.email() != null || change.newPassword() != null;
    }

    /** @throws Fault {@code INVALID_REQUEST} if it is not there */
    static <T> T required(String pointer, T value) {
        if (value == null) {
            throw Fault.invalid(pointer, "must be given");
        }
        return value;
    }

    /** Whether an account could have this address. */
    boolean isEmail(String text) {
        return wrongEmail(text).isEmpty();
    }

    private static Optional<String> wrongName(String name) {
        if (name.isEmpty() || length(name) > MAX_NAME) {
            return Optional.of("must be 1 to " + MAX_NAME + " characters");
        }
        return isText(name) && name.codePoints().noneMatch(Character::isISOControl)
                ? Optional.empty()
                : Optional.of("must not hold control characters");
    }

    private static Optional<String> wrongEmail(String email) {
        if (length(email) > MAX_EMAIL) {
            return Optional.of("must be at most " + MAX_EMAIL + " characters");
        }
        return isText(email) && EMAIL.matcher(email).matches()
                ? Optional.empty()
                : Optional.of("must be an e-mail address");
    }

    private static String changed(String wanted, String present) {
        return Optional.ofNullable(wanted)
                .map(String::strip)
                .filter(stripped -> !stripped.equals(present))
                .orElse(null);
    }

    private Optional<String> wrongNewPassword(Change change, Account account) {
        return Optional.ofNullable(change.newPassword())
                .flatMap(password -> wrongPassword(
                        password,
                        Objects.requireNonNullElse(change.name(), account.name()),
                        Objects.requireNonNullElse(change.email(), account.email())));
    }

    private static Optional<String> missingPassword(Change change) {
        return needsPassword(change) && change.currentPassword() == null
                ? Optional.of("must be given to change the e-mail address or the password")
                : Optional.empty();
    }

    private Optional<String> wrongPassword(String password, String name, String email) {
        if (length(password) < MIN_PASSWORD || length(password) > MAX_PASSWORD) {
            return Optional.of("must be " + MIN_PASSWORD + " to " + MAX_PASSWORD + " characters");
        }
        if (!isText(password)) {
            return Optional.of("must be valid Unicode");
        }
        if (common.contains(password)) {
            return Optional.of("is one of the most common passwords");
        }
        return isSame(password, email) || isSame(password, name)
                ? Optional.of("must not be the name or the e-mail address")
                : Optional.empty();
    }

    private static void refuse(Stream<Optional<Violation>> possible) {
        List<Violation> violations = possible.flatMap(Optional::stream).toList();
        if (!violations.isEmpty()) {
            String detail = violations.stream()
                    .map(violation -> violation.pointer() + ": " + violation.detail())
                    .collect(Collectors.joining("; "));
            throw Fault.of(Fault.Code.INVALID_REQUEST, detail, violations);
        }
    }

    private static Optional<Violation> violation(String pointer, Optional<String> wrong) {
        return wrong.map(detail -> new Violation(pointer, detail));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Half a surrogate pair becomes a question mark in UTF-8: different texts would be stored and hashed as one. */
    private static boolean isText(String text) {
        return text.codePoints().noneMatch(point -> Character.getType(point) == Character.SURROGATE);
    }

    private static boolean isSame(String one, String other) {
        return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }

    private static String orEmpty(String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
