package dev.souk.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * One quota for each of many clients, each client with its own bucket (token buckets, by Bucket4j), in the memory of this
 * gateway alone. Of the whole quota a gateway gives out its part; a client that all gateways see gets the whole of it.
 * Bounded: a client that was forgotten, because too many others came, begins with a full bucket.
 */
final class Buckets {
    private static final int MAX_CLIENTS = 20_000;
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private final Quota quota;
    private final IntSupplier gateways;
    private final TimeMeter time;
    private final Cache<String, Held> held;

    /** A client's bucket and the part that it was made for. */
    private record Held(Bucket bucket, int gateways, Quota part, String policy) {}

    /** @param gateways how many share the quota at this moment; asked each time, so it must cost nothing */
    Buckets(Quota quota, IntSupplier gateways, TimeMeter time) {
        this.quota = quota;
        this.gateways = gateways;
        this.time = time;
        this.held = Caffeine.newBuilder()
                .maximumSize(MAX_CLIENTS)
                .expireAfterAccess(FORGOTTEN)
                .ticker(time::currentTimeNanos)
                .executor(Runnable::run)
                .build();
    }

    /** Takes one if there is one left. */
    Allowance take(String client) {
        Held mine = held(client);
        ConsumptionProbe probe = mine.bucket().tryConsumeAndReturnRemaining(1);
        return new Allowance(
                probe.isConsumed(),
                mine.policy(),
                mine.part().state(probe.getRemainingTokens(), probe.getNanosToWaitForReset()),
                Math.max(1, Quota.seconds(probe.getNanosToWaitForRefill())));
    }

    /** Gives one back that was taken for nothing. */
    void giveBack(String client) {
        held(client).bucket().addTokens(1);
    }

    private Held held(String client) {
        int sharing = Math.max(1, gateways.getAsInt());
        Held mine = held.get(client, first -> opened(sharing));
        if (mine.gateways() == sharing) {
            return mine;
        }
        Held adapted = adapted(mine.bucket(), sharing);
        held.put(client, adapted);
        return adapted;
    }

    private Held opened(int sharing) {
        Quota part = quota.sharedBy(sharing);
        Bucket bucket = Bucket.builder()
                .addLimit(part.configuration().getBandwidths()[0])
                .withCustomTimePrecision(time)
                .build();
        return new Held(bucket, sharing, part, part.policy());
    }

    /** Gateways come and go: what is left is left in proportion, so that nobody gains a full bucket by it. */
    private Held adapted(Bucket bucket, int sharing) {
        Quota part = quota.sharedBy(sharing);
        bucket.replaceConfiguration(part.configuration(), TokensInheritanceStrategy.PROPORTIONALLY);
        return new Held(bucket, sharing, part, part.policy());
    }
}
