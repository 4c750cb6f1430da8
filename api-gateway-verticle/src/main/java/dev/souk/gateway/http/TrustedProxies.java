package dev.souk.gateway.http;

import dev.souk.kit.config.ConfigurationException;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** The networks whose machines are believed when they say for whom they ask. */
public final class TrustedProxies {
    private final List<IpSubnetFilterRule> networks;

    /**
     * @param networks such as {@code 10.0.0.0/8} or {@code ::1}
     * @throws ConfigurationException naming the one that is none
     */
    public TrustedProxies(List<String> networks) {
        this.networks = networks.stream().map(TrustedProxies::network).toList();
    }

    boolean contain(InetAddress address) {
        InetSocketAddress asked = new InetSocketAddress(address, 0);
        return networks.stream().anyMatch(network -> network.matches(asked));
    }

    private static IpSubnetFilterRule network(String text) {
        String[] parts = text.split("/", 2);
        try {
            InetAddress address = InetAddress.ofLiteral(parts[0]);
            int bits = address instanceof Inet4Address ? 32 : 128;
            return new IpSubnetFilterRule(
                    address, parts.length == 1 ? bits : Integer.parseInt(parts[1]), IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "SOUK_TRUSTED_PROXIES: '" + text + "' is not a network such as 10.0.0.0/8 or fd00::/8");
        }
    }
}
