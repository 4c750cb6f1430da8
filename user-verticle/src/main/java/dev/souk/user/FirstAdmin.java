package dev.souk.user;

import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Users.Register;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.config.ConfigurationException;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that somebody can run the shop: the admin whom the operator named, or, where nobody is named and there is
 * none, one that is made up. Its password is shown to the operator once and kept nowhere.
 */
final class FirstAdmin {
    private static final Logger LOG = LoggerFactory.getLogger(FirstAdmin.class);
    private static final String EMAIL = "admin@souk.local";
    /** Without what is mistaken for something else when read: 20 of them hold 116 bits. */
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private static final int PASSWORD_LENGTH = 20;
    private static final Duration HASHING_LIMIT = Duration.ofSeconds(30);

    private final AccountRepository accounts;
    private final Passwords passwords;
    private final Clock clock;
    private final Supplier<UUID> ids;
    private final SecureRandom random;
    private final Consumer<String> announce;

    FirstAdmin(
            AccountRepository accounts,
            Passwords passwords,
            Clock clock,
            Supplier<UUID> ids,
            SecureRandom random,
            Consumer<String> announce) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
        this.announce = announce;
    }

    /**
     * Makes the admin that is missing, if one is; may be done by several instances at once. An account that has the named
     * admin's mail is left as it is. Fails with a {@link ConfigurationException} if the made-up mail is a customer's.
     */
    Future<Void> ensure(Optional<Register> named) {
        return named.map(this::makeNamed).orElseGet(this::makeUpIfNone);
    }

    private Future<Void> makeNamed(Register named) {
        return accounts.findByEmail(named.email())
                .compose(found -> found.isPresent() ? Future.succeededFuture(false) : insertNamed(named))
                .onSuccess(made -> log(made, named.email()))
                .mapEmpty();
    }

    private Future<Boolean> insertNamed(Register named) {
        return admin(named).compose(accounts::insert);
    }

    private Future<Void> makeUpIfNone() {
        return accounts.hasAdmin().compose(found -> found ? Future.succeededFuture() : makeUp());
    }

    private Future<Void> makeUp() {
        Register madeUp = new Register(UserConfig.ADMIN_NAME, EMAIL, password());
        return accounts.findByEmail(EMAIL)
                .compose(this::refuseCustomer)
                .compose(free -> admin(madeUp))
                .compose(accounts::insertIfNoAdmin)
                .onSuccess(made -> log(made, EMAIL))
                .onSuccess(made -> tell(made, madeUp))
                .mapEmpty();
    }

    private Future<Void> refuseCustomer(Optional<Account> holder) {
        if (holder.filter(account -> account.role() != Role.ADMIN).isPresent()) {
            throw new ConfigurationException(UserConfig.ADMIN_EMAIL.name() + ": must be set, for there is no admin and "
                    + EMAIL + " is a customer's");
        }
        return Future.succeededFuture();
    }

    private Future<Account> admin(Register asked) {
        return passwords
                .hash(asked.password(), Deadline.in(HASHING_LIMIT))
                .map(hash -> new Account(ids.get(), asked.name(), asked.email(), Role.ADMIN, hash, clock.instant()));
    }

    private String password() {
        return random.ints(PASSWORD_LENGTH, 0, LETTERS.length())
                .mapToObj(index -> LETTERS.substring(index, index + 1))
                .collect(Collectors.joining());
    }

    private void tell(boolean made, Register madeUp) {
        if (made) {
            announce.accept("admin log-in: " + madeUp.email() + "  password: " + madeUp.password() + "  (shown once)");
        }
    }

    private static void log(boolean made, String email) {
        if (made) {
            LOG.info("made the admin {}", email);
        }
    }
}
