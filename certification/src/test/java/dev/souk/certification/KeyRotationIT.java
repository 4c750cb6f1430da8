package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.GatewayVerticle;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.kit.testing.TestPostgres;
import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import dev.souk.user.UserVerticle;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The keys that sign access tokens are exchanged every two seconds, under the hands of those who use them. */
@ExtendWith(VertxExtension.class)
class KeyRotationIT {
    private static final int KEYS = 4;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Tokens are used until shortly before they run out, so that no clock or slow machine is to blame for a refusal. */
    private static final Duration LIFETIME = Duration.ofSeconds(20);

    private static final Duration USED_FOR = Duration.ofSeconds(12);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final Set<String> signedWith = ConcurrentHashMap.newKeySet();
    private final Queue<Answer> refused = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicBoolean going = new AtomicBoolean(true);

    private record Held(String accessToken, Instant usedUntil) {}

    @Test
    void noTokenIsRefusedAtAnyMoment(Vertx vertx) throws InterruptedException {
        ShopClient client = new ShopClient(start(vertx));
        List<Thread> users = IntStream.range(0, 4)
                .mapToObj(number -> Thread.ofVirtual()
                        .uncaughtExceptionHandler((user, failure) -> broken.add(failure))
                        .start(() -> use(client)))
                .toList();

        ShopProcess.await(
                KEYS + " keys to have signed",
                LIMIT,
                () -> signedWith.size() >= KEYS || !refused.isEmpty() || !broken.isEmpty());
        going.set(false);
        for (Thread user : users) {
            user.join();
        }

        assertThat(refused).isEmpty();
        assertThat(broken).isEmpty();
        assertThat(signedWith).hasSizeGreaterThanOrEqualTo(KEYS);
        assertThat(taken).hasValueGreaterThan(KEYS);
    }

    /** Two instances of the user service, of which any may be asked, behind a gateway. */
    private static URI start(Vertx vertx) {
        int port = ShopProcess.freePort();
        ServiceFixture.deploy(
                vertx,
                Map.of(
                        "SOUK_USER_DATABASE_URL",
                        POSTGRES.provision().url(),
                        "SOUK_ADMIN_EMAIL",
                        ShopProcess.ADMIN_EMAIL,
                        "SOUK_ADMIN_PASSWORD",
                        ShopProcess.ADMIN_PASSWORD,
                        "SOUK_HTTP_PORT",
                        Integer.toString(port),
                        "SOUK_RATE_LIMIT",
                        "off",
                        "SOUK_ACCESS_TOKEN_TTL",
                        LIFETIME.toSeconds() + "s",
                        "SOUK_KEY_ROTATION",
                        "2s"),
                UserVerticle.DEFINITION,
                UserVerticle.DEFINITION,
                GatewayVerticle.DEFINITION);
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Logs in, refreshes again and again, and calls with every token that is still good. */
    private void use(ShopClient client) {
        Deque<Held> held = new ArrayDeque<>();
        JsonNode tokens = tokens(client.post(
                "/api/v1/auth/token",
                Map.of(),
                "{\"email\": \"" + ShopProcess.ADMIN_EMAIL + "\", \"password\": \"" + ShopProcess.ADMIN_PASSWORD
                        + "\"}"));
        while (going.get()) {
            Instant now = Instant.now();
            held.add(new Held(tokens.path("accessToken").asText(), now.plus(USED_FOR)));
            held.removeIf(token -> token.usedUntil().isBefore(now));
            held.forEach(token -> call(client, token));
            tokens = tokens(client.post(
                    "/api/v1/auth/refresh",
                    Map.of(),
                    "{\"refreshToken\": \"" + tokens.path("refreshToken").asText() + "\"}"));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private void call(ShopClient client, Held token) {
        if (token.usedUntil().isAfter(Instant.now())) {
            Answer answer = client.get("/api/v1/users/me", ShopClient.bearer(token.accessToken()));
            if (answer.status() == 200) {
                taken.incrementAndGet();
            } else {
                refused.add(answer);
            }
        }
    }

    private JsonNode tokens(Answer answer) {
        JsonNode tokens = answer.require(200).json();
        byte[] header = Base64.getUrlDecoder()
                .decode(tokens.path("accessToken").asText().split("\\.")[0]);
        try {
            signedWith.add(WireFormat.mapper().readTree(header).path("kid").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tokens;
    }
}
