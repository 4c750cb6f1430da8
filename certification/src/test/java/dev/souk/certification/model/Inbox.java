package dev.souk.certification.model;

import dev.souk.certification.model.KeptOrder.Happening;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What a receiver's database remembers of events, and in which order they took effect. */
final class Inbox {
    private final World world;
    private final Set<UUID> known = new HashSet<>();
    private final List<Happening> applied = new ArrayList<>();

    Inbox(World world) {
        this.world = world;
    }

    /** Whether it is to take effect now. */
    boolean isFresh(Happening event) {
        boolean isFresh = known.add(event.id());
        if (!isFresh) {
            world.saw(Sight.EVENT_CAME_AGAIN);
        }
        return isFresh || world.has(Plant.NO_INBOX);
    }

    void applied(Happening event) {
        applied.add(event);
    }

    List<Happening> applied() {
        return applied;
    }
}
