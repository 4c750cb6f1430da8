package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.gateway.contract.AnswerSchemas;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.kit.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which instances of external services are asked, and what is told about them. */
@TestInstance(Lifecycle.PER_CLASS)
class ExternalServicesIT {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final String HEALTH = ",\"healthPath\":\"/health\"";

    private final Vertx vertx = Vertx.vertx();
    private final List<String> registered = new ArrayList<>();
    private ExternalShop shop;

    @BeforeAll
    void start() {
        PythonService.assumePython();
        shop = ExternalShop.start(vertx, POSTGRES.provision().url());
    }

    @AfterEach
    void forget() {
        registered.forEach(id -> shop.admin().delete("/api/v1/services/" + id));
        registered.clear();
    }

    @AfterAll
    void stop() {
        if (shop != null) {
            shop.close();
        }
        ServiceFixture.await(vertx.close());
    }

    @Test
    void isListedAsItWasRegistered() {
        PythonService python = shop.python("a");

        String id = register("listed", python, HEALTH + ",\"weight\":7,\"policy\":\"weighted\"");

        Reply reply = shop.admin().get("/api/v1/services");
        assertThat(AnswerSchemas.check("listServices", 200, reply.json())).isEmpty();
        JsonNode listed = ExternalShop.listed(shop.gateway(), id).orElseThrow();
        assertThat(listed.path("kind").asText()).isEqualTo("external");
        assertThat(listed.path("url").asText()).isEqualTo(python.url());
        assertThat(listed.path("healthPath").asText()).isEqualTo("/health");
        assertThat(listed.path("weight").asInt()).isEqualTo(7);
        assertThat(listed.path("policy").asText()).isEqualTo("weighted");
        assertThat(listed.path("breaker").asText()).isEqualTo("closed");
    }

    @Test
    void theShopsOwnAreListedToo() {
        Await.until(
                "all are well",
                Duration.ofSeconds(30),
                () -> Set.of("up").equals(Set.copyOf(services().findValuesAsText("health"))));

        JsonNode items = services();

        assertThat(items.findValuesAsText("name"))
                .contains("user", "product", "order", "payment", "notification", "registry", "api-gateway");
        assertThat(items.findValuesAsText("kind")).containsOnly("internal");
        assertThat(items.findValuesAsText("breaker")).containsOnly("closed");
        assertThat(items.findValuesAsText("address")).allMatch(address -> address.startsWith("souk."));
    }

    @Test
    void registeredTwiceItIsTheSame() {
        PythonService python = shop.python("a");
        String first = register("twice", python, ",\"weight\":2");

        String second = register("twice", python, ",\"weight\":9,\"policy\":\"least-requests\"");

        assertThat(second).isEqualTo(first);
        JsonNode listed = ExternalShop.listed(shop.gateway(), first).orElseThrow();
        assertThat(listed.path("weight").asInt()).isEqualTo(9);
        assertThat(listed.path("policy").asText()).isEqualTo("least-requests");
    }

