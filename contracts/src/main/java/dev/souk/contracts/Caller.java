package dev.souk.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import java.util.UUID;

/**
 * Who asks, as the gateway has authenticated them. Services check it again themselves.
 *
 * @param userId the user
 * @param role what the user may do
 */
public record Caller(UUID userId, Role role) {
    /** What a user may do. */
    public enum Role {
        @JsonProperty("customer")
        CUSTOMER,
        @JsonProperty("admin")
        ADMIN
    }

    public Caller {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(role, "role");
    }

    public boolean isAdmin() {
        return role == Role.ADMIN;
    }

    /** Whether this caller may see what belongs to that user. */
    public boolean mayActFor(UUID owner) {
        return isAdmin() || userId.equals(owner);
    }
}
