package dev.souk.launcher.fuzz;

import dev.souk.gateway.contract.Exchange;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One connection that is kept alive, on which anything can be said. It reads answers by RFC 9112 and trusts nothing. */
final class Wire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI shop;
    private Socket socket;
    private InputStream in;

    Wire(URI shop) {
        this.shop = shop;
    }

    /** @throws IOException if there is no answer, or none that is HTTP */
    Exchange send(Shot shot) throws IOException {
        boolean reused = isOpen();
        try {
            return exchange(shot);
        } catch (EOFException | SocketException stale) {
            close();
            // The other side may close an idle connection at any moment; on a new one there is no such excuse.
            if (!reused) {
                throw stale;
            }
            return onNewConnection(shot);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Exchange onNewConnection(Shot shot) throws IOException {
        try {
            return exchange(shot);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone either way.
            }
            socket = null;
        }
    }

    private Exchange exchange(Shot shot) throws IOException {
        open();
        tryWrite(shot.bytes());
        String status = line();
        while (status.startsWith("HTTP/1.1 1")) {
            headers();
            status = line();
        }
        if (!status.matches("HTTP/1\\.[01] [2-5][0-9]{2} .*")) {
            throw new IOException("not a status line: " + status);
        }
        int code = Integer.parseInt(status.substring(9, 12));
        Map<String, List<String>> headers = headers();
        byte[] body = body(shot.method(), code, headers);
        if (values(headers, "Connection").contains("close")) {
            close();
        }
        return new Exchange(shot.method(), shot.target(), code, headers, new String(body, StandardCharsets.UTF_8));
    }

    private byte[] body(String method, int status, Map<String, List<String>> headers) throws IOException {
        List<String> lengths = values(headers, "Content-Length");
        boolean chunked = values(headers, "Transfer-Encoding").contains("chunked");
        if (chunked && !lengths.isEmpty() || lengths.size() > 1) {
            throw new IOException("two lengths of one body: " + headers);
        }
        if (method.equals("HEAD") || status == 204 || status == 304) {
            return new byte[0];
        }
        if (values(headers, "Content-Type").stream().anyMatch(type -> type.startsWith("text/event-stream"))) {
            // It has no end that is worth waiting for.
            close();
            return new byte[0];
        }
        return chunked ? chunks() : exactly(Integer.parseInt(lengths.getFirst()));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            all.write(exactly(length));
            line();
        }
        line();
        return all.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new IOException("broken off after " + content.length + " of " + length + " bytes");
        }
        return content;
    }

    private Map<String, List<String>> headers() throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("not a header: " + line);
            }
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static List<String> values(Map<String, List<String>> headers, String name) {
        return headers.getOrDefault(name, List.of());
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("closed after '" + line.toString(StandardCharsets.ISO_8859_1) + "'");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private boolean isOpen() {
        return socket != null;
    }

    private void open() throws IOException {
        if (!isOpen()) {
            socket = new Socket(InetAddress.getLoopbackAddress(), shop.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            in = new BufferedInputStream(socket.getInputStream());
        }
    }

    /** Who is refused early may not get rid of the rest, but must be able to read why. */
    private void tryWrite(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException closed) {
            if (in.available() == 0) {
                throw closed;
            }
        }
    }
}
