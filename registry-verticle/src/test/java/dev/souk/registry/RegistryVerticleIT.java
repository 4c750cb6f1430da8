package dev.souk.registry;

import static dev.souk.kit.testing.ServiceFixture.admin;
import static dev.souk.kit.testing.ServiceFixture.customer;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Registry;
import dev.souk.contracts.Registry.Changed;
import dev.souk.contracts.Registry.Entry;
import dev.souk.contracts.Registry.FindAll;
import dev.souk.contracts.Registry.Policy;
import dev.souk.contracts.Registry.Register;
import dev.souk.contracts.Registry.Remove;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.kit.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RegistryVerticleIT {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final URI HERE = URI.create("http://127.0.0.1:8000/v1");
    private static final URI THERE = URI.create("http://127.0.0.1:8001/v1");
    private static final Caller ADMIN = admin();

    private final Vertx vertx = Vertx.vertx();
    private Map<String, String> settings;
    private ServiceFixture registry;

    @BeforeEach
    void start() {
        settings = Map.of("SOUK_REGISTRY_DATABASE_URL", POSTGRES.provision().url());
        registry = ServiceFixture.deploy(vertx, settings, RegistryVerticle.DEFINITION);
    }

    @AfterEach
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @Test
    void remembersWhatWasRegistered() {
        Entry entry = register("ratings", HERE, "/health", 3, Policy.WEIGHTED);

        assertThat(entry)
                .isEqualTo(new Entry(entry.id(), "ratings", HERE, "/health", 3, Policy.WEIGHTED, entry.createdAt()));
        assertThat(all()).containsExactly(entry);
    }

    @Test
    void takesWhatIsUsualForWhatIsNotSaid() {
        Entry entry = register("ratings", HERE, null, null, null);

        assertThat(entry.healthPath()).isNull();
        assertThat(entry.weight()).isEqualTo(1);
        assertThat(entry.policy()).isEqualTo(Policy.ROUND_ROBIN);
    }

    @Test
    void anInstanceIsThereOnceHoweverOftenItIsRegistered() {
        Entry first = register("ratings", HERE, "/health", 3, null);

        Entry again = register("ratings", HERE, null, 5, null);

        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.createdAt()).isEqualTo(first.createdAt());
        assertThat(again.weight()).isEqualTo(5);
        assertThat(again.healthPath()).isNull();
        assertThat(all()).containsExactly(again);
    }

    @Test
    void manyAtOnceAreOne() {
        List<Future<Entry>> calls = IntStream.range(0, 16)
                .mapToObj(i -> registry.start(
                        Registry.REGISTER,
                        new Register("ratings", HERE, null, null, i % 2 == 0 ? Policy.WEIGHTED : null),
                        Optional.of(ADMIN)))
                .toList();

        ServiceFixture.await(Future.all(calls));

        assertThat(all())
                .singleElement()
                .satisfies(entry -> assertThat(entry.policy()).isEqualTo(Policy.WEIGHTED));
    }

    @Test
    void aServiceHasOnePolicy() {
        register("ratings", HERE, null, null, Policy.LEAST_REQUESTS);
        Entry second = register("ratings", THERE, null, null, null);
        register("other", HERE, null, null, null);

        register("ratings", HERE, null, null, Policy.POWER_OF_TWO);

        assertThat(second.policy()).isEqualTo(Policy.LEAST_REQUESTS);
        assertThat(all())
                .extracting(Entry::policy)
                .containsExactly(Policy.POWER_OF_TWO, Policy.POWER_OF_TWO, Policy.ROUND_ROBIN);
    }

    @Test
    void whatIsRemovedIsGoneAndCanComeBack() {
        Entry entry = register("ratings", HERE, null, null, Policy.WEIGHTED);

        registry.call(Registry.REMOVE, new Remove(entry.id()), ADMIN);
        registry.call(Registry.REMOVE, new Remove(entry.id()), ADMIN);

        assertThat(all()).isEmpty();
        Entry back = register("ratings", HERE, null, null, null);
        assertThat(back.id()).isNotEqualTo(entry.id());
        assertThat(back.policy()).isEqualTo(Policy.ROUND_ROBIN);
        assertThat(refusal(() -> registry.call(Registry.REMOVE, new Remove(UUID.randomUUID()), ADMIN)))
                .isEqualTo(Fault.Code.NOT_FOUND);
    }

    @Test
    void onlyAdminsChangeAnything() {
        Register wanted = new Register("ratings", HERE, null, null, null);

        assertThat(refusal(() -> registry.call(Registry.REGISTER, wanted, customer())))
                .isEqualTo(Fault.Code.FORBIDDEN);
        assertThat(refusal(() -> registry.call(Registry.REGISTER, wanted))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refusal(() -> registry.call(Registry.REMOVE, new Remove(UUID.randomUUID()), customer())))
                .isEqualTo(Fault.Code.FORBIDDEN);
        assertThat(all()).isEmpty();
    }

    @Test
    void whatIsWrongChangesNothing() {
        assertThat(refusal(() -> register("ratings", URI.create("http://169.254.169.254"), null, null, null)))
                .isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(all()).isEmpty();
    }

    @Test
    void theirNumberHasAnEnd() {
        IntStream.rangeClosed(1, ExternalServiceRepository.MOST)
                .forEach(port -> register("many", URI.create("http://127.0.0.1:" + port), null, null, null));

        assertThat(refusal(() -> register("one-more", HERE, null, null, null))).isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(all()).hasSize(ExternalServiceRepository.MOST);
        assertThat(register("many", URI.create("http://127.0.0.1:1"), null, 7, null)
                        .weight())
                .isEqualTo(7);
    }

    @Test
    void tellsWhenSomethingChanged() {
        List<UUID> changed = new CopyOnWriteArrayList<>();
        ServiceFixture.await(
                registry.context().bus().listen(Registry.CHANGED, (Changed signal) -> changed.add(signal.id())));

        Entry entry = register("ratings", HERE, null, null, null);
        registry.call(Registry.REMOVE, new Remove(entry.id()), ADMIN);

        Await.until("both are told", () -> changed.equals(List.of(entry.id(), entry.id())));
    }

    @Test
    void anotherInstanceOnTheSameDatabaseKnowsTheSame() {
        Entry entry = register("ratings", HERE, null, null, null);
        Vertx elsewhere = Vertx.vertx();

        ServiceFixture other = ServiceFixture.deploy(elsewhere, settings, RegistryVerticle.DEFINITION);

        assertThat(other.call(Registry.LIST, new FindAll()).items()).containsExactly(entry);
        ServiceFixture.await(elsewhere.close());
    }

    private Entry register(String name, URI url, String healthPath, Integer weight, Policy policy) {
        return registry.call(Registry.REGISTER, new Register(name, url, healthPath, weight, policy), ADMIN);
    }

    private List<Entry> all() {
        return registry.call(Registry.LIST, new FindAll()).items();
    }
}
