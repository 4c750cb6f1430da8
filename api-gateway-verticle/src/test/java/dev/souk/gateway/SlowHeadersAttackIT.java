package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Products;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many sockets that say one byte of a head after the other, for ever, to keep everyone else out. */
@ExtendWith(VertxExtension.class)
class SlowHeadersAttackIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Slow enough that a head would take hours to become too large. */
    private static final Duration PAUSE = Duration.ofMillis(200);
    /** With a connection of its own. */
    private static final String NORMAL =
            "GET /api/v1/products/" + GatewayFixture.PRODUCT + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @Test
    void aHundredKeepNobodyOut(Vertx vertx) throws Exception {
        attack(vertx, 100, Duration.ofSeconds(2));
    }

    @Test
    @Tag("long")
    void aThousandKeepNobodyOut(Vertx vertx) throws Exception {
        attack(vertx, 1_000, Duration.ofSeconds(10));
    }

    private static void attack(Vertx vertx, int sockets, Duration headDeadline) throws Exception {
        GatewayFixture gateway = GatewayFixture.start(
                vertx,
                Map.of(
                        "SOUK_HTTP_HEAD_DEADLINE",
                        headDeadline.toMillis() + "ms",
                        "SOUK_HTTP_CONNECTIONS_ADDRESS",
                        Integer.toString(sockets)));
        gateway.services().answer(Products.GET, GatewayFixture.product());
        AtomicBoolean over = new AtomicBoolean();
        List<SocketChannel> attackers = connect(gateway.port(), sockets);
        Thread dripping = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                attackers.forEach(SlowHeadersAttackIT::drip);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        });
        try {
            int served = 0;
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (attackers.stream().anyMatch(SocketChannel::isOpen)) {
                assertThat(RawSocket.say(gateway.port(), NORMAL).text()).startsWith("HTTP/1.1 200");
                assertThat(System.nanoTime() - limit)
                        .as("all attackers are cut off within %s", LIMIT)
                        .isNegative();
                served++;
            }
            assertThat(served).isPositive();
        } finally {
            over.set(true);
            dripping.join();
            for (SocketChannel attacker : attackers) {
                attacker.close();
            }
            ServiceFixture.await(vertx.undeploy(gateway.deployment()));
        }
    }

    /** From another address than those who are served. */
    private static List<SocketChannel> connect(int port, int sockets) throws IOException {
        List<SocketChannel> attackers = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            SocketChannel attacker = SocketChannel.open();
            attacker.bind(new InetSocketAddress("127.0.0.2", 0));
            attacker.connect(new InetSocketAddress("127.0.0.1", port));
            attacker.write(
                    ByteBuffer.wrap("GET /health HTTP/1.1\r\nHost: x\r\nName: ".getBytes(StandardCharsets.US_ASCII)));
            attackers.add(attacker);
        }
        return attackers;
    }

    /** Hangs up when it has been cut off. */
    private static void drip(SocketChannel attacker) {
        try {
            attacker.write(ByteBuffer.wrap(new byte[] {'a'}));
        } catch (IOException cut) {
            close(attacker);
        }
    }

    private static void close(SocketChannel attacker) {
        try {
            attacker.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
