package dev.souk.user;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.souk.contracts.Fault;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hashes and checks passwords with Argon2id (RFC 9106) at 19 MiB, two passes and one lane, the least that OWASP's
 * password storage guide recommends. That costs tens of milliseconds of a core, so it has its own few threads, and only
 * so many wait for them: more are refused with {@code OVERLOADED} at once, and what waited past its deadline is refused
 * with {@code TIMEOUT} instead of being done.
 */
final class Passwords {
    static final String POOL = "password-hashing";

    private static final int MEMORY_KIB = 19 * 1_024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final Argon2Function ARGON2 = Argon2Function.getInstance(
            MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID, Argon2Function.ARGON2_VERSION_13);

    private final WorkerExecutor workers;
    private final int limit;
    private final SecureRandom random;
    private final String decoy;
    private final AtomicInteger unfinished = new AtomicInteger();

    private Passwords(WorkerExecutor workers, int limit, SecureRandom random) {
        this.workers = workers;
        this.limit = limit;
        this.random = random;
        this.decoy = "$argon2id$v=" + Argon2Function.ARGON2_VERSION_13 + "$m=" + MEMORY_KIB + ",t=" + PASSES + ",p="
                + LANES + "$" + randomText(SALT_BYTES) + "$" + randomText(HASH_BYTES);
    }

    /**
     * @param threads how many are hashed at once
     * @param waiting how many more may wait for their turn
     */
    static Passwords open(Vertx vertx, int threads, int waiting, SecureRandom random) {
        return new Passwords(vertx.createSharedWorkerExecutor(POOL, threads), threads + waiting, random);
    }

    /** The password's hash with a new salt, in Argon2's encoded form. */
    Future<String> hash(String password, Deadline deadline) {
        return run(
                deadline,
                () -> ARGON2.hash(password.getBytes(StandardCharsets.UTF_8), randomBytes(SALT_BYTES))
                        .getResult());
    }

    /** Whether a hash was made of this password. */
    Future<Boolean> matches(String password, String encoded, Deadline deadline) {
        return run(
                deadline,
                () -> Argon2Function.getInstanceFromHash(encoded)
                        .check(password.getBytes(StandardCharsets.UTF_8), encoded.getBytes(StandardCharsets.US_ASCII)));
    }

    /** A hash of no known password: to check against when there is no account, so that it costs the same. */
    String decoy() {
        return decoy;
    }

    Future<Void> close() {
        return workers.close();
    }

    private <T> Future<T> run(Deadline deadline, Callable<T> work) {
        if (unfinished.incrementAndGet() > limit) {
            unfinished.decrementAndGet();
            return Future.failedFuture(Fault.of(Fault.Code.OVERLOADED, "Too many passwords wait to be checked."));
        }
        return workers.executeBlocking(() -> inTime(deadline, work), false)
                .onComplete(done -> unfinished.decrementAndGet());
    }

    private static <T> T inTime(Deadline deadline, Callable<T> work) throws Exception {
        if (deadline.hasPassed()) {
            throw Fault.of(Fault.Code.TIMEOUT, "The password's turn came too late.");
        }
        return work.call();
    }

    private String randomText(int bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(randomBytes(bytes));
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
