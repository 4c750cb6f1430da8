package dev.souk.kit.db;

import dev.souk.kit.testing.ServiceFixture;
import dev.souk.postgres.EmbeddedPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a PostgreSQL and cuts connections around their commits: before it hears of them, or before it answers. */
final class CuttingProxy {
    private final NetClient client;
    private final NetServer server;
    private final EmbeddedPostgres.Database target;
    private final Random random = new Random(11);
    private volatile boolean cutting;
    private final AtomicInteger cutBefore = new AtomicInteger();
    private final AtomicInteger cutAfter = new AtomicInteger();

    CuttingProxy(Vertx vertx, EmbeddedPostgres.Database target) {
        this.target = target;
        this.client = vertx.createNetClient();
        this.server = ServiceFixture.await(
                vertx.createNetServer().connectHandler(this::relay).listen(0, "127.0.0.1"));
    }

    String url() {
        return target.url().replace(target.host() + ":" + target.port(), "127.0.0.1:" + server.actualPort());
    }

    /** Begins to cut. */
    void start() {
        cutting = true;
    }

    /** How many commits the server never heard of. */
    int cutBefore() {
        return cutBefore.get();
    }

    /** How many commits happened without anybody hearing of it. */
    int cutAfter() {
        return cutAfter.get();
    }

    private void relay(NetSocket caller) {
        caller.pause();
        client.connect(target.port(), target.host())
                .onSuccess(server -> relay(caller, server))
                .onFailure(failure -> caller.close());
    }

    private void relay(NetSocket caller, NetSocket server) {
        boolean[] cutsAnswer = new boolean[1];
        caller.handler(bytes -> {
            int chance = cutting && isCommit(bytes) ? random.nextInt(6) : 5;
            if (chance == 0) {
                cutBefore.incrementAndGet();
                caller.close();
                server.close();
                return;
            }
            cutsAnswer[0] |= chance == 1;
            server.write(bytes);
        });
        server.handler(bytes -> {
            if (cutsAnswer[0]) {
                cutAfter.incrementAndGet();
                caller.close();
                server.close();
            } else {
                caller.write(bytes);
            }
        });
        caller.closeHandler(closed -> server.close());
        server.closeHandler(closed -> caller.close());
        caller.resume();
    }

    private static boolean isCommit(Buffer bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1).contains("COMMIT");
    }
}
