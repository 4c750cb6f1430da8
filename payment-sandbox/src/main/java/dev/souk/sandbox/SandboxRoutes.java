package dev.souk.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes, and what is answered where there is none. */
final class SandboxRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxRoutes.class);
    private static final int MAX_BODY_BYTES = 64 * 1024;

    private SandboxRoutes() {}

    static Router of(Vertx vertx, Provider provider, Ledger ledger, Interference interference) {
        SandboxHandlers handlers = new SandboxHandlers(provider, ledger, interference);
        BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);
        Router router = Router.router(vertx);
        router.post("/v1/charges").handler(handlers::hangUpIfDown);
        router.post("/v1/charges").handler(body).handler(handlers::charge);
        router.post("/v1/refunds").handler(handlers::hangUpIfDown);
        router.post("/v1/refunds").handler(body).handler(handlers::refund);
        router.get("/v1/charges/:key").handler(handlers::standing);
        router.get("/v1/ledger").handler(handlers::ledger);
        router.get("/v1/faults").handler(handlers::faults);
        router.put("/v1/faults").handler(body).handler(handlers::setFaults);
        router.get("/health").handler(handlers::health);
        refuseOthers(router, "/v1/charges", "POST");
        refuseOthers(router, "/v1/refunds", "POST");
        refuseOthers(router, "/v1/charges/:key", "GET");
        refuseOthers(router, "/v1/ledger", "GET");
        refuseOthers(router, "/v1/faults", "GET, PUT");
        refuseOthers(router, "/health", "GET");
        router.route().last().handler(context -> SandboxHandlers.send(context, notFound()));
        router.route().failureHandler(SandboxRoutes::fail);
        return router;
    }

    private static void refuseOthers(Router router, String path, String allowed) {
        router.route(path).handler(context -> {
            context.response().putHeader(HttpHeaders.ALLOW, allowed);
            HttpMethod method = context.request().method();
            SandboxHandlers.send(
                    context,
                    Reply.Answer.error(
                            405, "method_not_allowed", method + " is not possible here, only " + allowed + "."));
        });
    }

    private static void fail(RoutingContext context) {
        SandboxHandlers.send(
                context,
                switch (context.failure()) {
                    case Refusal refusal -> refusal.answer();
                    case LedgerUnavailable unavailable ->
                        Reply.Answer.error(503, "unavailable", unavailable.getMessage());
                    case HttpException http -> unreadable(http.getStatusCode());
                    case null -> unreadable(context.statusCode());
                    default -> bug(context.failure());
                });
    }

    /** What vertx-web refuses by itself. */
    private static Reply.Answer unreadable(int status) {
        return switch (status) {
            case 404 -> notFound();
            case 413 ->
                Reply.Answer.error(413, "payload_too_large", "A body may have " + MAX_BODY_BYTES + " bytes at most.");
            default -> Reply.Answer.error(status, "invalid_request", "The request cannot be read.");
        };
    }

    private static Reply.Answer bug(Throwable failure) {
        LOG.error("a request failed", failure);
        return Reply.Answer.error(500, "internal_error", "Something went wrong.");
    }

    private static Reply.Answer notFound() {
        return Reply.Answer.error(404, "not_found", "There is nothing here.");
    }
}
