package dev.souk.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.souk.contracts.Fault;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Slows down who guesses passwords, and locks nobody out.
 *
 * <p>Only wrong passwords count: each attempt takes from the account's pot and from its address's, and gets it back if it
 * was not wrong. All strangers share one pot for an account; an address from which the account was entered lately has a
 * pot of its own for it, so that an owner in a usual place is let in whatever strangers try. An account is what a mail
 * names, whether there is one or not, and is refused before anyone is asked: no answer and no time tells them apart.
 */
final class LogInThrottle {
    private static final int MAX_KNOWN = 100_000;
    private static final Duration KNOWN_FOR = Duration.ofDays(30);

    private final Buckets accounts;
    private final Buckets addresses;
    private final Cache<String, Boolean> entered;

    LogInThrottle(Buckets accounts, Buckets addresses, TimeMeter time) {
        this.accounts = accounts;
        this.addresses = addresses;
        this.entered = Caffeine.newBuilder()
                .maximumSize(MAX_KNOWN)
                .expireAfterWrite(KNOWN_FOR)
                .ticker(time::currentTimeNanos)
                .executor(Runnable::run)
                .build();
    }

    <T> Future<T> allow(String name, String client, Supplier<Future<T>> attempt) {
        String account = digest(name);
        String here = account + " " + client;
        String pot = entered.getIfPresent(here) == null ? account : here;
        Allowance ofAddress = addresses.take(client);
        if (!ofAddress.granted()) {
            return refused(ofAddress);
        }
        Allowance ofAccount = accounts.take(pot);
        if (!ofAccount.granted()) {
            addresses.giveBack(client);
            return refused(ofAccount);
        }
        return attempt.get()
                .onSuccess(in -> entered.put(here, true))
                .onComplete(in -> giveBack(pot, client), failure -> {
                    if (!isWrong(failure)) {
                        giveBack(pot, client);
                    }
                });
    }

    private void giveBack(String pot, String client) {
        accounts.giveBack(pot);
        addresses.giveBack(client);
    }

    private static <T> Future<T> refused(Allowance allowance) {
        return Future.failedFuture(
                allowance.refused("Too many log-ins failed lately.").refusal());
    }

    private static boolean isWrong(Throwable failure) {
        return failure instanceof Fault fault
                && (fault.code() == Fault.Code.INVALID_CREDENTIALS
                        || fault.violations().stream()
                                .anyMatch(violation -> violation.pointer().equals("/currentPassword")));
    }

    /** Mails that name one account are one here; none of them is kept. */
    private static String digest(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(name.strip().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
