package dev.souk.certification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients who send the head of a request byte by byte and never come to its end ("Slowloris"), from an address of their own.
 * Who is cut off comes again at once.
 */
final class SlowHeaders implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final byte[] HEAD =
            "GET /api/v1/products HTTP/1.1\r\nHost: x\r\nName: ".getBytes(StandardCharsets.US_ASCII);

    private final int port;
    private final List<SocketChannel> sockets = new ArrayList<>();
    private final Thread thread;
    private volatile boolean over;
    private volatile int cut;

    SlowHeaders(int port, int clients) throws IOException {
        this.port = port;
        for (int client = 0; client < clients; client++) {
            sockets.add(connect());
        }
        this.thread = Thread.ofPlatform().start(this::drip);
    }

    /** How many times one of them was cut off. */
    int cut() {
        return cut;
    }

    private SocketChannel connect() throws IOException {
        SocketChannel socket = SocketChannel.open();
        socket.bind(new InetSocketAddress("127.0.0.2", 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.write(ByteBuffer.wrap(HEAD));
        return socket;
    }

    private void drip() {
        while (!over) {
            for (int client = 0; client < sockets.size(); client++) {
                drip(client);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void drip(int client) {
        try {
            sockets.get(client).write(ByteBuffer.wrap(new byte[] {'a'}));
        } catch (IOException gone) {
            cut++;
            try {
                sockets.get(client).close();
                sockets.set(client, connect());
            } catch (IOException refused) {
                // Comes again with the next drop.
            }
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
            for (SocketChannel socket : sockets) {
                socket.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
