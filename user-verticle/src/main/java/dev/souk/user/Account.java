package dev.souk.user;

import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Users;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A user as they are stored.
 *
 * @param email as it was given; two that differ in case only are the same
 * @param passwordHash in Argon2's encoded form, which names its own parameters and salt
 */
record Account(UUID id, String name, String email, Role role, String passwordHash, Instant createdAt) {
    Account {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(passwordHash, "passwordHash");
        Objects.requireNonNull(createdAt, "createdAt");
    }

    /** What others may see of it. */
    Users.User toUser() {
        return new Users.User(id, name, email, role, createdAt);
    }

    @Override
    public String toString() {
        return "Account[id=" + id + ", role=" + role + "]";
    }
}
