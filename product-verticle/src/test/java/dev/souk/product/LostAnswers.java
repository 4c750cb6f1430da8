package dev.souk.product;

import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a service and its database and can cut the line in the moment in which a commit is answered. */
final class LostAnswers {
    /** How PostgreSQL's protocol says that a transaction was committed. */
    private static final String COMMITTED = "COMMIT\0";

    private final Vertx vertx;
    private final URI database;
    private final AtomicInteger toLose = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final NetServer server;

    LostAnswers(Vertx vertx, String databaseUrl) {
        this.vertx = vertx;
        this.database = URI.create(databaseUrl);
        this.server = ServiceFixture.await(
                vertx.createNetServer().connectHandler(this::connect).listen(0, "127.0.0.1"));
    }

    /** The same database by this way. */
    String url() {
        return "postgresql://" + database.getRawUserInfo() + "@127.0.0.1:" + server.actualPort()
                + database.getRawPath();
    }

    /** From now on, so many commits take place whose answers never come. */
    void lose(int answers) {
        toLose.set(answers);
    }

    /** How many answers were lost so far. */
    int lost() {
        return lost.get();
    }

    private void connect(NetSocket client) {
        client.pause();
        vertx.createNetClient()
                .connect(database.getPort(), database.getHost())
                .onFailure(failure -> client.close())
                .onSuccess(postgres -> join(client, postgres));
    }

    private void join(NetSocket client, NetSocket postgres) {
        client.handler(postgres::write);
        client.closeHandler(closed -> postgres.close());
        postgres.closeHandler(closed -> client.close());
        postgres.handler(answer -> {
            if (isCommit(answer) && toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                lost.incrementAndGet();
                client.close();
            } else {
                client.write(answer);
            }
        });
        client.resume();
    }

    private static boolean isCommit(Buffer answer) {
        return answer.toString(StandardCharsets.ISO_8859_1).contains(COMMITTED);
    }
}
