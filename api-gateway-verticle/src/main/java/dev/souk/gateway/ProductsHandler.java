package dev.souk.gateway;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Product;
import dev.souk.contracts.Products.Sort;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.http.EntityTag;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.WireFormat;
import io.vertx.core.Future;
import java.util.Map;

/** The catalogue and its stock, over HTTP. */
final class ProductsHandler {
    private static final int MAX_ATTRIBUTES_BYTES = 8 * 1024;

    private static final Map<String, Sort> SORTS = Map.of(
            "name", Sort.NAME,
            "price", Sort.PRICE,
            "-price", Sort.PRICE_DESCENDING,
            "newest", Sort.NEWEST);

    private record ChangeBody(String name, String description, Map<String, Object> attributes, Money price) {}

    private record StockBody(long delta, String reason) {}

    private final Bus bus;

    ProductsHandler(Bus bus) {
        this.bus = bus;
    }

    Future<Answer> list(ApiRequest request) {
        Products.Find find = new Products.Find(
                request.text("q").orElse(null),
                SORTS.get(request.required("sort")),
                request.number("limit").orElse(null),
                request.text("cursor").orElse(null));
        return bus.call(Products.LIST, find, request.context()).map(Answer::ok).map(ProductsHandler::revalidated);
    }

    Future<Answer> get(ApiRequest request) {
        return bus.call(Products.GET, new Products.Get(request.uuid("productId")), request.context())
                .map(product -> isHeld(request, product) ? Answer.notModified(ProductTag.of(product)) : shown(product))
                .map(ProductsHandler::revalidated);
    }

    Future<Answer> create(ApiRequest request) {
        Products.Create create = request.body(Products.Create.class);
        requireSmall(create.attributes());
        return bus.call(Products.CREATE, create, request.context())
                .map(product -> Answer.created("/api/v1/products/" + product.id(), product)
                        .with("ETag", ProductTag.of(product)));
    }

    Future<Answer> change(ApiRequest request) {
        ChangeBody body = request.body(ChangeBody.class);
        requireSmall(body.attributes());
        Products.Change change = new Products.Change(
                request.uuid("productId"),
                expectedVersion(request),
                body.name(),
                body.description(),
                body.attributes(),
                body.price());
        return bus.call(Products.CHANGE, change, request.context()).map(ProductsHandler::shown);
    }

    Future<Answer> archive(ApiRequest request) {
        return bus.call(Products.ARCHIVE, new Products.Archive(request.uuid("productId")), request.context())
                .map(Answer.done());
    }

    Future<Answer> stock(ApiRequest request) {
        return bus.call(Products.GET_STOCK, new Products.GetStock(request.uuid("productId")), request.context())
                .map(Answer::ok);
    }

    Future<Answer> adjustStock(ApiRequest request) {
        StockBody body = request.body(StockBody.class);
        Products.AdjustStock adjust = new Products.AdjustStock(
                request.uuid("productId"), request.required("Idempotency-Key"), body.delta(), body.reason());
        return bus.call(Products.ADJUST_STOCK, adjust, request.context()).map(Answer::ok);
    }

    private static boolean isHeld(ApiRequest request, Product product) {
        return request.text("If-None-Match")
                .filter(held -> EntityTag.isNamed(ProductTag.of(product), held))
                .isPresent();
    }

    private static Answer shown(Product product) {
        return Answer.ok(product).with("ETag", ProductTag.of(product));
    }

    /** May be kept, but not shown again without asking: stock and prices change at any moment. */
    private static Answer revalidated(Answer answer) {
        return answer.with("Cache-Control", "no-cache");
    }

    private static long expectedVersion(ApiRequest request) {
        return ProductTag.version(request.required("If-Match"))
                .orElseThrow(() -> Fault.of(
                        Fault.Code.PRECONDITION_FAILED, "If-Match is not the ETag of any version of this product."));
    }

    private static void requireSmall(Map<String, Object> attributes) {
        if (attributes != null && WireFormat.encode(attributes).length() > MAX_ATTRIBUTES_BYTES) {
            throw Fault.invalid("/attributes", "must be " + MAX_ATTRIBUTES_BYTES / 1024 + " KiB of JSON at most");
        }
    }
}
