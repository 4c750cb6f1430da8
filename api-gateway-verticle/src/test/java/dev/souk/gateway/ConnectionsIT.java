package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** No more are connected than there is room for. */
@TestInstance(Lifecycle.PER_CLASS)
class ConnectionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @Test
    void oneAddressTakesNotEverybodysRoom() throws IOException {
        SmallServer server = SmallServer.bounded(vertx, 100, 2);
        assertThat(isServed("127.0.0.1", server)).isTrue();
        assertThat(isServed("127.0.0.1", server)).isTrue();

        assertThat(isServed("127.0.0.1", server)).isFalse();
        assertThat(isServed("127.0.0.2", server)).isTrue();
    }

    @Test
    void allTogetherTakeNoMoreRoomThanThereIs() throws IOException {
        SmallServer server = SmallServer.bounded(vertx, 2, 2);
        assertThat(isServed("127.0.0.1", server)).isTrue();
        assertThat(isServed("127.0.0.2", server)).isTrue();

        assertThat(isServed("127.0.0.3", server)).isFalse();
    }

    @Test
    void whoLeavesMakesRoom() throws IOException {
        SmallServer server = SmallServer.bounded(vertx, 1, 1);
        assertThat(isServed("127.0.0.1", server)).isTrue();
        assertThat(isServed("127.0.0.1", server)).isFalse();

        sockets.getFirst().close();

        Await.until("there is room again", LIMIT, () -> isServed("127.0.0.1", server));
    }

    /** Stays connected if it is. */
    private boolean isServed(String from, SmallServer server) throws IOException {
        Socket socket = RawSocket.connect(from, server.port());
        sockets.add(socket);
        try {
            return RawSocket.tryWrite(socket, "GET /small HTTP/1.1\r\nHost: x\r\n\r\n")
                    && socket.getInputStream().read() >= 0;
        } catch (SocketException reset) {
            return false;
        }
    }
}
