package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.gateway.RawSocket.Heard;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Those who are busy without coming to an end: the idle timeout of a minute never sees them. */
@TestInstance(Lifecycle.PER_CLASS)
class SlowClientsIT {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(50);
    /** Well before the idle timeout could have been it. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final int DRIP_MILLIS = 100;
    private static final String WHOLE = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /small HTTP/1.1\r\nHost: x\r\nName: ", "GET /", "\r\n"})
    void aHeadThatDripsIsCutOff(String begun) throws IOException {
        SmallServer server = SmallServer.impatient(vertx, SHORT, LONG, LONG);
        try (Socket socket = RawSocket.connect(server.port())) {
            RawSocket.write(socket, begun);

            assertThat(isCutWhileDripping(socket, "a")).isTrue();
        }
        assertThat(server.served()).isZero();
    }

    @Test
    void aSecondHeadIsNoLongerWaitedForThanTheFirst() throws IOException {
        SmallServer server = SmallServer.impatient(vertx, SHORT, LONG, LONG);
        try (Socket socket = RawSocket.connect(server.port())) {
            RawSocket.write(socket, WHOLE);
            readSmall(socket);

            assertThat(isCutWhileDripping(socket, "G")).isTrue();
        }
    }

    @Test
    void whoNeverSaysAnythingIsCutOff() throws IOException {
        SmallServer server = SmallServer.impatient(vertx, SHORT, LONG, LONG);
        try (Socket socket = RawSocket.connect(server.port())) {
            socket.setSoTimeout((int) SOON.toMillis());

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whoHasAskedMayRestBetweenRequests() throws IOException {
        SmallServer server = SmallServer.impatient(vertx, SHORT, LONG, LONG);
        try (Socket socket = RawSocket.connect(server.port())) {
            RawSocket.write(socket, WHOLE);
            readSmall(socket);
            socket.setSoTimeout((int) SHORT.plusSeconds(1).toMillis());
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            RawSocket.write(socket, WHOLE);
            readSmall(socket);
        }
        assertThat(server.served()).isEqualTo(2);
    }

    @Test
    void aBodyThatDripsIsRefused() throws IOException {
        SmallServer server = SmallServer.impatient(vertx, LONG, SHORT, LONG);
        try (Socket socket = RawSocket.connect(server.port())) {
            RawSocket.write(
                    socket,
                    "POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{");
            // The first byte of the answer ends the dripping.
            int first = firstWhileDripping(socket, " ");
            socket.setSoTimeout((int) SOON.toMillis());
            Heard rest = RawSocket.hear(socket);

            new Heard("", (char) first + rest.text(), rest.closed()).assertProblem(408, "request-timeout");
            assertThat(rest.closed()).isTrue();
        }
        assertThat(server.served()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/large", "/endless"})
    void whoDoesNotReadIsCutOff(String path) throws IOException {
        SmallServer server = SmallServer.impatient(vertx, LONG, LONG, SHORT);
        try (Socket socket = deaf(server.port())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";

            assertThat(isCutWithoutReading(socket, request)).isTrue();
        }
    }

    @Test
    void whoAsksWithoutReadingIsNotServedOnAndOn() throws IOException {
        SmallServer server = SmallServer.impatient(vertx, LONG, LONG, SHORT);
        try (Socket socket = deaf(server.port())) {
            String requests = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000);

            assertThat(isCutWithoutReading(socket, requests)).isTrue();
        }
        // Each is more than the systems between hold.
        assertThat(server.served()).isLessThan(10);
    }

    private static boolean isCutWhileDripping(Socket socket, String drop) throws IOException {
        return firstWhileDripping(socket, drop) < 0;
    }

    /** What is heard first; -1 for the end. */
    private static int firstWhileDripping(Socket socket, String drop) throws IOException {
        socket.setSoTimeout(DRIP_MILLIS);
        long limit = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() - limit < 0) {
            if (!RawSocket.tryWrite(socket, drop)) {
                return -1;
            }
            try {
                return socket.getInputStream().read();
            } catch (SocketTimeoutException nothing) {
                // another drop
            } catch (IOException reset) {
                return -1;
            }
        }
        throw new AssertionError("neither answered nor cut off within " + SOON);
    }

    /** One whose ear is small and closed. */
    private static Socket deaf(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** Writing fails once the other side has closed, and blocks as long as it does not read. */
    private static boolean isCutWithoutReading(Socket socket, String request) throws IOException {
        Thread writer = Thread.ofVirtual().start(() -> writeUntilCut(socket, request));
        try {
            return writer.join(SOON);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void writeUntilCut(Socket socket, String request) {
        try {
            boolean open = RawSocket.tryWrite(socket, request);
            while (open) {
                open = RawSocket.tryWrite(socket, "\r\n");
                LockSupport.parkNanos(Duration.ofMillis(DRIP_MILLIS).toNanos());
            }
        } catch (IOException cut) {
            // so it is
        }
    }

    private static void readSmall(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\nsmall")) {
            int read = socket.getInputStream().read();
            assertThat(read).as(text.toString()).isNotNegative();
            text.append((char) read);
        }
    }
}
