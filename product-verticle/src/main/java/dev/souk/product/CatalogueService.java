package dev.souk.product;

import static dev.souk.contracts.Fault.Code.PRECONDITION_FAILED;
import static dev.souk.contracts.Fault.Code.SKU_TAKEN;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Product;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.db.Page;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** What the shop offers, and at what price. */
final class CatalogueService {
    private final ProductRepository products;
    private final CatalogueStore catalogue;
    private final Runnable eventsWritten;
    private final Supplier<UUID> ids;
    private final Clock clock;

    /** @param eventsWritten is told when a change, and with it an event, was committed */
    CatalogueService(
            ProductRepository products,
            CatalogueStore catalogue,
            Runnable eventsWritten,
            Supplier<UUID> ids,
            Clock clock) {
        this.products = products;
        this.catalogue = catalogue;
        this.eventsWritten = eventsWritten;
        this.ids = ids;
        this.clock = clock;
    }

    Future<Products.ProductPage> list(Products.Find request, CallContext context) {
        Products.Sort sort = Objects.requireNonNullElse(request.sort(), Products.Sort.NAME);
        String q = ProductRules.search(request.q());
        return products.page(sort, q, Page.limit(request.limit()), Optional.ofNullable(request.cursor()))
                .map(page -> new Products.ProductPage(page.items(), page.nextCursor()));
    }

    Future<Product> get(Products.Get request, CallContext context) {
        return products.find(ProductRules.id(request.productId(), "/productId")).map(CatalogueService::orNotFound);
    }

    Future<Products.ProductList> lookup(Products.Lookup request, CallContext context) {
        return products.lookup(ProductRules.ids(request.productIds())).map(Products.ProductList::new);
    }

    /** The prices that an order is made with. */
    Future<Products.Quotation> quote(Products.Quote request, CallContext context) {
        return products.quote(ProductRules.ids(request.productIds())).map(Products.Quotation::new);
    }

    Future<Product> create(Products.Create request, CallContext context) {
        Caller admin = context.requireAdmin();
        NewProduct product = NewProduct.of(request);
        return catalogue
                .insert(ids.get(), product, admin.userId(), clock.instant())
                .onSuccess(written -> eventsWritten.run())
                .map(created -> created.orElseThrow(() -> skuTaken(product)));
    }

    Future<Product> change(Products.Change request, CallContext context) {
        context.requireAdmin();
        ProductEdit edit = ProductEdit.of(request);
        return catalogue
                .update(edit, clock.instant())
                .onSuccess(written -> eventsWritten.run())
                .compose(changed -> changed.map(Future::succeededFuture).orElseGet(() -> whyUnchanged(edit)));
    }

    /** Archiving what is archived is done already: the answer to the first request may have been lost. */
    Future<Done> archive(Products.Archive request, CallContext context) {
        context.requireAdmin();
        return catalogue
                .archive(ProductRules.id(request.productId(), "/productId"), clock.instant())
                .onSuccess(written -> eventsWritten.run())
                .map(known -> {
                    if (!known) {
                        throw Fault.notFound("product");
                    }
                    return Done.DONE;
                });
    }

    private Future<Product> whyUnchanged(ProductEdit edit) {
        return products.find(edit.productId()).map(CatalogueService::orNotFound).map(product -> {
            throw Fault.of(PRECONDITION_FAILED, "The product was changed since you read it.");
        });
    }

    private static Fault skuTaken(NewProduct product) {
        return Fault.of(SKU_TAKEN, "There is a product with the sku " + product.sku() + " already.");
    }

    private static Product orNotFound(Optional<Product> found) {
        return found.orElseThrow(() -> Fault.notFound("product"));
    }
}
