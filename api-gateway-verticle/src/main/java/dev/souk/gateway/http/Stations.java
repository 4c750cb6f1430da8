package dev.souk.gateway.http;

import dev.souk.contracts.Caller;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.overload.Admission;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Function;

/**
 * What every request passes before it is handled, whatever protocol it came by: admit, authenticate, authorize, validate. Used
 * from one event loop.
 */
public final class Stations {
    private final Admission admission;
    private final Authenticator authenticator;

    public Stations(Admission admission, Authenticator authenticator) {
        this.admission = admission;
        this.authenticator = authenticator;
    }

    /** Begins to watch how busy the calling event loop is. */
    void open(Vertx vertx) {
        admission.open(vertx);
    }

    /**
     * What the handler answers, if it comes to that.
     *
     * @param headers hold the access token
     * @param validate reads and checks the request; not called for a caller who may not ask
     */
    public <T> Future<T> lead(
            ContractOperation operation,
            MultiMap headers,
            Function<Optional<Caller>, Future<ApiRequest>> validate,
            Function<ApiRequest, Future<T>> handler) {
        return admission.admit(
                operation,
                () -> authenticator.admit(operation, headers).compose(validate).compose(handler));
    }
}
