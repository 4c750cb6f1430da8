package dev.souk.gateway.http;

import dev.souk.contracts.Fault;
import dev.souk.gateway.problem.FaultProblems;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.ProblemCatalogue;
import dev.souk.gateway.problem.Refusal;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that tells a client what went wrong. What it does not know is a bug: logged here, and told as that. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** In seconds. */
    private static final int LATEST_RETRY = 3;

    private final ProblemCatalogue catalogue;
    private final Responder responder;
    private final RandomGenerator random;

    /** @param random scatters when clients come back, so that they do not come back together */
    Problems(ProblemCatalogue catalogue, Responder responder, RandomGenerator random) {
        this.catalogue = catalogue;
        this.responder = responder;
        this.random = random;
    }

    void tell(HttpServerRequest request, Throwable failure) {
        if (request.response().closed()) {
            LOG.debug("a client went away: {}", failure.toString());
            return;
        }
        tell(request, problem(failure, RequestIds.of(request)));
    }

    void tell(HttpServerRequest request, Problem problem) {
        Answer answer = ProblemDocument.answer(problem, catalogue.kind(problem.slug()), RequestIds.of(request));
        for (Map.Entry<String, String> header :
                FaultProblems.headers(problem.slug()).entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        if (catalogue.kind(problem.slug()).status() == 503) {
            answer = answer.with("Retry-After", Integer.toString(random.nextInt(1, LATEST_RETRY + 1)));
        }
        for (Map.Entry<String, String> header : problem.headers().entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        responder.send(request, answer);
    }

    /** What a client is told of a failure. */
    public static Problem problem(Throwable failure, String requestId) {
        return switch (failure) {
            case Refusal refusal -> refusal.problem();
            case DeadlinePassed late -> FaultProblems.problem(Fault.of(Fault.Code.TIMEOUT, ""));
            case Fault fault -> FaultProblems.problem(fault);
            default -> {
                LOG.atError()
                        .addKeyValue("requestId", requestId)
                        .setCause(failure)
                        .log("a request failed");
                yield FaultProblems.problem(Fault.of(Fault.Code.INTERNAL, ""));
            }
        };
    }
}
