package dev.souk.gateway.external;

import dev.souk.contracts.Registry;
import dev.souk.contracts.Registry.Entry;
import dev.souk.contracts.Registry.Register;
import dev.souk.contracts.Registry.Remove;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.discovery.Discovery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All services, those of the shop and those outside of it, over HTTP; and the way to the latter. */
public final class ExternalServicesHandler {
    private record Services(List<ServiceView> items, String nextCursor) {}

    private final Bus bus;
    private final Discovery discovery;
    private final Supplier<Future<Map<String, String>>> status;
    private final ExternalServices services;
    private final ExternalProxy proxy;

    /** @param status how each service of the shop does, by its name: {@code UP} or {@code DOWN} */
    public ExternalServicesHandler(
            Vertx vertx,
            Bus bus,
            Discovery discovery,
            ExternalConfig config,
            Supplier<Future<Map<String, String>>> status) {
        this.bus = bus;
        this.discovery = discovery;
        this.status = status;
        this.services = new ExternalServices(vertx, bus, config);
        this.proxy = new ExternalProxy(vertx, config, services);
    }

    /** Begins to look after the external services. */
    public Future<Void> open() {
        return services.open();
    }

    /** Stops looking after them. */
    public Future<Void> close() {
        return services.close().eventually(proxy::close);
    }

    public Future<Answer> list(ApiRequest request) {
        return status.get().map(this::all).map(items -> Answer.ok(new Services(items, null)));
    }

    /** Known here when it is answered; the other gateways hear of it. */
    public Future<Answer> register(ApiRequest request) {
        return bus.call(Registry.REGISTER, request.body(Register.class), request.context())
                .compose(entry -> seen().map(done -> Answer.created(view(entry))));
    }

    public Future<Answer> remove(ApiRequest request) {
        return bus.call(Registry.REMOVE, new Remove(request.uuid("serviceId")), request.context())
                .compose(removed -> seen().map(done -> Answer.done()));
    }

    public Future<Answer> relay(ApiRequest request) {
        return proxy.relay(request);
    }

    /** It is registered, even if it cannot be read again at this moment. */
    private Future<Void> seen() {
        return services.refresh().otherwiseEmpty();
    }

    private ServiceView view(Entry entry) {
        return services.find(entry.id()).map(ServiceView::of).orElseGet(() -> ServiceView.of(entry));
    }

    private List<ServiceView> all(Map<String, String> healthByName) {
        Stream<ServiceView> ours = discovery.all().stream()
                .map(instance -> ServiceView.of(instance, healthByName, bus.leavesAside(instance)));
        Stream<ServiceView> others = services.all().stream().map(ServiceView::of);
        return Stream.concat(ours, others)
                .sorted(Comparator.comparing(ServiceView::name).thenComparing(ServiceView::since))
                .toList();
    }
}
