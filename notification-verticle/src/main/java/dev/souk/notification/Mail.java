package dev.souk.notification;

import java.util.Objects;
import java.util.UUID;

/**
 * What a user is to be told.
 *
 * @param orderId null if it is not about an order
 * @param body without greeting, which needs the recipient
 */
record Mail(UUID userId, UUID orderId, String subject, String body) {
    Mail {
        Objects.requireNonNull(userId, "userId");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(body, "body");
    }
}
