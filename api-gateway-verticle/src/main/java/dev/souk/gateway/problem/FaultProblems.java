package dev.souk.gateway.problem;

import static java.util.Map.entry;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Code;
import java.util.Map;

/** Which problem a client is told when a service refuses. */
public final class FaultProblems {
    private static final Map<Code, String> SLUGS = Map.ofEntries(
            entry(Code.INVALID_REQUEST, "invalid-request"),
            entry(Code.UNAUTHENTICATED, "unauthenticated"),
            entry(Code.INVALID_CREDENTIALS, "invalid-credentials"),
            entry(Code.FORBIDDEN, "forbidden"),
            entry(Code.NOT_FOUND, "not-found"),
            entry(Code.EMAIL_TAKEN, "email-taken"),
            entry(Code.SKU_TAKEN, "sku-taken"),
            entry(Code.STOCK_NEGATIVE, "stock-negative"),
            entry(Code.PRECONDITION_FAILED, "precondition-failed"),
            entry(Code.PRODUCT_NOT_FOUND, "product-not-found"),
            entry(Code.IDEMPOTENCY_KEY_REUSED, "idempotency-key-reused"),
            entry(Code.REQUEST_IN_PROGRESS, "request-in-progress"),
            entry(Code.OVERLOADED, "overloaded"),
            entry(Code.UNAVAILABLE, "service-unavailable"),
            entry(Code.TIMEOUT, "service-unavailable"),
            entry(Code.INTERNAL, "internal-error"),
            entry(Code.ORDER_NOT_CANCELLABLE, "order-not-cancellable"),
            entry(Code.ILLEGAL_TRANSITION, "illegal-transition"));

    /** What is told instead of words that were meant for the operator. */
    private static final Map<Code, String> OWN_WORDS = Map.of(
            Code.UNAVAILABLE, "A part of the shop that this call needs does not answer.",
            Code.TIMEOUT, "A part of the shop that this call needs did not answer in time.",
            Code.INTERNAL, "The request could not be answered because of an error on our side.");

    private static final Map<String, Map<String, String>> HEADERS = Map.of(
            "request-in-progress", Map.of("Retry-After", "1"),
            "unauthenticated", Map.of("WWW-Authenticate", "Bearer realm=\"souk\""),
            "invalid-credentials", Map.of("WWW-Authenticate", "Bearer realm=\"souk\""));

    private FaultProblems() {}

    public static Problem problem(Fault fault) {
        String slug = SLUGS.get(fault.code());
        return Problem.of(fault, slug, OWN_WORDS.getOrDefault(fault.code(), fault.getMessage()));
    }

    /** The headers that go with every problem of a kind. */
    public static Map<String, String> headers(String slug) {
        return HEADERS.getOrDefault(slug, Map.of());
    }
}
