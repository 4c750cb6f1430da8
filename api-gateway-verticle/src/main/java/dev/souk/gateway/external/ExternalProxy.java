package dev.souk.gateway.external;

import dev.souk.contracts.Fault;
import dev.souk.gateway.external.NotAnswered.Why;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.problem.Problem;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.ProxyResponse;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes requests on to external services. Another instance is asked if one cannot be connected to, and if the connection
 * breaks during a request that may be repeated and had no body.
 */
final class ExternalProxy {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalProxy.class);
    private static final int MOST_ATTEMPTS = 3;
    private static final int IDLE_SECONDS = 60;
    /** Shorter than any server's, so that a request seldom meets a connection that is being closed. */
    private static final int KEPT_SECONDS = 2;

    private static final Set<HttpMethod> REPEATABLE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private final Vertx vertx;
    private final ExternalConfig config;
    private final ExternalServices services;
    private final HttpClient client;

    /** What came of one attempt that is not held against the instance. */
    private sealed interface Outcome {
        record Answered(Exchange exchange, ProxyResponse response) implements Outcome {}

        record OwnFault(Throwable failure) implements Outcome {}
    }

    ExternalProxy(Vertx vertx, ExternalConfig config, ExternalServices services) {
        this.vertx = vertx;
        this.config = config;
        this.services = services;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setVerifyHost(true)
                        .setConnectTimeout((int) config.connectTimeout().toMillis())
                        .setIdleTimeout(IDLE_SECONDS)
                        .setKeepAliveTimeout(KEPT_SECONDS),
                new PoolOptions().setHttp1MaxSize(config.connections()).setMaxWaitQueueSize(config.connections()));
    }

    /** What the service answers, whatever it is. Fails with what the client is told if it does not answer. */
    Future<Answer> relay(ApiRequest request) {
        ExternalTarget target =
                ExternalTarget.of(request.unread().path(), request.unread().query());
        ExternalService service = services.find(target.service());
        refuseOldClients(request);
        refuseTooLarge(request);
        return service.pick()
                .map(instance -> attempt(request, target, service, instance, new HashSet<>()))
                .orElseGet(() -> Future.failedFuture(noneFree(service)));
    }

    Future<Void> close() {
        return client.close();
    }

    private Future<Answer> attempt(
            ApiRequest request,
            ExternalTarget target,
            ExternalService service,
            ExternalInstance instance,
            Set<ExternalInstance> tried) {
        tried.add(instance);
        return instance.run(() -> ask(request, target, instance))
                .recover(ExternalProxy::evenIfItFails)
                .compose(outcome -> answer(outcome, instance))
                .recover(failure -> {
                    noteFailure(instance, failure);
                    Optional<ExternalInstance> other = mayRepeat(request, failure) && tried.size() < MOST_ATTEMPTS
                            ? service.pickOther(tried)
                            : Optional.empty();
                    return other.map(next -> attempt(request, target, service, next, tried))
                            .orElseGet(() -> Future.failedFuture(told(failure, service)));
                });
    }

    /** Fails when the instance is to blame: a 4xx is an answer like any other. */
    private Future<Outcome> ask(ApiRequest request, ExternalTarget target, ExternalInstance instance) {
        Exchange exchange = new Exchange(vertx, config, request, instance);
        return exchange.begin(client, target).transform(begun -> {
            if (begun.failed()) {
                return begun.cause() instanceof NotAnswered
                        ? Future.failedFuture(begun.cause())
                        : Future.succeededFuture(new Outcome.OwnFault(begun.cause()));
            }
            Outcome.Answered answered = new Outcome.Answered(exchange, begun.result());
            return begun.result().getStatusCode() < 500
                    ? Future.succeededFuture(answered)
                    : Future.failedFuture(new ServerError(answered));
        });
    }

    /** A 5xx counts against the instance, and is the client's answer all the same. */
    private static Future<Outcome> evenIfItFails(Throwable failure) {
        return failure instanceof ServerError error
                ? Future.succeededFuture(error.answered)
                : Future.failedFuture(failure);
    }

    private static Future<Answer> answer(Outcome outcome, ExternalInstance instance) {
        return switch (outcome) {
            case Outcome.OwnFault own -> Future.failedFuture(own.failure());
            case Outcome.Answered answered -> Future.succeededFuture(Answer.relayed(relaying(answered, instance)));
        };
    }

    private static Supplier<Future<Void>> relaying(Outcome.Answered answered, ExternalInstance instance) {
        return () -> {
            ProxyResponse response = answered.response();
            Redirects.lead(response.headers(), instance.entry());
            RelayedHeaders.toClient(
                    response.headers(),
                    response.request().proxiedRequest().response().headers());
            if (response.getStatusCode() == 204) {
                response.setBody(null);
            }
            return answered.exchange().finish(response);
        };
    }

    private static void noteFailure(ExternalInstance instance, Throwable failure) {
        if (failure instanceof NotAnswered lost) {
            LOG.debug("{} did not answer: {} ({})", instance, lost.why(), lost.getMessage());
            if (lost.why() == Why.NOT_REACHED) {
                instance.failed("cannot be connected to");
            }
        }
    }

    private static boolean mayRepeat(ApiRequest request, Throwable failure) {
        return failure instanceof OpenCircuitException
                || failure instanceof NotAnswered lost
                        && (lost.why() == Why.NOT_REACHED || lost.why() == Why.BROKEN && isRepeatable(request));
    }

    private static boolean isRepeatable(ApiRequest request) {
        return REPEATABLE.contains(request.unread().method()) && !request.bringsBody();
    }

    private static Throwable told(Throwable failure, ExternalService service) {
        return switch (failure) {
            case NotAnswered lost
            when lost.why() == Why.TOO_SLOW ->
                Problem.of("gateway-timeout", "The service did not answer in time.")
                        .refusal();
            case NotAnswered lost
            when lost.why() == Why.BROKEN ->
                Problem.of("bad-gateway", "The service hung up before it had answered.")
                        .refusal();
            case NotAnswered lost -> noneWell();
            case OpenCircuitException open -> noneWell();
            default -> failure;
        };
    }

    private static Throwable noneFree(ExternalService service) {
        return service.isBusy()
                ? Fault.of(Fault.Code.OVERLOADED, "The service has more to do than it can.")
                : noneWell();
    }

    private static Throwable noneWell() {
        return Problem.of("service-unavailable", "No instance of this service is well.")
                .refusal();
    }

    /** An answer of unknown length would have to be kept whole for them. */
    private static void refuseOldClients(ApiRequest request) {
        if (request.unread().version() == HttpVersion.HTTP_1_0) {
            throw Fault.invalid("", "external services are reached by HTTP/1.1 or newer");
        }
    }

    private void refuseTooLarge(ApiRequest request) {
        String announced = request.unread().getHeader("Content-Length");
        if (announced != null && Long.parseLong(announced) > config.maxBody()) {
            throw BoundedBody.tooLarge(config.maxBody());
        }
    }

    private static final class ServerError extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Outcome.Answered answered;

        private ServerError(Outcome.Answered answered) {
            super("status " + answered.response().getStatusCode(), null, false, false);
            this.answered = answered;
        }
    }
}
