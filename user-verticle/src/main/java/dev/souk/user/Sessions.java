package dev.souk.user;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Users.LogOut;
import dev.souk.contracts.Users.Refresh;
import dev.souk.contracts.Users.Token;
import dev.souk.kit.bus.CallContext;
import dev.souk.user.SessionRepository.Renewal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a log-in lasts. A refresh token is good once; whoever comes with a spent one, be it a thief, the one who was
 * stolen from, or somebody who never heard the answer to the first try, ends the log-in for all who share it, and the user
 * logs in again.
 */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

    private final SessionRepository sessions;
    private final Tokens tokens;
    private final Limits limits;
    private final Clock clock;
    private final SecureRandom random;

    /**
     * @param idle for how long a refresh token is good
     * @param total when a log-in ends, however often it is renewed
     */
    record Limits(Duration idle, Duration total) {}

    Sessions(SessionRepository sessions, Tokens tokens, Limits limits, Clock clock, SecureRandom random) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.limits = limits;
        this.clock = clock;
        this.random = random;
    }

    /** Begins to forget, now and then, what is over. */
    void start(Vertx vertx) {
        vertx.setPeriodic(SWEEP_INTERVAL.toMillis(), id -> forgetExpired());
    }

    /** The tokens of a new log-in; empty if the password that was proved is not the account's any more. */
    Future<Optional<Token>> begin(Account account) {
        RefreshToken first = RefreshToken.first(random);
        Instant now = clock.instant();
        Instant ends = now.plus(limits.total());
        // Whether it can be signed is found out first: a token that nobody is told of would be spent for nothing.
        return tokens.signer()
                .compose(signer -> sessions.begin(first, account, now, earlier(now.plus(limits.idle()), ends), ends)
                        .map(begun -> begun
                                ? Optional.of(signer.issue(new Caller(account.id(), account.role()), first))
                                : Optional.empty()));
    }

    /** New tokens for a refresh token. Fails with {@code UNAUTHENTICATED}, in the same words whatever is wrong with it. */
    Future<Token> refresh(Refresh asked, CallContext context) {
        RefreshToken spent = RefreshToken.parse(AccountRules.required("/refreshToken", asked.refreshToken()))
                .orElseThrow(Sessions::refused);
        RefreshToken next = spent.next(random);
        Instant now = clock.instant();
        return tokens.signer()
                .compose(signer -> sessions.renew(spent, next, now, now.plus(limits.idle()))
                        .map(renewal -> signer.issue(callerOf(renewal), next)));
    }

    /** Any text is well, and so is a second time. */
    Future<Done> logOut(LogOut asked, CallContext context) {
        return RefreshToken.parse(AccountRules.required("/refreshToken", asked.refreshToken()))
                .map(sessions::end)
                .orElseGet(() -> Future.succeededFuture(false))
                .map(Done.DONE);
    }

    /** Forgets all that is over now. */
    Future<Void> forgetExpired() {
        return sessions.forgetExpired(clock.instant())
                .compose(forgotten -> forgotten > 0 ? forgetExpired() : Future.<Void>succeededFuture())
                .onFailure(
                        failure -> LOG.warn("log-ins that are over could not be forgotten: {}", failure.getMessage()));
    }

    private static Caller callerOf(Renewal renewal) {
        return switch (renewal) {
            case Renewal.Renewed(Caller caller) -> caller;
            case Renewal.SpentTwice spent -> {
                LOG.warn("a refresh token of user {} was spent twice: its log-in is over", spent.userId());
                throw refused();
            }
            case Renewal.Unknown unknown -> throw refused();
        };
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Fault refused() {
        return Fault.of(Fault.Code.UNAUTHENTICATED, "The refresh token is not valid, or not any more. Log in again.");
    }
}
