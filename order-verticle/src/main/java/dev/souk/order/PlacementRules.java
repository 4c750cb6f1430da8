package dev.souk.order;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Orders.Place;
import dev.souk.contracts.Products.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** What an order must look like before anything is asked or stored. */
final class PlacementRules {
    private static final int MOST_LINES = 100;
    private static final int MOST_OF_ONE = 1_000;
    private static final Pattern KEY = Pattern.compile("[ -~]{1,255}");
    private static final Pattern PAYMENT_METHOD = Pattern.compile("pm_[a-z0-9_]{1,61}");

    private PlacementRules() {}

    /** @throws Fault {@code INVALID_REQUEST} naming every part that is wrong */
    static void check(Place request) {
        List<Violation> violations = new ArrayList<>();
        if (request.idempotencyKey() == null
                || !KEY.matcher(request.idempotencyKey()).matches()) {
            violations.add(new Violation("Idempotency-Key", "must be 1 to 255 printable ASCII characters"));
        }
        if (request.paymentMethod() == null
                || !PAYMENT_METHOD.matcher(request.paymentMethod()).matches()) {
            violations.add(new Violation("/paymentMethod", "must be a payment method such as pm_card_visa"));
        }
        if (request.items().isEmpty() || request.items().size() > MOST_LINES) {
            violations.add(new Violation("/items", "must have 1 to " + MOST_LINES + " items"));
        }
        checkItems(request.items(), violations);
        if (!violations.isEmpty()) {
            throw Fault.of(Fault.Code.INVALID_REQUEST, "The order is not valid.", violations);
        }
    }

    private static void checkItems(List<Quantity> items, List<Violation> violations) {
        Set<UUID> seen = new HashSet<>();
        for (int index = 0; index < items.size(); index++) {
            Quantity item = items.get(index);
            if (item.productId() == null || !seen.add(item.productId())) {
                violations.add(new Violation("/items/" + index + "/productId", "must be a product that stands once"));
            }
            if (item.quantity() > MOST_OF_ONE) {
                violations.add(new Violation("/items/" + index + "/quantity", "must be from 1 to " + MOST_OF_ONE));
            }
        }
    }
}
