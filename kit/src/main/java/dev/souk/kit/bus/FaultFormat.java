package dev.souk.kit.bus;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.souk.contracts.Fault;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;

/**
 * A fault as the failure of a bus message: its number as the failure code and the rest as JSON in the failure message,
 * because only the base class of {@link ReplyException} crosses nodes whole.
 */
final class FaultFormat {

    private record Body(String detail, List<Fault.Violation> violations) {}

    private FaultFormat() {}

    static String message(Fault fault) {
        try {
            return WireFormat.mapper().writeValueAsString(new Body(fault.getMessage(), fault.violations()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The fault that a failed request carries. */
    static Fault read(String operation, ReplyException failure) {
        if (failure.failureType() == ReplyFailure.TIMEOUT) {
            return Fault.of(Fault.Code.TIMEOUT, "No answer to " + operation + " in time.");
        }
        if (failure.failureType() != ReplyFailure.RECIPIENT_FAILURE) {
            return Fault.of(Fault.Code.UNAVAILABLE, "Nobody serves " + operation + " at the moment.");
        }
        try {
            Body body = WireFormat.mapper().readValue(failure.getMessage(), Body.class);
            List<Fault.Violation> violations = body.violations() == null ? List.of() : body.violations();
            return Fault.of(Fault.Code.of(failure.failureCode()), body.detail(), violations);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Fault.of(Fault.Code.INTERNAL, "An answer to " + operation + " could not be read.");
        }
    }
}
