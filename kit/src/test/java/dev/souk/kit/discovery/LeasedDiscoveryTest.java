package dev.souk.kit.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two members that share one registry, as two nodes of a cluster do. */
@ExtendWith(VertxExtension.class)
class LeasedDiscoveryTest {
    /** The map behind the registry, whose entries live no longer than their lease in a cluster. */
    private static final String LEASES = "service.registry";

    /** Longer than the pause between two looks into the registry. */
    private static final Duration SEEN_BY_LOOKING = Duration.ofSeconds(6);

    private final Instance first = instance();
    private final Instance second = instance();
    private Vertx vertx;
    private Discovery mine;
    private Discovery theirs;

    @BeforeEach
    void open(Vertx vertx) {
        this.vertx = vertx;
        this.mine = ServiceFixture.await(LeasedDiscovery.open(vertx, "mine"));
        this.theirs = ServiceFixture.await(LeasedDiscovery.open(vertx, "theirs"));
    }

    @Test
    void whatIsPublishedIsSeenHereAtOnceAndThereByItsAnnouncement() {
        ServiceFixture.await(mine.publish(first));

        assertThat(mine.instances("test")).containsExactly(first);
        Await.until(
                "the announcement is heard",
                Duration.ofSeconds(1),
                () -> theirs.instances("test").contains(first));
    }

    @Test
    void instancesAreFoundByTheirService() {
        ServiceFixture.await(mine.publish(first));

        assertThat(mine.instances("other")).isEmpty();
        assertThat(mine.all()).containsExactly(first);
    }

    @Test
    void whatIsWithdrawnIsForgottenHereAtOnceAndThereByItsAnnouncement() {
        ServiceFixture.await(mine.publish(first));
        ServiceFixture.await(mine.publish(second));
        Await.until("both are known", () -> theirs.instances("test").size() == 2);

        ServiceFixture.await(mine.withdraw(first));

        assertThat(mine.instances("test")).containsExactly(second);
        Await.until(
                "the announcement is heard",
                Duration.ofSeconds(1),
                () -> theirs.instances("test").size() == 1);
        assertThat(theirs.instances("test")).containsExactly(second);
    }

    @Test
    void withdrawingWhatIsNotPublishedDoesNothing() {
        ServiceFixture.await(mine.withdraw(first));

        assertThat(mine.all()).isEmpty();
    }

    @Test
    void whoeverComesLaterSeesWhatIsThere() {
        ServiceFixture.await(mine.publish(first));

        Discovery late = ServiceFixture.await(LeasedDiscovery.open(vertx, "late"));

        assertThat(late.instances("test")).containsExactly(first);
    }

    @Test
    void aMemberThatLeavesTakesItsInstancesWithIt() {
        ServiceFixture.await(mine.publish(first));
        ServiceFixture.await(theirs.publish(second));
        Await.until("both are known", () -> theirs.instances("test").size() == 2);

        ServiceFixture.await(mine.close());

        theirs.memberLeft("mine");

        assertThat(theirs.instances("test")).containsExactly(second);
        Await.until(
                "its record is gone for those who come later",
                () -> ServiceFixture.await(LeasedDiscovery.open(vertx, "late"))
                        .instances("test")
                        .equals(List.of(second)));
    }

    @Test
    void anInstanceWhoseLeaseEndsIsDroppedUnlessItAnswers() {
        ServiceFixture.await(mine.publish(first));
        ServiceFixture.await(mine.publish(second));
        Await.until("both are known", () -> theirs.instances("test").size() == 2);
        ServiceFixture.await(mine.close());

        theirs.answered(first);
        endAllLeases();

        Await.until(
                "the silent one is dropped",
                SEEN_BY_LOOKING,
                () -> !theirs.instances("test").contains(second));
        assertThat(theirs.instances("test")).containsExactly(first);
    }

    @Test
    void anInstanceThatLivesRenewsItsLease() {
        ServiceFixture.await(mine.publish(first));
        endAllLeases();

        Await.until(
                "whoever comes later sees it again",
                SEEN_BY_LOOKING,
                () -> ServiceFixture.await(LeasedDiscovery.open(vertx, "late"))
                        .instances("test")
                        .contains(first));
    }

    private void endAllLeases() {
        ServiceFixture.await(vertx.sharedData().getAsyncMap(LEASES).compose(leases -> leases.clear()));
    }

    private static Instance instance() {
        return new Instance(UUID.randomUUID().toString(), "test", "here", "1", Instant.EPOCH);
    }
}
