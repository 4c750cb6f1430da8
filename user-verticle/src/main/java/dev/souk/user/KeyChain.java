package dev.souk.user;

import dev.souk.contracts.Users.KeySet;
import java.time.Instant;
import java.util.List;

/**
 * The keys of the shop at one time, the same in every instance.
 *
 * @param keys first the one that signs last; at least one
 */
record KeyChain(List<SigningKey> keys) {
    KeyChain {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("keys: must not be empty");
        }
    }

    /** The last that is to sign. */
    SigningKey newest() {
        return keys.getFirst();
    }

    /** The key that new tokens are signed with: where clocks differ so much that no key's time has come, the oldest. */
    SigningKey signingAt(Instant now) {
        return keys.stream()
                .filter(key -> !key.signsFrom().isAfter(now))
                .findFirst()
                .orElseGet(keys::getLast);
    }

    /** What anyone checks tokens with. */
    KeySet publishedAt(Instant now) {
        SigningKey signing = signingAt(now);
        return new KeySet(keys.stream()
                .filter(key -> key.equals(signing)
                        || key.publishedUntil().filter(now::isAfter).isEmpty())
                .map(SigningKey::publicJwk)
                .toList());
    }
}
