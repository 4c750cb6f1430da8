package dev.souk.gateway.http;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.limit.RateLimits;
import dev.souk.gateway.overload.Admission;
import dev.souk.gateway.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.Optional;
import java.util.function.Function;

/**
 * What every connection and every request passes before it is handled, whatever protocol it comes by: counted, admitted,
 * authenticated, authorized, counted again, validated. Used from one event loop.
 */
public final class Stations {
    private final ClientAddresses clients;
    private final Connections connections;
    private final RateLimits limits;
    private final Admission admission;
    private final Authenticator authenticator;

    public Stations(ServerConfig config, RateLimits limits, Admission admission, Authenticator authenticator) {
        this.clients = new ClientAddresses(config.proxies());
        this.connections = new Connections(config.connections(), clients);
        this.limits = limits;
        this.admission = admission;
        this.authenticator = authenticator;
    }

    /** Begins to watch how busy the calling event loop is. */
    void open(Vertx vertx) {
        admission.open(vertx);
    }

    /** Takes a connection in, or closes it. */
    public void connected(HttpConnection connection) {
        connections.opened(connection);
    }

    /** Where a client is, as far as it cannot choose that itself. */
    public Client client(HttpConnection connection, MultiMap asked) {
        return clients.of(connection, asked);
    }

    /**
     * Counts a request before anything is done that costs more than counting.
     *
     * @param told is told what is left
     * @return the problem to answer with, if it is one too many from its address
     */
    public Optional<Problem> limited(HttpConnection connection, MultiMap asked, MultiMap told) {
        return limits.request(client(connection, asked).network(), told);
    }

    /**
     * What the handler answers, if it comes to that.
     *
     * @param asked holds the access token
     * @param told is told how much more its user may ask
     * @param validate reads and checks the request; not called for a caller who may not ask
     */
    public <T> Future<T> lead(
            ContractOperation operation,
            MultiMap asked,
            MultiMap told,
            Function<Optional<Caller>, Future<ApiRequest>> validate,
            Function<ApiRequest, Future<T>> handler) {
        return admission.admit(
                operation,
                () -> authenticator
                        .admit(operation, asked)
                        .map(caller -> counted(caller, told))
                        .compose(validate),
                request -> inTime(request, handler));
    }

    /** That a client waits too short a time must not look as if the services were slow, which would keep others out. */
    private static <T> Future<T> inTime(ApiRequest request, Function<ApiRequest, Future<T>> handler) {
        return handler.apply(request)
                .recover(failure -> Future.failedFuture(
                        isTimeout(failure) && request.hasNoTime() ? new DeadlinePassed() : failure));
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof Fault fault && fault.code() == Fault.Code.TIMEOUT;
    }

    private Optional<Caller> counted(Optional<Caller> caller, MultiMap told) {
        caller.ifPresent(known -> limits.request(known.userId(), told));
        return caller;
    }
}
