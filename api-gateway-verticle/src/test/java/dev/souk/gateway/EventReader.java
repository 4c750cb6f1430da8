package dev.souk.gateway;

import dev.souk.gateway.contract.AnswerContract;
import dev.souk.gateway.contract.Exchange;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A client that follows an order on a connection of its own and reads no more than it is asked to. */
final class EventReader implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    /** One event. */
    record Event(int id, String type, String data) {}

    private final Socket socket;
    private final InputStream in;
    private final String head;
    private String text = "";

    private EventReader(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.head = readHead();
    }

    /** Asks, and reads as far as the headers of the answer. */
    static EventReader open(int port, String path, String token, String... headers) {
        try {
            Socket socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n"
                    + String.join(
                            "",
                            Arrays.stream(headers).map(line -> line + "\r\n").toList()) + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            EventReader reader = new EventReader(socket);
            reader.requireContract(path);
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a refusal the body is not read here. */
    private void requireContract(String path) {
        if (status() < 400) {
            Map<String, List<String>> headers = head.lines()
                    .skip(1)
                    .map(line -> line.split(": ", 2))
                    .collect(Collectors.groupingBy(
                            line -> line[0], Collectors.mapping(line -> line[1], Collectors.toList())));
            AnswerContract.ofTheGateway().require(new Exchange("GET", path, status(), headers, ""));
        }
    }

    int status() {
        return Integer.parseInt(head.split(" ")[1]);
    }

    String head() {
        return head;
    }

    /** The next event, heartbeats passed over; empty when the answer has ended well. */
    Optional<Event> next() {
        for (Optional<String> block = block(); block.isPresent(); block = block()) {
            if (!block.get().startsWith(":")) {
                return block.map(EventReader::event);
            }
        }
        return Optional.empty();
    }

    /** The next block of lines; empty when the answer has ended well. */
    Optional<String> block() {
        while (!text.contains("\n\n")) {
            String chunk = chunk();
            if (chunk.isEmpty()) {
                return Optional.empty();
            }
            text += chunk;
        }
        int end = text.indexOf("\n\n");
        String block = text.substring(0, end);
        text = text.substring(end + 2);
        return Optional.of(block);
    }

    /** Reads on until nothing comes any more, and tells whether the answer was broken off. */
    boolean isCutOff() {
        try {
            while (!chunk().isEmpty()) {
                text = "";
            }
            return false;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Event event(String block) {
        String[] lines = block.split("\n");
        if (lines.length != 3
                || !lines[0].startsWith("id: ")
                || !lines[1].startsWith("event: ")
                || !lines[2].startsWith("data: ")) {
            throw new AssertionError("not an event: " + block);
        }
        return new Event(Integer.parseInt(lines[0].substring(4)), lines[1].substring(7), lines[2].substring(6));
    }

    private String readHead() throws IOException {
        StringBuilder read = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            read.append(line).append('\n');
        }
        return read.toString();
    }

    private String chunk() {
        try {
            int length = Integer.parseInt(line(), 16);
            byte[] content = in.readNBytes(length);
            if (content.length < length) {
                throw new IOException("broken off");
            }
            line();
            return new String(content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("broken off");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
