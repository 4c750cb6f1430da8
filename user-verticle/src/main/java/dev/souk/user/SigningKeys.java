package dev.souk.user;

import dev.souk.contracts.Users.KeySet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;

/** The keys that access tokens are signed with, newest first: the same in every instance, and after every restart. */
record SigningKeys(List<SigningKey> keys) {
    SigningKeys {
        keys = List.copyOf(keys);
    }

    /** The stored keys; the first instance of all makes one. */
    static Future<SigningKeys> load(Vertx vertx, SigningKeyRepository stored, Clock clock) {
        return stored.findAll()
                .compose(found -> found.isEmpty()
                        ? vertx.executeBlocking(() -> SigningKey.generate(clock.instant()))
                                .compose(stored::insertIfNone)
                        : Future.succeededFuture(found))
                .map(SigningKeys::new);
    }

    /** The key that new tokens are signed with. */
    SigningKey current() {
        return keys.getFirst();
    }

    /** What anyone checks tokens with. */
    KeySet published() {
        return new KeySet(keys.stream().map(SigningKey::publicJwk).toList());
    }
}
