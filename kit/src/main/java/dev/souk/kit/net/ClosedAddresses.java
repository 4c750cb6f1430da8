package dev.souk.kit.net;

import dev.souk.kit.config.Setting;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Addresses that even an admin's external service has no business at: link-local ones and those where clouds tell a
 * machine its secrets, in whatever form of IPv6 they come, and what is no single machine's address. Loopback and private
 * networks, where such services live, are open.
 */
public final class ClosedAddresses {
    public static final Setting<Boolean> ALLOWED = Setting.flag(
            "SOUK_EXTERNAL_ALLOW_LINK_LOCAL",
            false,
            "whether external services may be at link-local and metadata addresses");

    /** Where clouds tell secrets outside of the link-local range: Alibaba, Azure, Oracle, Amazon. */
    private static final Set<InetAddress> METADATA = Stream.of(
                    "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")
            .map(InetAddress::ofLiteral)
            .collect(Collectors.toUnmodifiableSet());

    /** Forms of IPv6 that carry an IPv4 address: how they begin, and where the four bytes stand. */
    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(new byte[12], 12), // compatible
            new Embedding(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff}, 12), // mapped
            new Embedding(new byte[] {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, 12), // NAT64
            new Embedding(new byte[] {0x20, 0x02}, 2)); // 6to4

    private record Embedding(byte[] prefix, int at) {
        boolean holds(byte[] address) {
            return address.length > 4 && Arrays.equals(prefix, Arrays.copyOf(address, prefix.length));
        }
    }

    private ClosedAddresses() {}

    public static boolean contain(InetAddress address) {
        return isClosed(address)
                || EMBEDDINGS.stream()
                        .filter(embedding -> embedding.holds(address.getAddress()))
                        .map(embedding -> ipv4(address.getAddress(), embedding.at()))
                        .anyMatch(ClosedAddresses::isClosed);
    }

    private static boolean isClosed(InetAddress address) {
        return address.isLinkLocalAddress()
                || address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || METADATA.contains(address);
    }

    private static InetAddress ipv4(byte[] address, int at) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address, at, at + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
