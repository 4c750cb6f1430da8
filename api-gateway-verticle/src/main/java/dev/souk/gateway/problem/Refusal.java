package dev.souk.gateway.problem;

/** A request that the gateway refuses for a reason of HTTP, which no service knows. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refusal(Problem problem) {
        // An answer, not a bug: nobody reads its stack trace.
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
