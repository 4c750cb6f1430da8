package dev.souk.launcher.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.launcher.access.AccessTable.Actor;
import dev.souk.launcher.access.OwnersWorld.Call;
import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the contract, asked by everyone there is and by everyone there should not be, in a whole shop. */
class AccessIT {
    private static final AccessTable TABLE = AccessTable.load();
    private static final Map<String, String> SETTINGS = settings();

    private static final Upstream UPSTREAM = new Upstream();

    private static ShopProcess shop;
    private static ShopClient client;
    private static OwnersWorld world;
    private static final Map<Actor, String> TOKENS = new EnumMap<>(Actor.class);
    private static final Map<String, String> FORGERIES = new LinkedHashMap<>();

    @BeforeAll
    static void start() {
        client = new ShopClient(ShopProcess.url(SETTINGS));
        Expired expired = expired();
        shop = ShopProcess.souk(SETTINGS, "up").awaitReady();
        world = OwnersWorld.create(client, UPSTREAM.url());
        TOKENS.put(Actor.OTHER, client.customer());
        TOKENS.put(Actor.OWNER, world.owner());
        TOKENS.put(Actor.ADMIN, world.admin());
        JsonNode keys =
                client.get("/.well-known/jwks.json", Map.of()).require(200).json();
        assertThat(keys)
                .as("a key that went would refuse a token before its time does")
                .isEqualTo(expired.keys());
        FORGERIES.putAll(Forgeries.of(world.owner(), keys));
        FORGERIES.put("expired", expired.token());
        expired.refreshToken().ifPresent(token -> FORGERIES.put("refresh token", token));
        ShopProcess.await(
                "the token to expire",
                () -> client.get("/api/v1/users/me", ShopClient.bearer(expired.token()))
                                .status()
                        == 401);
    }

    @AfterAll
    static void stop() {
        if (shop != null) {
            shop.close();
        }
        UPSTREAM.close();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyoneGetsTheAnswerOfTheTable(String operation) {
        for (Actor actor : Actor.values()) {
            Call call = world.callOf(operation);
            List<String> before = world.state(call);

            Answer answer = ask(call, Optional.ofNullable(TOKENS.get(actor)));

            assertThat(answer.status())
                    .as(() -> operation + " by " + actor + ": " + answer.body())
                    .isEqualTo(TABLE.expected(operation, actor));
            if (answer.status() >= 400) {
                assertThat(world.state(call)).as(operation + " by " + actor).isEqualTo(before);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void noForgeryIsTakenForAToken(String operation) {
        boolean open = TABLE.expected(operation, Actor.NOBODY) != 401;
        Call call = world.callOf(operation);
        List<String> before = world.state(call);
        FORGERIES.forEach((name, token) -> {
            Call asked = open ? world.callOf(operation) : call;

            Answer answer = ask(asked, Optional.of(token));

            assertThat(answer.status())
                    .as(() -> operation + " with " + name + ": " + answer.body())
                    .isEqualTo(TABLE.expected(operation, Actor.NOBODY));
            if (!open) {
                assertThat(answer.problem()).as(name).isEqualTo("unauthenticated");
            }
        });
        assertThat(open ? before : world.state(call)).as(operation).isEqualTo(before);
    }

    @Test
    void listsShowNobodyWhatIsTheOwners() {
        String orderId = idOf(world.callOf("getOrder"));
        ShopProcess.await(
                "the owner to be told of an order", () -> told(Actor.OWNER).contains(orderId));

        assertThat(listed(Actor.OWNER)).contains(orderId);
        assertThat(listed(Actor.OTHER)).doesNotContain(orderId);
        assertThat(told(Actor.OTHER)).doesNotContain(orderId);
        assertThat(told(Actor.ADMIN)).doesNotContain(orderId);
    }

    static Stream<String> operations() {
        return TABLE.operations().stream();
    }

    private static String idOf(Call call) {
        return call.target().substring(call.target().lastIndexOf('/') + 1);
    }

    private static String listed(Actor actor) {
        return client.get("/api/v1/orders?limit=100", ShopClient.bearer(TOKENS.get(actor)))
                .require(200)
                .body();
    }

    private static String told(Actor actor) {
        return client.get("/api/v1/notifications?limit=100", ShopClient.bearer(TOKENS.get(actor)))
                .require(200)
                .body();
    }

    private static Answer ask(Call call, Optional<String> token) {
        Map<String, String> headers = new HashMap<>(call.headers());
        token.ifPresent(bearer -> headers.putAll(ShopClient.bearer(bearer)));
        return client.send(call.method(), call.target(), headers, call.body()).join();
    }

    /** What was valid for a second. */
    private record Expired(String token, Optional<String> refreshToken, JsonNode keys) {}

    /** From the same shop, so that its keys are the same, but when it gave tokens a second. */
    private static Expired expired() {
        Map<String, String> hasty = new HashMap<>(SETTINGS);
        hasty.put("SOUK_ACCESS_TOKEN_TTL", "1s");
        try (ShopProcess first =
                ShopProcess.souk(hasty, "up", "user", "api-gateway").awaitReady()) {
            JsonNode token = client.post(
                            "/api/v1/auth/token",
                            Map.of(),
                            "{\"email\": \"" + ShopProcess.ADMIN_EMAIL + "\", \"password\": \""
                                    + ShopProcess.ADMIN_PASSWORD + "\"}")
                    .require(200)
                    .json();
            assertThat(first.isAlive()).isTrue();
            return new Expired(
                    token.path("accessToken").asText(),
                    Optional.ofNullable(token.get("refreshToken")).map(JsonNode::asText),
                    client.get("/.well-known/jwks.json", Map.of()).require(200).json());
        }
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = ShopProcess.settings("access");
        settings.put("SOUK_WEBHOOK_ALLOW_PRIVATE", "true");
        // However slow the machine, an order is answered with its end.
        settings.put("SOUK_CHECKOUT_DEADLINE", "60s");
        return settings;
    }
}
