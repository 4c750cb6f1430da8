package dev.souk.notification;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are out in the world, so that a webhook may lead there: not the shop's own machine or network, nor
 * anything else that answers only because we are the ones who ask. After the registries of special-purpose addresses of
 * IANA (RFC 6890), and the clouds' addresses for their machines' secrets.
 */
final class AddressGuard {
    private static final int IPV4_BYTES = 4;

    private static final List<Block> CLOSED_IPV4 = blocks(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // shared by customers of a provider; Alibaba's metadata
            "127.0.0.0/8", // loopback
            "168.63.129.16/32", // Azure's machine agent
            "169.254.0.0/16", // link-local; most clouds' metadata
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments; Oracle's metadata
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays into IPv6
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    private static final Block GLOBAL_IPV6 = block("2000::/3");
    private static final List<Block> CLOSED_IPV6 = blocks(
            "2001::/23", // protocol assignments; Teredo, which can lead anywhere
            "2001:db8::/32", // documentation
            "3fff::/20"); // documentation

    /** Ways to write an IPv4 address as one of IPv6, and where in it the four bytes stand. */
    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(block("::ffff:0:0/96"), 12), // mapped
            new Embedding(block("64:ff9b::/96"), 12), // NAT64
            new Embedding(block("2002::/16"), 2)); // 6to4

    private record Block(byte[] network, int bits) {
        boolean holds(byte[] address) {
            int free = address.length * Byte.SIZE - bits;
            return address.length == network.length
                    && new BigInteger(1, address).shiftRight(free).equals(new BigInteger(1, network).shiftRight(free));
        }
    }

    private record Embedding(Block block, int at) {}

    private AddressGuard() {}

    static boolean isPublic(InetAddress address) {
        return isPublic(address.getAddress());
    }

    /** @param address four bytes, or sixteen */
    static boolean isPublic(byte[] address) {
        return address.length == IPV4_BYTES ? isPublicIpv4(address) : isPublicIpv6(address);
    }

    private static boolean isPublicIpv4(byte[] address) {
        return CLOSED_IPV4.stream().noneMatch(block -> block.holds(address));
    }

    private static boolean isPublicIpv6(byte[] address) {
        return EMBEDDINGS.stream()
                .filter(embedding -> embedding.block().holds(address))
                .findFirst()
                .map(embedding ->
                        isPublicIpv4(Arrays.copyOfRange(address, embedding.at(), embedding.at() + IPV4_BYTES)))
                .orElseGet(() ->
                        GLOBAL_IPV6.holds(address) && CLOSED_IPV6.stream().noneMatch(block -> block.holds(address)));
    }

    private static List<Block> blocks(String... texts) {
        return Stream.of(texts).map(AddressGuard::block).toList();
    }

    private static Block block(String text) {
        String[] parts = text.split("/", 2);
        byte[] network = InetAddress.ofLiteral(parts[0]).getAddress();
        int bits = Integer.parseInt(parts[1]);
        // Java reads a mapped address as the one of IPv4 that it stands for.
        return text.startsWith("::ffff:") ? new Block(mapped(network), bits) : new Block(network, bits);
    }

    private static byte[] mapped(byte[] ipv4) {
        byte[] address = new byte[16];
        address[10] = (byte) 0xff;
        address[11] = (byte) 0xff;
        System.arraycopy(ipv4, 0, address, 12, IPV4_BYTES);
        return address;
    }
}
