package dev.souk.gateway;

import dev.souk.contracts.Users;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.limit.RateLimits;
import dev.souk.kit.bus.Bus;
import io.vertx.core.Future;

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
        limits.registration(request.client());
        return bus.call(Users.REGISTER, register, request.context())
                .map(user -> Answer.created("/api/v1/users/" + user.id(), user));
    }

    Future<Answer> logIn(ApiRequest request) {
        Users.LogIn logIn = request.body(Users.LogIn.class);
        return limits.logIn(logIn.email(), request.client(), () -> bus.call(Users.LOG_IN, logIn, request.context()))
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
        return bus.call(Users.CHANGE, request.body(Users.Change.class), request.context())
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
