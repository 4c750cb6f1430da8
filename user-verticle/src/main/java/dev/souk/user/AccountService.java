package dev.souk.user;

import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Users.Change;
import dev.souk.contracts.Users.Find;
import dev.souk.contracts.Users.Get;
import dev.souk.contracts.Users.LogIn;
import dev.souk.contracts.Users.Register;
import dev.souk.contracts.Users.Token;
import dev.souk.contracts.Users.User;
import dev.souk.contracts.Users.UserPage;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.db.Page;
import dev.souk.user.AccountRepository.Position;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Who may have an account, log in, change the account, and see accounts. */
final class AccountService {
    private final AccountRepository accounts;
    private final AccountRules rules;
    private final Passwords passwords;
    private final Sessions sessions;
    private final Runnable tellEvents;
    private final Clock clock;
    private final Supplier<UUID> ids;

    /** @param tellEvents is run when there are new events to be delivered */
    AccountService(
            AccountRepository accounts,
            AccountRules rules,
            Passwords passwords,
            Sessions sessions,
            Runnable tellEvents,
            Clock clock,
            Supplier<UUID> ids) {
        this.accounts = accounts;
        this.rules = rules;
        this.passwords = passwords;
        this.sessions = sessions;
        this.tellEvents = tellEvents;
        this.clock = clock;
        this.ids = ids;
    }

    /** Whoever registers becomes a customer. */
    Future<User> register(Register asked, CallContext context) {
        Register registration = rules.check(asked);
        return passwords
                .hash(registration.password(), context.deadline())
                .map(hash -> customer(registration, hash))
                .compose(this::store)
                .map(Account::toUser);
    }

    /** An unknown mail takes the same steps as a wrong password, and the same time. */
    Future<Token> logIn(LogIn asked, CallContext context) {
        String email = AccountRules.required("/email", asked.email()).strip();
        String password = AccountRules.required("/password", asked.password());
        return find(email)
                .compose(found -> withPassword(found, password, context.deadline()))
                .compose(sessions::begin)
                .map(begun -> begun.orElseThrow(AccountService::wrongCredentials));
    }

    /** The caller's own account. Where nothing would be another than it is, nothing happens. */
    Future<User> change(Change asked, CallContext context) {
        return accounts.findById(context.requireCaller().userId())
                .map(found -> found.orElseThrow(() -> Fault.notFound("user")))
                .compose(account -> change(account, rules.check(asked, account), context.deadline()))
                .map(Account::toUser);
    }

    /** For the user themselves, an admin, or a service that asks on its own. */
    Future<User> get(Get asked, CallContext context) {
        UUID userId = AccountRules.required("userId", asked.userId());
        if (!context.caller().map(caller -> caller.mayActFor(userId)).orElse(true)) {
            throw Fault.notFound("user");
        }
        return accounts.findById(userId)
                .map(found -> found.orElseThrow(() -> Fault.notFound("user")).toUser());
    }

    Future<UserPage> list(Find asked, CallContext context) {
        context.requireAdmin();
        int limit = Page.limit(asked.limit());
        String text = Objects.requireNonNullElse(asked.q(), "").strip();
        Position after = asked.cursor() == null ? Position.TOP : Position.from(asked.cursor());
        return accounts.find(text, after, limit + 1)
                .map(rows ->
                        Page.of(rows, limit, account -> Position.of(account).toCursor()))
                .map(AccountService::toUsers);
    }

    private Future<Account> change(Account account, Change change, Deadline deadline) {
        if (change.name() == null && !AccountRules.needsPassword(change)) {
            return Future.succeededFuture(account);
        }
        return proof(account, change, deadline)
                .compose(proved -> newHash(change, deadline)
                        .compose(hash -> accounts.change(
                                account.id(), change.name(), change.email(), hash, proved, clock.instant())))
                .map(changed -> changed.orElseThrow(AccountService::wrongPassword))
                .onSuccess(changed -> tellEvents.run());
    }

    /** The hash of the password that the user has proved to know; null if this change needs no proof. */
    private Future<String> proof(Account account, Change change, Deadline deadline) {
        if (!AccountRules.needsPassword(change)) {
            return Future.succeededFuture();
        }
        return passwords
                .matches(change.currentPassword(), account.passwordHash(), deadline)
                .map(matches -> {
                    if (!matches) {
                        throw wrongPassword();
                    }
                    return account.passwordHash();
                });
    }

    private Future<String> newHash(Change change, Deadline deadline) {
        return change.newPassword() == null ? Future.succeededFuture() : passwords.hash(change.newPassword(), deadline);
    }

    private Account customer(Register registration, String hash) {
        return new Account(ids.get(), registration.name(), registration.email(), Role.CUSTOMER, hash, clock.instant());
    }

    private Future<Account> store(Account account) {
        return accounts.insert(account).map(stored -> {
            if (!stored) {
                throw Fault.of(Fault.Code.EMAIL_TAKEN, "Another account has this e-mail address.");
            }
            tellEvents.run();
            return account;
        });
    }

    private Future<Optional<Account>> find(String email) {
        return rules.isEmail(email) ? accounts.findByEmail(email) : Future.succeededFuture(Optional.empty());
    }

    private Future<Account> withPassword(Optional<Account> found, String password, Deadline deadline) {
        String hash = found.map(Account::passwordHash).orElseGet(passwords::decoy);
        return passwords
                .matches(password, hash, deadline)
                .map(matches -> found.filter(account -> matches).orElseThrow(AccountService::wrongCredentials));
    }

    private static Fault wrongCredentials() {
        return Fault.of(Fault.Code.INVALID_CREDENTIALS, "No account has this e-mail address and password.");
    }

    private static Fault wrongPassword() {
        return Fault.invalid("/currentPassword", "is not the password of this account");
    }

    private static UserPage toUsers(Page<Account> page) {
        return new UserPage(page.items().stream().map(Account::toUser).toList(), page.nextCursor());
    }
}
