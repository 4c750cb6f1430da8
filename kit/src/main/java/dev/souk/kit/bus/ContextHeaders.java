package dev.souk.kit.bus;

import dev.souk.contracts.Caller;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The headers of a bus message: the operation's name and the {@link CallContext}. */
final class ContextHeaders {
    static final String OPERATION = "operation";
    private static final String REQUEST_ID = "request-id";
    private static final String CALLER_ID = "caller-id";
    private static final String CALLER_ROLE = "caller-role";
    private static final String REMAINING_MILLIS = "remaining-ms";

    private ContextHeaders() {}

    static MultiMap write(String operation, CallContext context) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set(OPERATION, operation)
                .set(REQUEST_ID, context.requestId())
                .set(
                        REMAINING_MILLIS,
                        Long.toString(context.deadline().remaining().toMillis()));
        context.caller()
                .ifPresent(caller -> headers.set(CALLER_ID, caller.userId().toString())
                        .set(CALLER_ROLE, caller.role().name()));
        return headers;
    }

    /** @throws RuntimeException if a header is missing or not of its form */
    static CallContext read(MultiMap headers) {
        Optional<Caller> caller = Optional.ofNullable(headers.get(CALLER_ID))
                .map(id -> new Caller(UUID.fromString(id), Caller.Role.valueOf(headers.get(CALLER_ROLE))));
        Duration remaining = Duration.ofMillis(Long.parseLong(headers.get(REMAINING_MILLIS)));
        return new CallContext(headers.get(REQUEST_ID), caller, Deadline.in(remaining));
    }
}
