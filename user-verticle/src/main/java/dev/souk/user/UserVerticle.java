package dev.souk.user;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Users;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.db.Database;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.security.SecureRandom;

/** The user service: accounts, passwords, access tokens. */
public final class UserVerticle extends VerticleBase {
    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(UserConfig.SERVICE, UserConfig.SETTINGS, UserVerticle::new);

    private final ServiceContext context;
    private final SecureRandom random = new SecureRandom();
    private Passwords passwords;
    private Database database;
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
                .onSuccess(opened -> database = opened)
                .compose(opened -> makeFirstAdmin(config))
                .compose(made -> SigningKeys.load(vertx, new SigningKeyRepository(database), context.clock()))
                .compose(keys -> serve(config, rules, keys))
                .onSuccess(serving -> endpoint = serving)
                // Vert.x does not stop a verticle whose start has failed.
                .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
    }

    @Override
    public Future<?> stop() {
        return (endpoint == null ? Future.<Void>succeededFuture() : endpoint.close())
                .eventually(() -> passwords == null ? Future.succeededFuture() : passwords.close())
                .eventually(() -> database == null ? Future.succeededFuture() : database.close());
    }

    private Future<Void> makeFirstAdmin(UserConfig config) {
        var accounts = new AccountRepository(database);
        return new FirstAdmin(accounts, passwords, context.clock(), context.ids(), random, context.announce())
                .ensure(config.admin());
    }

    private Future<Endpoint> serve(UserConfig config, AccountRules rules, SigningKeys keys) {
        var tokens = new Tokens(vertx, keys.current(), config.accessTokenTtl(), context.clock());
        var repository = new AccountRepository(database);
        var accounts = new AccountService(repository, rules, passwords, tokens, context.clock(), context.ids());
        return context.serve(
                UserConfig.SERVICE,
                database::ping,
                on(Users.REGISTER, accounts::register),
                on(Users.LOG_IN, accounts::logIn),
                on(Users.GET, accounts::get),
                on(Users.LIST, accounts::list),
                on(Users.KEYS, (asked, call) -> Future.succeededFuture(keys.published())));
    }
}
