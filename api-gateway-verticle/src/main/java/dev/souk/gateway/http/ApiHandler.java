package dev.souk.gateway.http;

import io.vertx.core.Future;

/** Serves one operation of the contract; what it is given is valid, and its caller is known if the contract asks for one. */
@FunctionalInterface
public interface ApiHandler {
    Future<Answer> handle(ApiRequest request);
}
