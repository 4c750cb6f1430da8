package dev.souk.contracts;

import static dev.souk.contracts.Operation.operation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.souk.contracts.Caller.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the user service can be asked. */
public interface Users {
    /** Registers a customer. {@code EMAIL_TAKEN}, {@code INVALID_REQUEST} for a common password, {@code OVERLOADED}. */
    Operation<Register, User> REGISTER =
            operation("user.register", Register.class, User.class).within(Duration.ofSeconds(4));

    /** A token for a mail and its password. {@code INVALID_CREDENTIALS}, the same for every reason; {@code OVERLOADED}. */
    Operation<LogIn, Token> LOG_IN =
            operation("user.log-in", LogIn.class, Token.class).within(Duration.ofSeconds(4));

    /**
     * New tokens for a refresh token, which is spent by that. {@code UNAUTHENTICATED} if it is none, is over, or was spent
     * before; then all that its log-in was renewed to is over too. So it is never asked twice: when the answer is lost,
     * the user must log in again.
     */
    Operation<Refresh, Token> REFRESH = operation("user.refresh", Refresh.class, Token.class);

    /** Ends the log-in that a refresh token comes from, whether it was spent or not; any other text changes nothing. */
    Operation<LogOut, Done> LOG_OUT =
            operation("user.log-out", LogOut.class, Done.class).repeatable();

    /**
     * Changes the caller's own account. {@code INVALID_REQUEST}, also for a wrong current password; {@code EMAIL_TAKEN},
     * {@code OVERLOADED}. A new password ends every log-in of the user.
     */
    Operation<Change, User> CHANGE =
            operation("user.change", Change.class, User.class).within(Duration.ofSeconds(4));

    /** One user, for themselves, for an admin, or for another service. {@code NOT_FOUND}. */
    Operation<Get, User> GET = operation("user.get", Get.class, User.class).repeatable();

    /** All users, by name or mail, newest first; for admins. */
    Operation<Find, UserPage> LIST =
            operation("user.list", Find.class, UserPage.class).repeatable();

    /** The public keys that access tokens are checked with, newest first; a new one is among them before it signs. */
    Operation<GetKeys, KeySet> KEYS =
            operation("user.keys", GetKeys.class, KeySet.class).repeatable();

    record Register(String name, String email, String password) {
        @Override
        public String toString() {
            return "Register[name=" + name + ", email=" + email + ", password=***]";
        }
    }

    record LogIn(String email, String password) {
        @Override
        public String toString() {
            return "LogIn[email=" + email + ", password=***]";
        }
    }

    record Refresh(String refreshToken) {
        @Override
        public String toString() {
            return "Refresh[refreshToken=***]";
        }
    }

    record LogOut(String refreshToken) {
        @Override
        public String toString() {
            return "LogOut[refreshToken=***]";
        }
    }

    /**
     * What is null stays as it is.
     *
     * @param currentPassword is needed where the mail or the password is to change
     */
    record Change(String name, String email, String currentPassword, String newPassword) {
        @Override
        public String toString() {
            return "Change[name=" + name + ", email=" + email + ", currentPassword=***, newPassword=***]";
        }
    }

    record Get(UUID userId) {}

    record Find(String q, Integer limit, String cursor) {}

    record GetKeys() {}

    record User(UUID id, String name, String email, Role role, Instant createdAt) {}

    record UserPage(List<User> items, String nextCursor) {
        public UserPage {
            items = List.copyOf(items);
        }
    }

    /**
     * @param refreshToken good once, for new ones
     * @param expiresIn for how many seconds the access token is good
     */
    record Token(String accessToken, String refreshToken, String tokenType, long expiresIn) {
        @Override
        public String toString() {
            return "Token[accessToken=***, refreshToken=***, expiresIn=" + expiresIn + "]";
        }
    }

    /** A JSON Web Key Set (RFC 7517): the public halves only. */
    record KeySet(@JsonProperty("keys") List<Map<String, String>> keys) {
        public KeySet {
            keys = List.copyOf(keys);
        }
    }
}
