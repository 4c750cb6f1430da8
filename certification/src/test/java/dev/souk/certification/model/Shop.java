package dev.souk.certification.model;

import dev.souk.certification.model.KeptOrder.Happening;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products.Quantity;
import dev.souk.sandbox.PaymentMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/** All services with their databases, the provider and the clients of one run; how many and how large, the schedule draws. */
final class Shop {
    private final World world;
    private final Schedule schedule;
    private final Map<UUID, Long> pieces = new LinkedHashMap<>();
    private final OrderTables orders;
    private final StockTables stock;
    private final PaymentTables payments;
    private final Provider provider;
    private final Inbox notified;
    private final Inbox stockTold;
    private final List<Client> clients = new ArrayList<>();
    private final List<Instance> fallible = new ArrayList<>();

    Shop(World world) {
        this.world = world;
        this.schedule = world.schedule;
        this.orders = new OrderTables(world, schedule.oneOf(10_000L, 2_000L, 1_000L));
        this.stock = new StockTables(world, schedule.oneOf(60_000L, 5_000L, 1_000L));
        this.payments = new PaymentTables(world);
        this.provider = new Provider(world, instance("provider"));
        this.notified = new Inbox(world);
        this.stockTold = new Inbox(world);
        world.settledWhen(() -> !orders.hasSagas() && orders.deliveries().isEmpty());
        int products = 1 + schedule.below(2);
        for (int product = 1; product <= products; product++) {
            pieces.put(world.newId(), 1L + schedule.below(4));
        }
        pieces.forEach(stock::stock);
        Services<OrderService> orderServices = open();
        int wishes = 1 + schedule.below(5);
        for (int key = 1; key <= wishes; key++) {
            visit(new Client(world, new Instance(world, "client-" + key), orderServices, wish(key)));
        }
        disturb();
    }

    OrderTables orders() {
        return orders;
    }

    StockTables stock() {
        return stock;
    }

    PaymentTables payments() {
        return payments;
    }

    Provider provider() {
        return provider;
    }

    List<Client> clients() {
        return clients;
    }

    /** The events that became mails, in the order in which they did. */
    List<Happening> notified() {
        return notified.applied();
    }

    List<Happening> stockTold() {
        return stockTold.applied();
    }

    /** How many of a product there were. */
    long pieces(UUID productId) {
        return pieces.get(productId);
    }

    private Services<OrderService> open() {
        List<OrderService> orderServices = new ArrayList<>();
        Services<OrderService> anyOrders = new Services<>(world, orderServices);
        List<StockService> stockServices = new ArrayList<>();
        List<EventReceiver> stockReceivers = new ArrayList<>();
        instances("stock", 1).forEach(instance -> {
            stockServices.add(new StockService(world, stock, instance, anyOrders::pick));
            stockReceivers.add(new EventReceiver(world, instance, stockTold, event -> stock.commit(event.order().id)));
        });
        List<PaymentService> paymentServices = instances("payment", 1).stream()
                .map(instance -> new PaymentService(world, payments, instance, provider))
                .toList();
        EventReceiver notification = new EventReceiver(world, instance("notification"), notified, event -> {});
        Map<String, Services<EventReceiver>> receivers = Map.of(
                OrderTables.PRODUCT,
                new Services<>(world, stockReceivers),
                OrderTables.NOTIFICATION,
                new Services<>(world, List.of(notification)));
        instances("order", 2).forEach(instance -> {
            CheckoutWork work = new CheckoutWork(
                    world,
                    orders,
                    instance,
                    new Services<>(world, stockServices),
                    new Services<>(world, paymentServices));
            EventRelay relay = new EventRelay(world, orders, instance, receivers);
            orderServices.add(new OrderService(world, orders, instance, work, relay));
        });
        stockServices.forEach(StockService::start);
        orderServices.forEach(OrderService::start);
        return anyOrders;
    }

    /** So many instances, or one more. */
    private List<Instance> instances(String service, int least) {
        return IntStream.rangeClosed(1, least + schedule.below(2))
                .mapToObj(number -> instance(service + "-" + number))
                .toList();
    }

    private Instance instance(String name) {
        Instance instance = new Instance(world, name);
        fallible.add(instance);
        return instance;
    }

    private Wish wish(int key) {
        List<Quantity> lines = new ArrayList<>();
        for (UUID product : pieces.keySet()) {
            if (lines.isEmpty() || schedule.chance(300)) {
                lines.add(new Quantity(product, 1 + schedule.below(2)));
            }
        }
        PaymentMethod method = schedule.oneOf(
                PaymentMethod.VISA,
                PaymentMethod.VISA,
                PaymentMethod.SLOW,
                PaymentMethod.TIMEOUT,
                PaymentMethod.FLAKY,
                PaymentMethod.DECLINED);
        return new Wish(key, lines, new Money(1_000 + key, "USD"), method);
    }

    /** Places at some time, maybe twice, and changes its mind at any moment. */
    private void visit(Client client) {
        clients.add(client);
        long at = schedule.below(2_000);
        world.after(at, client::place);
        schedule.upTo(1, again -> at + schedule.below(300)).forEach(again -> world.after(again, client::place));
        schedule.upTo(2, again -> at + moment()).forEach(cancel -> world.after(cancel, client::cancel));
        schedule.upTo(1, again -> at + moment() + 50).forEach(ship -> world.after(ship, client::ship));
    }

    /** Soon, or later, or much later: what may meet is close together. */
    private long moment() {
        return schedule.below(schedule.oneOf(20, 60, 400, 4_000, (int) World.FAULTS_END - 2_500));
    }

    private void disturb() {
        schedule.upTo(3, again -> fallible.get(schedule.below(fallible.size())))
                .forEach(instance -> world.after(
                        moment() + schedule.below(2_000), () -> instance.crash(schedule.oneOf(50L, 500L, 3_000L))));
        schedule.upTo(3, again -> fallible.get(schedule.below(fallible.size())))
                .forEach(instance -> world.after(
                        moment() + schedule.below(2_000),
                        () -> instance.sleep(schedule.oneOf(50L, 1_500L, 4_000L, 12_000L))));
    }
}
