package dev.souk.gateway;

import dev.souk.contracts.Users;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.limit.RateLimits;
import dev.souk.kit.bus.Bus;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** Accounts, log-in and the public keys, over HTTP. */
final class UsersHandler {
    private final Bus bus;
    private final RateLimits limits;

    UsersHandler(Bus bus, RateLimits limits) {
        this.bus = bus;
        this.limits = limits;
    }

    Future<Answer> register(ApiRequest request) {
        Users.Register register = request.body(Users.Register.class);
        limits.registration(request.client().network());
        return bus.call(Users.REGISTER, register, request.context())
                .map(user -> Answer.created("/api/v1/users/" + user.id(), user));
    }

    Future<Answer> logIn(ApiRequest request) {
        Users.LogIn logIn = request.body(Users.LogIn.class);
        return limits.password(
                        logIn.email(),
                        request.client().network(),
                        () -> bus.call(Users.LOG_IN, logIn, request.context()))
                .map(Answer::ok);
    }

    Future<Answer> refresh(ApiRequest request) {
        return bus.call(Users.REFRESH, request.body(Users.Refresh.class), request.context())
                .map(Answer::ok);
    }

    Future<Answer> logOut(ApiRequest request) {
        return bus.call(Users.LOG_OUT, request.body(Users.LogOut.class), request.context())
                .map(ended -> Answer.done());
    }

    Future<Answer> changeMe(ApiRequest request) {
        Users.Change change = request.body(Users.Change.class);
        Supplier<Future<Users.User>> attempt = () -> bus.call(Users.CHANGE, change, request.context());
        // Whoever has got hold of a token is not to find out the password by it.
        return (change.currentPassword() == null
                        ? attempt.get()
                        : limits.password(
                                request.caller().userId().toString(),
                                request.client().network(),
                                attempt))
                .map(Answer::ok);
    }

    Future<Answer> me(ApiRequest request) {
        return bus.call(Users.GET, new Users.Get(request.caller().userId()), request.context())
                .map(user -> Answer.ok(user).unlessHeldBy(request));
    }

    Future<Answer> get(ApiRequest request) {
        return bus.call(Users.GET, new Users.Get(request.uuid("userId")), request.context())
                .map(user -> Answer.ok(user).unlessHeldBy(request));
    }

    Future<Answer> list(ApiRequest request) {
        Users.Find find = new Users.Find(
                request.text("q").orElse(null),
                request.number("limit").orElse(null),
                request.text("cursor").orElse(null));
        return bus.call(Users.LIST, find, request.context()).map(Answer::ok);
    }

    Future<Answer> keys(ApiRequest request) {
        return bus.call(Users.KEYS, new Users.GetKeys(), request.context())
                .map(keys -> Answer.ok(keys).with("Cache-Control", "public, max-age=300"));
    }
}