    @Test
    void thePolicyIsTheWholeServices() {
        String first = register("policy", shop.python("a"), ",\"policy\":\"weighted\"");

        String second = register("policy", shop.python("b"), "");

        assertThat(policy(second)).isEqualTo("weighted");
        register("policy", shop.python("c"), ",\"policy\":\"power-of-two\"");
        assertThat(policy(first)).isEqualTo("power-of-two");
        assertThat(policy(second)).isEqualTo("power-of-two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"Bad\",\"url\":\"http://127.0.0.1:1\"}",
                "{\"name\":\"a\"}",
                "{\"name\":\"a\",\"url\":\"ftp://127.0.0.1:1\"}",
                "{\"name\":\"a\",\"url\":\"http://u:p@127.0.0.1:1\"}",
                "{\"name\":\"a\",\"url\":\"http://127.0.0.1:1/#f\"}",
                "{\"name\":\"a\",\"url\":\"http://127.0.0.1:99999/\"}",
                "{\"name\":\"a\",\"url\":\"http://169.254.169.254/\"}",
                "{\"name\":\"a\",\"url\":\"http://[::ffff:169.254.1.1]/\"}",
                "{\"name\":\"a\",\"url\":\"http://127.0.0.1:1\",\"weight\":0}",
                "{\"name\":\"a\",\"url\":\"http://127.0.0.1:1\",\"policy\":\"random\"}",
                "{\"name\":\"a\",\"url\":\"http://127.0.0.1:1\",\"healthPath\":\"health\"}",
                "{\"name\":\"a\",\"url\":\"http://127.0.0.1:1\",\"more\":1}"
            })
    void whatIsWrongIsRefusedAndChangesNothing(String body) {
        Reply reply = shop.admin().post("/api/v1/services", body);

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.slug()).isEqualTo("invalid-request");
        assertThat(reply.json().path("errors")).isNotEmpty();
        assertThat(kinds()).doesNotContain("external");
    }

    /** The registry looks at what is written; the gateway looks at where it leads, whatever the registry let in. */
    @Test
    void whatLeadsToALinkLocalAddressIsNeverConnectedTo() {
        shop.stopRegistry();
        shop.startRegistry(Map.of("SOUK_EXTERNAL_ALLOW_LINK_LOCAL", "true"));

        Reply reply = shop.admin().post("/api/v1/services", "{\"name\":\"linked\",\"url\":\"http://169.254.1.1/\"}");

        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        String id = reply.json().path("id").asText();
        shop.awaitHealth(id, "down");
        assertThat(ExternalShop.listed(shop.gateway(), id)
                        .orElseThrow()
                        .path("reason")
                        .asText())
                .isEqualTo("leads to a link-local or metadata address");
        shop.admin().delete("/api/v1/services/" + id);
        shop.stopRegistry();
        shop.startRegistry();
    }

    @Test
    void onceRemovedItIsUnknown() {
        String id = register("removed", shop.python("a"), "");
        assertThat(shop.customer().get("/api/v1/ext/removed/work").status()).isEqualTo(200);

        int removed = shop.admin().delete("/api/v1/services/" + id).status();
        int again = shop.admin().delete("/api/v1/services/" + id).status();

        assertThat(removed).isEqualTo(204);
        assertThat(again).isEqualTo(204);
        Reply reply = shop.customer().get("/api/v1/ext/removed/work");
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.slug()).isEqualTo("service-not-found");
        assertThat(shop.admin().delete("/api/v1/services/" + UUID.randomUUID()).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({"round-robin, 10, 10", "weighted, 15, 5", "least-requests, 20, 0"})
    void requestsAreSpreadByThePolicy(String policy, int first, int second) {
        register(policy, shop.python("a"), ",\"weight\":3,\"policy\":\"" + policy + "\"");
        register(policy, shop.python("b"), ",\"weight\":1");

        List<String> answered = IntStream.range(0, 20)
                .mapToObj(i -> workedBy(shop.gateway(), policy))
                .toList();

        if (policy.equals("least-requests")) {
            // One at a time, nobody is ever busy.
            assertThat(answered).hasSize(20);
        } else {
            assertThat(answered.stream().filter("a"::equals)).hasSize(first);
            assertThat(answered.stream().filter("b"::equals)).hasSize(second);
        }
    }

    @Test
    void oneThatIsKilledIsNotMissedAndComesBack() {
        PythonService doomed = shop.python("doomed");
        String id = register("killed", doomed, HEALTH);
        register("killed", shop.python("survivor"), HEALTH);
        assertThat(workedBy(shop.gateway(), "killed", 4)).containsExactlyInAnyOrder("doomed", "survivor");

        doomed.kill();

        // Nobody hears of it: who cannot be connected to is passed over at once.
        assertThat(workedBy(shop.gateway(), "killed", 20)).containsExactly("survivor");
        shop.awaitHealth(id, "down");
        assertThat(ExternalShop.listed(shop.gateway(), id)
                        .orElseThrow()
                        .path("reason")
                        .asText())
                .isEqualTo("cannot be connected to");

        doomed.startAgain();
        shop.awaitHealth(id, "up");
        Await.until(
                "it is asked again",
                Duration.ofSeconds(30),
                () -> workedBy(shop.gateway(), "killed").equals("doomed"));
    }

    @Test
    void oneThatSaysItIsNotWellGetsNothing() {
        PythonService ailing = shop.python("ailing");
        String id = register("ailing", ailing, HEALTH);

        ailing.direct().get("/v1/mode?health=503");

        shop.awaitHealth(id, "down");
        Reply reply = shop.customer().get("/api/v1/ext/ailing/work");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.slug()).isEqualTo("service-unavailable");
        assertThat(reply.header("Retry-After")).isPresent();
        assertThat(seen(ailing, "work")).isZero();
        assertThat(ExternalShop.listed(shop.gateway(), id)
                        .orElseThrow()
                        .path("reason")
                        .asText())
                .isEqualTo("answers with status 503");
    }

    @Test
    void theBreakerOpensOnServerErrorsAndCloses() {
        PythonService failing = shop.python("failing");
        String id = register("failing", failing, HEALTH);
        failing.direct().get("/v1/mode?answer=500");

        List<Integer> before = IntStream.range(0, 3)
                .mapToObj(i -> shop.customer().get("/api/v1/ext/failing/work").status())
                .toList();

        assertThat(before).containsOnly(500);
        shop.awaitBreaker(shop.gateway(), id, "half-open");
        failing.direct().get("/v1/mode?answer=200");
        Await.until(
                "it works again",
                Duration.ofSeconds(30),
                () -> shop.customer().get("/api/v1/ext/failing/work").status() == 200);
        shop.awaitBreaker(shop.gateway(), id, "closed");
    }

    @Test
    void theBreakerSparesWhoFails() {
        GatewayFixture patient = shop.anotherGateway(Map.of("SOUK_EXTERNAL_BREAKER_RESET", "10m"));
        PythonService failing = shop.python("spared");
        String id = register("spared", failing, HEALTH);
        awaitHealth(patient, id);
        failing.direct().get("/v1/mode?answer=503");
        IntStream.range(0, 3)
                .forEach(i -> patient.customer().get("/api/v1/ext/spared/work").status());
        shop.awaitBreaker(patient, id, "open");
        int asked = seen(failing, "work");

        Reply reply = patient.customer().get("/api/v1/ext/spared/work");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.slug()).isEqualTo("service-unavailable");
        assertThat(seen(failing, "work")).isEqualTo(asked);
        stop(patient);
    }

    @Test
    void refusalsNeverOpenTheBreaker() {
        PythonService strict = shop.python("strict");
        String id = register("strict", strict, HEALTH);
        strict.direct().get("/v1/mode?answer=404");

        IntStream.range(0, 12)
                .forEach(i -> assertThat(
                                shop.customer().get("/api/v1/ext/strict/work").status())
                        .isEqualTo(404));

        assertThat(ExternalShop.listed(shop.gateway(), id)
                        .orElseThrow()
                        .path("breaker")
                        .asText())
                .isEqualTo("closed");
    }

    @Test
    void whatIsTooSlowIsA504AndOpensTheBreaker() {
        GatewayFixture hasty =
                shop.anotherGateway(Map.of("SOUK_EXTERNAL_TIMEOUT", "300ms", "SOUK_EXTERNAL_BREAKER_RESET", "10m"));
        String id = register("slow", shop.python("slow"), HEALTH);
        awaitHealth(hasty, id);

        List<Reply> replies = IntStream.range(0, 3)
                .mapToObj(i -> hasty.customer().get("/api/v1/ext/slow/slow?seconds=5"))
                .toList();

        assertThat(replies).extracting(Reply::status).containsOnly(504);
        assertThat(replies).extracting(Reply::slug).containsOnly("gateway-timeout");
        shop.awaitBreaker(hasty, id, "open");
        stop(hasty);
    }

    @Test
    void whatWasReadIsAskedOfAnotherWhenTheConnectionBreaksButNothingIsDoneTwice() {
        PythonService first = shop.python("first");
        PythonService second = shop.python("second");
        register("hanging", first, HEALTH);
        register("hanging", second, HEALTH);

        Reply read = shop.customer().get("/api/v1/ext/hanging/hang-up");
        Reply done = shop.customer().post("/api/v1/ext/hanging/hang-up", "{}");

        assertThat(read.status()).isEqualTo(502);
        assertThat(done.status()).isEqualTo(502);
        assertThat(done.slug()).isEqualTo("bad-gateway");
        // Two for what was read, one for what was to be done.
        assertThat(seen(first, "hang-up") + seen(second, "hang-up")).isEqualTo(3);
    }

    @Test
    void everyGatewayKnowsAndANewOneToo() {
        GatewayFixture other = shop.anotherGateway(Map.of());
        String id = register("shared", shop.python("a"), HEALTH);
        awaitHealth(other, id);

        assertThat(workedBy(other, "shared")).isEqualTo("a");
        stop(other);
        GatewayFixture late = shop.anotherGateway(Map.of());
        awaitHealth(late, id);
        assertThat(workedBy(late, "shared")).isEqualTo("a");
        stop(late);
    }

    @Test
    void withoutTheRegistryWhatWasKnownGoesOnAndNothingIsForgotten() {
        String id = register("kept", shop.python("a"), HEALTH);

        shop.stopRegistry();

        assertThat(workedBy(shop.gateway(), "kept", 3)).containsExactly("a");
        assertThat(shop.admin()
                        .post("/api/v1/services", "{\"name\":\"late\",\"url\":\"http://127.0.0.1:1\"}")
                        .status())
                .isEqualTo(503);
        shop.startRegistry();
        assertThat(ExternalShop.listed(shop.gateway(), id)).isPresent();
        assertThat(workedBy(shop.gateway(), "kept")).isEqualTo("a");
    }

    @Test
    void onlyAdminsRegisterAndEveryUserIsLedThrough() {
        register("open", shop.python("a"), "");

        assertThat(shop.customer()
                        .post("/api/v1/services", "{\"name\":\"mine\",\"url\":\"http://127.0.0.1:1\"}")
                        .status())
                .isEqualTo(403);
        assertThat(shop.customer().get("/api/v1/services").status()).isEqualTo(403);
        assertThat(shop.gateway().nobody().get("/api/v1/ext/open/work").status())
                .isEqualTo(401);
        assertThat(shop.customer()
                        .get("/api/v1/ext/open/echo")
                        .json()
                        .at("/headers/x-souk-user/0")
                        .asText())
                .isEqualTo(USER.toString());
    }

    private String register(String name, PythonService python, String more) {
        String id = shop.register(name, python, more);
        registered.add(id);
        return id;
    }

    private void awaitHealth(GatewayFixture seenBy, String id) {
        Await.until(
                "it is well there",
                Duration.ofSeconds(30),
                () -> ExternalShop.listed(seenBy, id)
                        .filter(item -> item.path("health").asText().equals("up"))
                        .isPresent());
    }

    private String policy(String id) {
        return ExternalShop.listed(shop.gateway(), id)
                .orElseThrow()
                .path("policy")
                .asText();
    }

    private List<String> kinds() {
        return services().findValuesAsText("kind");
    }

    private JsonNode services() {
        return shop.admin().get("/api/v1/services").json().path("items");
    }

    private static String workedBy(GatewayFixture gateway, String service) {
        Reply reply = gateway.customer().send("GET", "/api/v1/ext/" + service + "/work", BodyPublishers.noBody());
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return reply.json().path("service").asText();
    }

    private static Set<String> workedBy(GatewayFixture gateway, String service, int times) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < times; i++) {
            names.add(workedBy(gateway, service));
        }
        return names;
    }

    private static int seen(PythonService python, String name) {
        return python.direct().get("/v1/seen").json().path(name).asInt();
    }

    private void stop(GatewayFixture gateway) {
        ServiceFixture.await(vertx.undeploy(gateway.deployment()));
    }
}
