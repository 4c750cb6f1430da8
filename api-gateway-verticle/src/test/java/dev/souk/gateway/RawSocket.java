package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.gateway.contract.AnswerContract;
import dev.souk.gateway.contract.Exchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A client that sends what no well-behaved one does. */
final class RawSocket {
    private static final int PATIENCE_MILLIS = 5_000;

    /**
     * @param request empty if it was more than one
     * @param closed whether the gateway closed the connection after what it wrote
     */
    record Heard(String request, String text, boolean closed) {
        int answers() {
            return text.split("HTTP/1\\.[01] [2-5][0-9][0-9] ", -1).length - 1;
        }

        void assertProblem(int status, String slug) {
            if (!request.isEmpty()) {
                AnswerContract.ofTheGateway().require(exchange());
            }
            assertThat(text).containsPattern("^HTTP/1\\.[01] " + status + " ");
            assertThat(text).contains("\"type\":\"/problems/" + slug + "\"", "X-Request-Id: ");
            assertThat(text.toLowerCase(Locale.ROOT)).contains("content-type: application/problem+json");
        }

        /** The first answer, to a request that may be none. */
        private Exchange exchange() {
            Matcher line = Pattern.compile("([A-Z]+) (\\S+) HTTP/1\\.[01]\r\n").matcher(request);
            boolean readable = line.lookingAt();
            String[] answer = text.split("\r\n\r\n", 2);
            Map<String, List<String>> headers = answer[0]
                    .lines()
                    .skip(1)
                    .map(header -> header.split(": ", 2))
                    .collect(Collectors.groupingBy(
                            header -> header[0], Collectors.mapping(header -> header[1], Collectors.toList())));
            return new Exchange(
                    readable ? line.group(1) : "GET",
                    readable ? line.group(2) : "*",
                    Integer.parseInt(answer[0].split(" ")[1]),
                    headers,
                    answer[1]);
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
            Heard heard = hear(socket);
            return new Heard(request, heard.text(), heard.closed());
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
            return new Heard("", text.toString(), true);
        } catch (SocketTimeoutException silent) {
            return new Heard("", text.toString(), false);
        } catch (SocketException reset) {
            return new Heard("", text.toString(), true);
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
