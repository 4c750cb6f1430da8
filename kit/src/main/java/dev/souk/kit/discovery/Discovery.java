package dev.souk.kit.discovery;

import io.vertx.core.Future;
import java.util.List;

/**
 * Who is there. Each instance publishes itself and holds its entry as a lease that is renewed while it lives; readers
 * have a local view that follows announcements and never blocks.
 */
public interface Discovery {
    /** Makes the instance known and keeps it known until it is withdrawn or this process dies. */
    Future<Void> publish(Instance instance);

    /** Takes the instance off every view. */
    Future<Void> withdraw(Instance instance);

    /** The instances of a service that are known here at this moment; empty if there are none. */
    List<Instance> instances(String service);

    /** Everything that is known here at this moment. */
    List<Instance> all();

    /** An instance answered: it lives, whatever its lease says. */
    void answered(Instance instance);

    /** A member of the cluster is gone, and with it every instance that ran on it. */
    void memberLeft(String member);

    /** Stops renewing and watching. */
    Future<Void> close();
}
