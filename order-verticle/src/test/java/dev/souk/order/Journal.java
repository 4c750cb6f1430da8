package dev.souk.order;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the services around the order service did for each order, in the order in which they did it. Safe for all threads. */
final class Journal {
    private final Map<UUID, List<String>> deeds = new HashMap<>();

    synchronized void note(UUID orderId, String deed) {
        deeds.computeIfAbsent(orderId, id -> new ArrayList<>()).add(deed);
    }

    synchronized List<String> of(UUID orderId) {
        return List.copyOf(deeds.getOrDefault(orderId, List.of()));
    }
}
