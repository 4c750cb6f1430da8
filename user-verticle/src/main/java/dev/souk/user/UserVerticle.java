package dev.souk.user;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.UserEvent;
import dev.souk.contracts.Users;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.db.Database;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.event.Outbox;
import dev.souk.kit.event.Outbox.History;
import dev.souk.kit.event.Routes;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.security.SecureRandom;
import java.util.Map;

/** The user service: accounts, passwords, log-ins, and the keys that access tokens are signed with. */
public final class UserVerticle extends VerticleBase {
    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(UserConfig.SERVICE, UserConfig.SETTINGS, UserVerticle::new);

    private static final History HISTORY = new History("user_event", "user_id");
    private static final Routes ROUTES = new Routes(Map.of("notification", EventFormat.types(UserEvent.class)));

    private final ServiceContext context;
    private final SecureRandom random = new SecureRandom();
    private Passwords passwords;
    private Database database;
    private AccountRepository accounts;
    private Outbox outbox;
    private Endpoint endpoint;

    UserVerticle(ServiceContext context) {
        this.context = context;
    }

    @Override
    public Future<?> start() {
        var rules = new AccountRules(CommonPasswords.load());
        var config = UserConfig.from(context.environment(), rules);
        passwords = Passwords.open(vertx, config.passwordWorkers(), config.passwordQueue(), random);
        return context.openDatabase(config.database())
                .onSuccess(this::use)
                .compose(opened -> makeFirstAdmin(config))
                .compose(made -> SigningKeys.open(
                        vertx, new SigningKeyRepository(database), config.keySchedule(), context.clock()))
                .compose(keys -> outbox.start().compose(started -> serve(config, rules, keys)))
                .onSuccess(serving -> endpoint = serving)
                // Vert.x does not stop a verticle whose start has failed.
                .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
    }

    @Override
    public Future<?> stop() {
        return (endpoint == null ? Future.<Void>succeededFuture() : endpoint.close())
                .eventually(() -> passwords == null ? Future.succeededFuture() : passwords.close())
                .eventually(() -> outbox == null ? Future.succeededFuture() : outbox.stop())
                .eventually(() -> database == null ? Future.succeededFuture() : database.close());
    }

    private void use(Database opened) {
        database = opened;
        accounts = new AccountRepository(database, ROUTES, context.node(), context.ids());
        String owner = context.ids().get().toString();
        outbox = context.outbox(database, UserConfig.SERVICE, owner, HISTORY, ROUTES);
    }

    private Future<Void> makeFirstAdmin(UserConfig config) {
        return new FirstAdmin(accounts, passwords, context.clock(), context.ids(), random, context.announce())
                .ensure(config.admin());
    }

    private Future<Endpoint> serve(UserConfig config, AccountRules rules, SigningKeys keys) {
        var tokens = new Tokens(vertx, keys::current, config.accessTokenTtl(), context.clock(), context.ids());
        var sessions =
                new Sessions(new SessionRepository(database), tokens, config.sessions(), context.clock(), random);
        var service =
                new AccountService(accounts, rules, passwords, sessions, outbox::wake, context.clock(), context.ids());
        sessions.start(vertx);
        return context.serve(
                UserConfig.SERVICE,
                database::ping,
                on(Users.REGISTER, service::register),
                on(Users.LOG_IN, service::logIn),
                on(Users.REFRESH, sessions::refresh),
                on(Users.LOG_OUT, sessions::logOut),
                on(Users.CHANGE, service::change),
                on(Users.GET, service::get),
                on(Users.LIST, service::list),
                on(Users.KEYS, (asked, call) -> keys.published()));
    }
}
