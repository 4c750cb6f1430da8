package dev.souk.gateway.http;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.token.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out who asks, by the access token and nothing else, and whether the contract lets them. */
public final class Authenticator {
    private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([A-Za-z0-9._~+/=-]+) *");

    private final TokenVerifier tokens;

    public Authenticator(TokenVerifier tokens) {
        this.tokens = tokens;
    }

    /** The caller, or empty for an operation that is public. Fails with a 401, a 403, or {@code UNAVAILABLE}. */
    Future<Optional<Caller>> admit(ContractOperation operation, MultiMap headers) {
        if (!operation.authenticated()) {
            return Future.succeededFuture(Optional.empty());
        }
        return token(headers)
                .map(tokens::verify)
                .orElseGet(() ->
                        Future.failedFuture(Fault.of(Fault.Code.UNAUTHENTICATED, "This call needs an access token.")))
                .map(caller -> Optional.of(authorized(operation, caller)));
    }

    private static Optional<String> token(MultiMap headers) {
        List<String> sent = headers.getAll(HttpHeaders.AUTHORIZATION);
        if (sent.size() != 1) {
            return Optional.empty();
        }
        Matcher bearer = BEARER.matcher(sent.getFirst());
        return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
    }

    private static Caller authorized(ContractOperation operation, Caller caller) {
        if (operation.role().filter(role -> role != caller.role()).isPresent()) {
            throw Fault.of(Fault.Code.FORBIDDEN, "Only an admin may do this.");
        }
        return caller;
    }
}
