package dev.souk.certification;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Money;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Users;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Orders of one user, placed over the bus and paid. */
final class CheckoutLoad implements EventBenchmark.Load {
    private static final int PRODUCTS = 100;
    private static final long STOCK = 10_000_000;

    private final BenchmarkShop shop;
    private final Schedule schedule = new Schedule();
    private final List<UUID> products = new ArrayList<>();
    private final UUID user;
    private final AtomicInteger confirmed = new AtomicInteger();
    private final AtomicInteger other = new AtomicInteger();

    CheckoutLoad(BenchmarkShop shop) {
        this.shop = shop;
        CallContext admin = caller(UUID.randomUUID(), Caller.Role.ADMIN);
        user = BenchmarkShop.await(shop.call(
                        Users.REGISTER,
                        new Users.Register("Ada", "ada@example.com", "correct horse battery staple"),
                        admin))
                .id();
        for (int number = 0; number < PRODUCTS; number++) {
            products.add(BenchmarkShop.await(shop.call(
                            Products.CREATE,
                            new Products.Create("sku-" + number, "Product", "", Map.of(), new Money(100, "USD"), STOCK),
                            admin))
                    .id());
        }
    }

    @Override
    public void run(int rate, Duration length) {
        schedule.run(rate, length, number -> place(products.get(number % PRODUCTS)));
    }

    @Override
    public int done() {
        return confirmed.get();
    }

    @Override
    public int failed() {
        return other.get();
    }

    private void place(UUID product) {
        Orders.Place request =
                new Orders.Place(UUID.randomUUID().toString(), List.of(new Quantity(product, 1)), "pm_card_visa", null);
        shop.call(Orders.PLACE, request, caller(user, Caller.Role.CUSTOMER)).onComplete(answer -> {
            boolean isConfirmed = answer.succeeded() && answer.result().order().status() == Status.CONFIRMED;
            (isConfirmed ? confirmed : other).incrementAndGet();
            schedule.ended();
        });
    }

    static CallContext caller(UUID user, Caller.Role role) {
        return new CallContext("benchmark", Optional.of(new Caller(user, role)), Deadline.in(Duration.ofMinutes(2)));
    }
}
