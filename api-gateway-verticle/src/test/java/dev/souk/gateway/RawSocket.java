package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that sends what no well-behaved one does. */
final class RawSocket {
    private static final int PATIENCE_MILLIS = 5_000;

    /** @param closed whether the gateway closed the connection after what it wrote */
    record Heard(String text, boolean closed) {
        int answers() {
            return text.split("HTTP/1\\.[01] [2-5][0-9][0-9] ", -1).length - 1;
        }

        void assertProblem(int status, String slug) {
            assertThat(text).containsPattern("^HTTP/1\\.[01] " + status + " ");
            assertThat(text).contains("\"type\":\"/problems/" + slug + "\"", "X-Request-Id: ");
            assertThat(text.toLowerCase(Locale.ROOT)).contains("content-type: application/problem+json");
        }
    }

    private RawSocket() {}

    static Socket connect(int port) throws IOException {
        return connect("127.0.0.1", port);
    }

    /** From an address of this machine, every one of {@code 127.0.0.0/8} being one. */
    static Socket connect(String from, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
        return socket;
    }

    /** Says something and listens until the gateway closes, or has nothing more to say for a good while. */
    static Heard say(int port, String request) throws IOException {
        try (Socket socket = connect(port)) {
            tryWrite(socket, request);
            return hear(socket);
        }
    }

    /** Listens until the gateway closes, or has nothing more to say for a good while. */
    static Heard hear(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            byte[] buffer = new byte[8192];
            for (int length = 0; length >= 0; length = socket.getInputStream().read(buffer)) {
                text.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
            }
            return new Heard(text.toString(), true);
        } catch (SocketTimeoutException silent) {
            return new Heard(text.toString(), false);
        } catch (SocketException reset) {
            return new Heard(text.toString(), true);
        }
    }

    static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** False if the other side has closed. */
    static boolean tryWrite(Socket socket, String text) throws IOException {
        try {
            write(socket, text);
            return true;
        } catch (SocketException closed) {
            return false;
        }
    }
}
