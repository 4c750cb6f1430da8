package dev.souk.gateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a client is, as far as it cannot choose that itself: its socket's address, or what a trusted proxy says of it.
 * One network of IPv6 (/64) is one client, because whoever has one address there has them all.
 */
final class ClientAddresses {
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final int NETWORK_BYTES = 8;
    /** Some proxies name the port too. */
    private static final Pattern WITH_PORT = Pattern.compile("\\[([^]]*)](?::[0-9]+)?|([0-9.]+):[0-9]+");

    private final TrustedProxies proxies;

    ClientAddresses(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    /** The client of a request with these headers. */
    String of(HttpConnection connection, MultiMap headers) {
        return of(peer(connection), headers.getAll(FORWARDED_FOR));
    }

    /** The client of a request that a peer sent with these lines of {@code X-Forwarded-For}. */
    String of(InetAddress peer, List<String> lines) {
        return name(proxies.contain(peer) ? client(peer, hops(lines)) : peer);
    }

    /** The client of a connection; empty if that is a trusted proxy, which speaks for many. */
    Optional<String> of(HttpConnection connection) {
        InetAddress peer = peer(connection);
        return proxies.contain(peer) ? Optional.empty() : Optional.of(name(peer));
    }

    /** From the right, where the nearest proxy wrote; the first one that is no trusted proxy. Further left anyone may have written. */
    private InetAddress client(InetAddress peer, List<String> hops) {
        InetAddress client = peer;
        for (String hop : hops.reversed()) {
            Optional<InetAddress> parsed = parse(hop);
            if (parsed.isEmpty()) {
                return client;
            }
            client = parsed.get();
            if (!proxies.contain(client)) {
                return client;
            }
        }
        return client;
    }

    private static List<String> hops(List<String> lines) {
        return lines.stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .toList();
    }

    private static InetAddress peer(HttpConnection connection) {
        return parse(connection.remoteAddress().hostAddress()).orElse(InetAddress.getLoopbackAddress());
    }

    private static Optional<InetAddress> parse(String text) {
        if (text == null) {
            return Optional.empty();
        }
        Matcher withPort = WITH_PORT.matcher(text);
        String address = !withPort.matches()
                ? text
                : Optional.ofNullable(withPort.group(1)).orElse(withPort.group(2));
        try {
            return Optional.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String name(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of the same length", e);
        }
    }
}
