package dev.souk.kit.bus;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What travels with every call beside its request: which client request it serves, for whom, and until when.
 *
 * @param requestId the id of the client's request, in every log line and problem
 * @param caller who asks; empty for the public, and for a service that acts on its own
 * @param deadline when the first caller stops waiting
 */
public record CallContext(String requestId, Optional<Caller> caller, Deadline deadline) {

    public CallContext {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(deadline, "deadline");
    }

    /** The context of work that a service does on its own. */
    public static CallContext ofService(String requestId, Duration limit) {
        return new CallContext(requestId, Optional.empty(), Deadline.in(limit));
    }

    /** Who asks. @throws Fault {@code UNAUTHENTICATED} if nobody is known to */
    public Caller requireCaller() {
        return caller.orElseThrow(() -> Fault.of(Fault.Code.UNAUTHENTICATED, "Log in first."));
    }

    /** The admin who asks. @throws Fault {@code UNAUTHENTICATED} or {@code FORBIDDEN} */
    public Caller requireAdmin() {
        Caller asking = requireCaller();
        if (!asking.isAdmin()) {
            throw Fault.of(Fault.Code.FORBIDDEN, "Only an admin may do this.");
        }
        return asking;
    }

    /** The same caller and request with a deadline no later than so far from now. */
    public CallContext within(Duration limit) {
        Deadline nearer = Deadline.in(limit);
        return nearer.nanoTime() - deadline.nanoTime() < 0 ? new CallContext(requestId, caller, nearer) : this;
    }
}
