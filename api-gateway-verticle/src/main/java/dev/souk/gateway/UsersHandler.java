package dev.souk.gateway;

import dev.souk.contracts.Users;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.kit.bus.Bus;
import io.vertx.core.Future;

/** Accounts, log-in and the public keys, over HTTP. */
final class UsersHandler {
    private final Bus bus;

    UsersHandler(Bus bus) {
        this.bus = bus;
    }

    Future<Answer> register(ApiRequest request) {
        return bus.call(Users.REGISTER, request.body(Users.Register.class), request.context())
                .map(user -> Answer.created("/api/v1/users/" + user.id(), user));
    }

    Future<Answer> logIn(ApiRequest request) {
        return bus.call(Users.LOG_IN, request.body(Users.LogIn.class), request.context())
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
                .map(Answer::ok);
    }

    Future<Answer> get(ApiRequest request) {
        return bus.call(Users.GET, new Users.Get(request.uuid("userId")), request.context())
                .map(Answer::ok);
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
