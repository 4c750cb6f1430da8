package dev.souk.user;

import static dev.souk.kit.testing.ServiceFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Users;
import dev.souk.contracts.Users.GetKeys;
import dev.souk.contracts.Users.LogIn;
import dev.souk.contracts.Users.Token;
import dev.souk.kit.db.Database;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the keys that sign access tokens follow each other; under load see the launcher's test of it. */
@ExtendWith(VertxExtension.class)
class KeyRotationIT {
    @RegisterExtension
    static final FreshDatabases DATABASES = new FreshDatabases();

    private final Map<String, String> variables = new HashMap<>();
    private final SettableClock clock = new SettableClock();
    private Vertx vertx;

    @BeforeEach
    void prepare(Vertx vertx) {
        this.vertx = vertx;
        variables.putAll(DATABASES.fresh());
        variables.put("SOUK_ADMIN_EMAIL", "boss@example.com");
        variables.put("SOUK_ADMIN_PASSWORD", "the boss's own words");
    }

    @Test
    void aKeyIsPublishedBeforeItSignsAndUntilItsTokensAreOver() {
        variables.put("SOUK_KEY_ROTATION", "1s");
        ServiceFixture shop = ServiceFixture.deploy(vertx, variables);
        deploy(shop);
        deploy(shop);
        KeySchedule schedule = new KeySchedule(Optional.of(Duration.ofSeconds(1)), Duration.ofMinutes(15));

        Await.until(
                "both instances publish the next key",
                () -> IntStream.range(0, 6).allMatch(asked -> published(shop).size() == 2));
        String old = signedWith(shop);
        assertThat(published(shop)).contains(old);
        Set<String> both = published(shop);

        clock.pass(schedule.lead());
        String next = signedWith(shop);
        assertThat(next).isNotEqualTo(old);
        assertThat(both).containsExactlyInAnyOrder(old, next);
        assertThat(published(shop)).contains(old, next);

        clock.pass(Duration.ofMinutes(15).plusSeconds(31));
        assertThat(published(shop)).doesNotContain(old);
        // The time that has passed for all but those who look for keys is made up for soon.
        Await.until("the key that signs is published", () -> published(shop).contains(signedWith(shop)));
    }

    @Test
    void keysThatStayAreNotFollowed() {
        variables.put("SOUK_KEY_ROTATION", "0");
        ServiceFixture shop = ServiceFixture.deploy(vertx, variables);
        deploy(shop);
        Set<String> before = published(shop);

        clock.pass(Duration.ofDays(1_000));
        deploy(shop);

        assertThat(published(shop)).isEqualTo(before).hasSize(1);
    }

    @Test
    void oneOfManyInstancesMakesTheNextKey() {
        Database database = FreshDatabases.open(vertx, variables);
        SigningKeyRepository stored = new SigningKeyRepository(database);
        Instant now = clock.instant();
        SigningKey first = SigningKey.generate(now);
        await(stored.insertIfNone(first, now));

        List<Future<Boolean>> made = IntStream.range(0, 20)
                .mapToObj(number -> stored.follow(
                        first, now.plusSeconds(900), SigningKey.generate(now.plusSeconds(60 + number)), now))
                .toList();
        await(Future.join(made));

        assertThat(made).extracting(Future::result).containsOnlyOnce(true);
        List<SigningKey> keys = await(stored.findAll());
        assertThat(keys).hasSize(2);
        assertThat(keys.getFirst().publishedUntil()).isEmpty();
        assertThat(keys.getLast().kid()).isEqualTo(first.kid());
        assertThat(keys.getLast().publishedUntil()).contains(now.plusSeconds(900));
    }

    @Test
    void whatIsPublishedNoMoreIsForgotten() {
        Database database = FreshDatabases.open(vertx, variables);
        SigningKeyRepository stored = new SigningKeyRepository(database);
        Instant now = clock.instant();
        SigningKey first = SigningKey.generate(now);
        SigningKey second = SigningKey.generate(now.plusSeconds(60));
        SigningKey third = SigningKey.generate(now.plusSeconds(120));
        await(stored.insertIfNone(first, now));
        await(stored.follow(first, now.plusSeconds(900), second, now));

        await(stored.follow(second, now.plusSeconds(9_000), third, now.plusSeconds(901)));

        assertThat(await(stored.findAll())).extracting(SigningKey::kid).containsExactly(third.kid(), second.kid());
    }

    @Test
    void aKeyThatAnOperatorWithdrawsIsReplacedAndPublishedNoMore() {
        variables.put("SOUK_KEY_ROTATION", "1s");
        ServiceFixture shop = ServiceFixture.deploy(vertx, variables);
        Database database = FreshDatabases.open(vertx, variables);
        deploy(shop);
        Await.until("the next key is published", () -> published(shop).size() == 2);
        String old = signedWith(shop);

        await(database.write("withdraw", "DELETE FROM signing_key WHERE kid <> $1", Tuple.of(old)));
        Set<String> withdrawn = published(shop);
        withdrawn.remove(old);

        Await.until(
                "another takes its place",
                () -> published(shop).size() == 2 && Collections.disjoint(published(shop), withdrawn));
        await(database.write("withdraw", "DELETE FROM signing_key", Tuple.tuple()));
        Await.until("there is another first one", () -> !published(shop).contains(old));
        assertThat(published(shop)).contains(signedWith(shop));
    }

    private void deploy(ServiceFixture shop) {
        await(vertx.deployVerticle(new UserVerticle(clock.in(shop.context()))));
    }

    private static Set<String> published(ServiceFixture shop) {
        return shop.call(Users.KEYS, new GetKeys()).keys().stream()
                .map(key -> key.get("kid"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String signedWith(ServiceFixture shop) {
        Token token = shop.call(Users.LOG_IN, new LogIn("boss@example.com", "the boss's own words"));
        byte[] header = Base64.getUrlDecoder().decode(token.accessToken().split("\\.")[0]);
        return new JsonObject(new String(header, StandardCharsets.UTF_8)).getString("kid");
    }
}
