package dev.souk.order;

import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * The way to a database. When it is bad, some answers of commits get lost on it, and some of everything else: what was
 * asked for has happened, and the connection is gone.
 */
final class ForgetfulLink {

    /** How the database says that a transaction, or a statement that is one, has happened. */
    private static final Pattern WRITTEN = Pattern.compile("COMMIT\\x00|INSERT 0 [1-9]|UPDATE [1-9]|DELETE [1-9]");

    private static final int ONE_COMMIT_IN = 3;
    private static final int ONE_ANSWER_IN = 60;

    private final Vertx vertx;
    private final int databasePort;
    private final NetServer server;
    private final Random random = new Random(11);
    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger lostCommits = new AtomicInteger();
    private volatile boolean isBad;

    ForgetfulLink(Vertx vertx, int databasePort) {
        this.vertx = vertx;
        this.databasePort = databasePort;
        this.server = ServiceFixture.await(
                vertx.createNetServer().connectHandler(this::connect).listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    void goesBad() {
        isBad = true;
    }

    void isMended() {
        isBad = false;
    }

    /** How many commits happened while the link was bad. */
    int commits() {
        return commits.get();
    }

    /** How many commits happened whose answer never came. */
    int lostCommits() {
        return lostCommits.get();
    }

    private void connect(NetSocket client) {
        client.pause();
        vertx.createNetClient()
                .connect(databasePort, "127.0.0.1")
                .onSuccess(database -> {
                    new Pipe(client, database).open();
                    client.resume();
                })
                .onFailure(unreachable -> client.close());
    }

    private final class Pipe {
        private final NetSocket client;
        private final NetSocket database;

        Pipe(NetSocket client, NetSocket database) {
            this.client = client;
            this.database = database;
        }

        void open() {
            client.handler(this::ask);
            database.handler(this::answer);
            client.closeHandler(closed -> database.close());
            database.closeHandler(closed -> client.close());
        }

        private void ask(Buffer request) {
            database.write(request);
        }

        private void answer(Buffer reply) {
            boolean isCommitting =
                    WRITTEN.matcher(reply.toString(StandardCharsets.ISO_8859_1)).find();
            if (isBad && isCommitting) {
                commits.incrementAndGet();
            }
            if (isBad && isLost(isCommitting)) {
                lostCommits.addAndGet(isCommitting ? 1 : 0);
                client.close();
            } else {
                client.write(reply);
            }
        }

        /** The first commit is always lost: a slow machine may not make many. */
        private boolean isLost(boolean isCommitting) {
            return isCommitting && lostCommits.get() == 0
                    || random.nextInt(isCommitting ? ONE_COMMIT_IN : ONE_ANSWER_IN) == 0;
        }
    }
}
