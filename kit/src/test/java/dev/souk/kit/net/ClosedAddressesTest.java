package dev.souk.kit.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClosedAddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "2852039166",
                "fe80::1",
                "febf::1",
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "fd00:ec2::254",
                "100.100.100.200",
                "168.63.129.16",
                "64:ff9b::a83f:8110",
                "0.0.0.0",
                "::",
                "224.0.0.1",
                "ff02::1"
            })
    void areWhereSecretsAreTold(String address) {
        assertThat(ClosedAddresses.contain(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "10.0.0.1",
                "172.16.4.4",
                "192.168.1.1",
                "fd12::1",
                "93.184.216.34",
                "2606:4700::1",
                "::ffff:10.0.0.1",
                "2002:0a00:0001::1"
            })
    void areNotWhereServicesLive(String address) {
        assertThat(ClosedAddresses.contain(InetAddress.ofLiteral(address))).isFalse();
    }

    /** Java turns a mapped address into the one of IPv4, but not when it is told to keep its sixteen bytes. */
    @Test
    void areFoundInSixteenBytes() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 169, (byte) 254, 1, 1};

        assertThat(ClosedAddresses.contain(InetAddress.getByAddress(mapped))).isTrue();
    }
}
