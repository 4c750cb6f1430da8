package dev.souk.gateway.grpc;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders.Entry;
import dev.souk.gateway.grpc.v1.TimelineEntry;
import dev.souk.gateway.http.DeadlinePassed;
import dev.souk.gateway.stream.Follower;
import dev.souk.kit.bus.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A client that follows an order by a stream of replies. */
final class OrderFollower implements Follower {
    private final Vertx vertx;
    private final GrpcCall call;
    private final Function<Throwable, GrpcProblem> problems;
    private final Optional<Long> expiry;
    private Runnable gone = () -> {};
    private boolean begun;

    /** It is told for as long as the client said that it waits, if it did. */
    OrderFollower(Vertx vertx, GrpcCall call, Function<Throwable, GrpcProblem> problems) {
        this.vertx = vertx;
        this.call = call;
        this.problems = problems;
        this.expiry = call.deadline()
                .map(deadline -> vertx.setTimer(Math.max(1, deadline.remaining().toMillis()), passed -> expire()));
    }

    @Override
    public void onGone(Runnable action) {
        gone = () -> {
            rest();
            action.run();
        };
        call.onGone(gone);
    }

    @Override
    public boolean isBehind() {
        return call.isBehind();
    }

    @Override
    public Future<Void> beat() {
        if (begun) {
            return call.ping();
        }
        begun = true;
        return call.begin();
    }

    @Override
    public Future<Void> tell(List<Entry> entries) {
        return Future.succeededFuture(entries)
                .map(told -> told.stream().map(OrderFollower::reply).toList())
                .onFailure(failure -> call.fail(problems.apply(failure)).otherwiseEmpty())
                .compose(replies -> Future.all(replies.stream().map(call::write).toList()))
                .mapEmpty();
    }

    @Override
    public Future<Void> end() {
        rest();
        return call.end();
    }

    @Override
    public Future<Void> fail(Fault reason) {
        rest();
        return call.fail(problems.apply(reason));
    }

    @Override
    public void cut() {
        rest();
        call.cut();
    }

    private void expire() {
        gone.run();
        call.fail(problems.apply(new DeadlinePassed())).otherwiseEmpty();
    }

    private void rest() {
        expiry.ifPresent(vertx::cancelTimer);
    }

    private static TimelineEntry reply(Entry entry) {
        return JsonMessages.read(WireFormat.mapper().valueToTree(entry), TimelineEntry.getDefaultInstance());
    }
}
