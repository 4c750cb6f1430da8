package dev.souk.gateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out where a client is: its socket's address, or what a trusted proxy says of it. */
final class ClientAddresses {
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    /** Some proxies name the port too. */
    private static final Pattern WITH_PORT = Pattern.compile("\\[([^]]*)](?::[0-9]+)?|([0-9.]+):[0-9]+");

    private final TrustedProxies proxies;

    ClientAddresses(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    /** The client of a request with these headers. */
    Client of(HttpConnection connection, MultiMap headers) {
        return of(peer(connection), headers.getAll(FORWARDED_FOR));
    }

    /** The client of a request that a peer sent with these lines of {@code X-Forwarded-For}. */
    Client of(InetAddress peer, List<String> lines) {
        return new Client(proxies.contain(peer) ? client(peer, hops(lines)) : peer);
    }

    /** The client of a connection; empty if that is a trusted proxy, which speaks for many. */
    Optional<Client> of(HttpConnection connection) {
        InetAddress peer = peer(connection);
        return proxies.contain(peer) ? Optional.empty() : Optional.of(new Client(peer));
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
}
