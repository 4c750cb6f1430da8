package dev.souk.gateway.http;

import java.time.Duration;

/**
 * What a connection may cost.
 *
 * @param most how many there are at a time
 * @param mostOfAddress how many of them from one address
 * @param headDeadline how long the head of a request may take to come
 * @param bodyDeadline how long its body may take
 * @param answerDeadline how long a client may take to accept an answer
 */
public record ConnectionConfig(
        int most, int mostOfAddress, Duration headDeadline, Duration bodyDeadline, Duration answerDeadline) {}
