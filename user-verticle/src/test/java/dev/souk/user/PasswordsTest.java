package dev.souk.user;

import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.password4j.Argon2Function;
import dev.souk.contracts.Fault;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.junit5.VertxExtension;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class PasswordsTest {
    private Vertx vertx;

    @BeforeEach
    void open(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void knowsThePasswordOfAHashAndNoOther() {
        Passwords passwords = passwords(1, 10);
        String hash = await(passwords.hash("P\u00e4ssword \ud83d\ude00", soon()));

        boolean same = await(passwords.matches("P\u00e4ssword \ud83d\ude00", hash, soon()));
        boolean other = await(passwords.matches("p\u00e4ssword \ud83d\ude00", hash, soon()));

        assertThat(same).isTrue();
        assertThat(other).isFalse();
    }

    @Test
    void hashesWithArgon2idAndANewSaltEachTime() {
        Passwords passwords = passwords(1, 10);

        String first = await(passwords.hash("the same words", soon()));
        String second = await(passwords.hash("the same words", soon()));

        // 16 and 32 bytes are 22 and 43 letters of Base64.
        assertThat(List.of(first, second))
                .allMatch(hash -> hash.matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[^$]{22}\\$[^$]{43}"));
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void aDecoyCostsWhatAHashCostsAndMatchesNothing() {
        Passwords passwords = passwords(1, 10);
        String hash = await(passwords.hash("some password", soon()));

        boolean matches = await(passwords.matches("some password", passwords.decoy(), soon()));

        assertThat(matches).isFalse();
        assertThat(Argon2Function.getInstanceFromHash(passwords.decoy()))
                .isEqualTo(Argon2Function.getInstanceFromHash(hash));
        assertThat(passwords.decoy()).hasSameSizeAs(hash);
    }

    @Test
    void doesNotMixUpWhatIsHashedSideBySide() {
        Passwords passwords = passwords(2, 100);
        List<String> words =
                IntStream.range(0, 8).mapToObj(n -> "password of " + n).toList();
        List<String> hashes = await(Future.all(
                        words.stream().map(word -> passwords.hash(word, soon())).toList())
                .map(all -> all.<String>list()));

        List<Boolean> matches = await(Future.all(IntStream.range(0, 8)
                        .mapToObj(n -> passwords.matches(words.get(n), hashes.get(n), soon()))
                        .toList())
                .map(all -> all.<Boolean>list()));

        assertThat(matches).hasSize(8).containsOnly(true);
    }

    @Test
    void refusesAtOnceWhatWouldWaitTooLongAndRecovers() {
        Passwords passwords = passwords(1, 2);
        CountDownLatch release = blockTheWorker();
        List<Future<String>> accepted = IntStream.range(0, 3)
                .mapToObj(n -> passwords.hash("a password", soon()))
                .toList();

        Future<String> refused = passwords.hash("a password", soon());

        assertThat(refused.isComplete()).isTrue();
        assertThat(refusal(() -> await(refused))).isEqualTo(Fault.Code.OVERLOADED);
        assertThat(accepted).noneMatch(Future::isComplete);
        release.countDown();
        assertThat(await(Future.all(accepted)).succeeded()).isTrue();
        assertThat(await(passwords.hash("a password", soon()))).startsWith("$argon2id$");
    }

    @Test
    void dropsWhatWaitedPastItsDeadline() {
        Passwords passwords = passwords(1, 10);
        CountDownLatch release = blockTheWorker();
        Deadline deadline = Deadline.in(Duration.ofMillis(20));
        Future<String> late = passwords.hash("a password", deadline);
        await(vertx.timer(30));

        release.countDown();

        assertThat(deadline.hasPassed()).isTrue();
        assertThat(refusal(() -> await(late))).isEqualTo(Fault.Code.TIMEOUT);
    }

    @Test
    void neverWorksOnAnEventLoop() {
        Passwords passwords = passwords(1, 10);
        CountDownLatch release = blockTheWorker();
        Context loop = vertx.getOrCreateContext();

        Future<String> hash = await(vertx.timer(1).map(fired -> passwords.hash("a password", soon())));
        boolean loopIsFree = await(vertx.timer(1).map(true));

        assertThat(loop.isEventLoopContext()).isTrue();
        assertThat(loopIsFree).isTrue();
        assertThat(hash.isComplete()).isFalse();
        release.countDown();
        assertThat(await(hash)).startsWith("$argon2id$");
    }

    private Passwords passwords(int threads, int waiting) {
        return Passwords.open(vertx, threads, waiting, new SecureRandom());
    }

    /** Keeps the one thread of the pool busy until it is released. */
    private CountDownLatch blockTheWorker() {
        CountDownLatch release = new CountDownLatch(1);
        WorkerExecutor samePool = vertx.createSharedWorkerExecutor(Passwords.POOL);
        samePool.executeBlocking(
                () -> {
                    release.await();
                    return null;
                },
                false);
        return release;
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(15));
    }
}
