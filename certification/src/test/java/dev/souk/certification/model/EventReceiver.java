package dev.souk.certification.model;

import dev.souk.certification.model.Instance.Reply;
import dev.souk.certification.model.KeptOrder.Happening;
import java.util.function.Consumer;

/** One instance of a service that events are brought to. */
final class EventReceiver {
    private final World world;
    private final Instance instance;
    private final Inbox inbox;
    private final Consumer<Happening> effect;

    /** @param effect what an event changes, in the transaction that remembers it */
    EventReceiver(World world, Instance instance, Inbox inbox, Consumer<Happening> effect) {
        this.world = world;
        this.instance = instance;
        this.inbox = inbox;
        this.effect = effect;
    }

    Instance instance() {
        return instance;
    }

    void apply(Happening event, Reply<Boolean> reply) {
        world.transact(
                instance,
                () -> {
                    if (inbox.isFresh(event)) {
                        effect.accept(event);
                        inbox.applied(event);
                    }
                    return true;
                },
                reply,
                () -> reply.accept(null));
    }
}
