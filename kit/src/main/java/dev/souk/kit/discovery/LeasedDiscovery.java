package dev.souk.kit.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import io.vertx.servicediscovery.Record;
import io.vertx.servicediscovery.ServiceDiscovery;
import io.vertx.servicediscovery.ServiceDiscoveryOptions;
import io.vertx.servicediscovery.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discovery on Vert.x service discovery, whose records know no time to live: the map behind it drops an entry that is
 * not written again in time (see {@code service.registry} in {@code cluster.xml}), and every instance writes its own
 * again well before that.
 */
public final class LeasedDiscovery implements Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedDiscovery.class);
    private static final Duration RENEWAL = Duration.ofSeconds(3);
    private static final Duration REFRESH = Duration.ofSeconds(2);
    private static final Duration ANSWER_COUNTS = Duration.ofSeconds(10);
    private static final String ANNOUNCEMENTS = "souk.discovery.announce";
    private static final String TYPE = "souk-instance";

    private final Vertx vertx;
    private final String member;
    private final ServiceDiscovery registry;
    private final MessageConsumer<JsonObject> announcements;
    private final long renewal;
    private final long refresh;
    private final Map<String, Record> own = new ConcurrentHashMap<>();
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile Map<String, List<Instance>> byService = Map.of();

    /** What is known of an instance: where it runs, and when it last answered. */
    private record Known(Instance instance, String member, long answeredAt) {
        Known answered(long now) {
            return new Known(instance, member, now);
        }

        boolean hasAnsweredSince(long nanoTime) {
            return answeredAt != 0 && answeredAt - nanoTime > 0;
        }
    }

    private LeasedDiscovery(Vertx vertx, String member) {
        this.vertx = vertx;
        this.member = member;
        this.registry = ServiceDiscovery.create(
                vertx,
                new ServiceDiscoveryOptions().setAnnounceAddress(ANNOUNCEMENTS).setUsageAddress(null));
        this.announcements = vertx.eventBus().consumer(ANNOUNCEMENTS, message -> announced(new Record(message.body())));
        this.renewal = vertx.setPeriodic(RENEWAL.toMillis(), id -> renew());
        this.refresh = vertx.setPeriodic(REFRESH.toMillis(), id -> refresh());
    }

    /**
     * Joins the registry and reads it once.
     *
     * @param member this node's id in the cluster
     */
    public static Future<Discovery> open(Vertx vertx, String member) {
        LeasedDiscovery discovery = new LeasedDiscovery(vertx, member);
        return discovery
                .announcements
                .completion()
                .compose(registered -> discovery.refresh())
                .map(discovery);
    }

    @Override
    public Future<Void> publish(Instance instance) {
        return registry.publish(record(instance))
                .onSuccess(record -> {
                    own.put(instance.id(), record);
                    learn(record);
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> withdraw(Instance instance) {
        forget(instance.id());
        Record record = own.remove(instance.id());
        return record == null ? Future.succeededFuture() : registry.unpublish(record.getRegistration());
    }

    @Override
    public List<Instance> instances(String service) {
        return byService.getOrDefault(service, List.of());
    }

    @Override
    public List<Instance> all() {
        return byService.values().stream().flatMap(List::stream).toList();
    }

    @Override
    public void answered(Instance instance) {
        known.computeIfPresent(instance.id(), (id, entry) -> entry.answered(System.nanoTime()));
    }

    @Override
    public void memberLeft(String gone) {
        List<Known> lost = known.values().stream()
                .filter(entry -> entry.member().equals(gone))
                .toList();
        lost.forEach(entry -> {
            LOG.warn(
                    "{} of node {} is gone",
                    entry.instance().service(),
                    entry.instance().node());
            forget(entry.instance().id());
        });
        removeRecordsOf(gone);
    }

    @Override
    public Future<Void> close() {
        vertx.cancelTimer(renewal);
        vertx.cancelTimer(refresh);
        return announcements.unregister().onComplete(done -> registry.close());
    }

    private void renew() {
        own.values()
                .forEach(record -> registry.update(record)
                        .onFailure(failure ->
                                LOG.warn("could not renew the lease of {}: {}", record.getName(), failure.toString())));
    }

    private Future<Void> refresh() {
        return registry.getRecords(record -> TYPE.equals(record.getType()))
                .onSuccess(this::replaceAll)
                .onFailure(failure -> LOG.warn("could not read the service registry: {}", failure.toString()))
                .mapEmpty();
    }

    private void replaceAll(List<Record> records) {
        Map<String, Record> leased = new HashMap<>();
        records.forEach(record -> leased.put(instanceId(record), record));
        long recently = System.nanoTime() - ANSWER_COUNTS.toNanos();
        known.values()
                .removeIf(entry -> !leased.containsKey(entry.instance().id()) && !entry.hasAnsweredSince(recently));
        leased.values().forEach(this::learn);
        index();
    }

    /** Every survivor tries to remove them; all but one find them gone already. An announcement names no registration. */
    private void removeRecordsOf(String gone) {
        registry.getRecords(record -> TYPE.equals(record.getType()) && gone.equals(member(record)))
                .onSuccess(records -> records.forEach(
                        record -> registry.unpublish(record.getRegistration()).onFailure(LeasedDiscovery::goneAlready)))
                .onFailure(failure -> LOG.warn("could not clear the service registry: {}", failure.toString()));
    }

    private void announced(Record record) {
        if (!TYPE.equals(record.getType())) {
            return;
        }
        if (record.getStatus() == Status.UP) {
            learn(record);
        } else {
            forget(instanceId(record));
        }
    }

    private void learn(Record record) {
        Instance instance = instance(record);
        Known entry = new Known(instance, member(record), 0);
        if (known.putIfAbsent(instance.id(), entry) == null) {
            index();
        }
    }

    private void forget(String instanceId) {
        if (known.remove(instanceId) != null) {
            index();
        }
    }

    private synchronized void index() {
        Map<String, List<Instance>> view = new HashMap<>();
        known.values()
                .forEach(entry -> view.computeIfAbsent(entry.instance().service(), service -> new ArrayList<>())
                        .add(entry.instance()));
        view.replaceAll((service, instances) -> List.copyOf(instances));
        byService = Map.copyOf(view);
    }

    private Record record(Instance instance) {
        return new Record()
                .setName(instance.service())
                .setType(TYPE)
                .setLocation(new JsonObject().put(Record.ENDPOINT, instance.address()))
                .setMetadata(new JsonObject()
                        .put("instance", instance.id())
                        .put("node", instance.node())
                        .put("member", member)
                        .put("version", instance.version())
                        .put("since", instance.since().toString()));
    }

    private static Instance instance(Record record) {
        JsonObject metadata = record.getMetadata();
        return new Instance(
                metadata.getString("instance"),
                record.getName(),
                metadata.getString("node"),
                metadata.getString("version"),
                Instant.parse(metadata.getString("since")));
    }

    private static String member(Record record) {
        return record.getMetadata().getString("member");
    }

    private static String instanceId(Record record) {
        return record.getMetadata().getString("instance");
    }

    private static void goneAlready(Throwable failure) {
        LOG.debug("a record was gone already: {}", failure.toString());
    }
}
