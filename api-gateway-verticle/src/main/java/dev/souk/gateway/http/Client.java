package dev.souk.gateway.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Where a client is, as far as it cannot choose that itself. */
public record Client(InetAddress address) {
    private static final int NETWORK_BYTES = 8;

    /** Names it in limits. One network of IPv6 (/64) is one client, because whoever has one address there has them all. */
    public String network() {
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
