package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.100.100.200",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "168.63.129.16",
                "169.254.0.0",
                "169.254.169.254",
                "169.254.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.0.192",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::2",
                "::127.0.0.1",
                "::8.8.8.8",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "::ffff:0:127.0.0.1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::10.1.2.3",
                "64:ff9b::169.254.169.254",
                "64:ff9b:1::1",
                "64:ff9b:1::8.8.8.8",
                "100::1",
                "2001::1",
                "2001:0:808:808::1",
                "2001:20::1",
                "2001:1ff:ffff::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2002:a9fe:a9fe::1",
                "2002:c0a8:101::",
                "3fff::1",
                "3fff:fff::1",
                "4000::1",
                "5f00::1",
                "fc00::1",
                "fd00::1",
                "fd00:ec2::254",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1"
            })
    void leadsNowhereNear(String address) {
        assertThat(AddressGuard.isPublic(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "168.63.129.15",
                "168.63.129.17",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "64:ff9b::8.8.8.8",
                "2000::1",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2002:808:808::1",
                "2606:4700::1111",
                "2a00:1450::1",
                "3ffe::1",
                "3fff:1000::1"
            })
    void leadsOutIntoTheWorld(String address) {
        assertThat(AddressGuard.isPublic(InetAddress.ofLiteral(address))).isTrue();
    }

    /** Java itself never hands out a mapped address; another resolver may. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000000000000000ffff7f000001",
                "00000000000000000000ffffa9fea9fe",
                "00000000000000000000ffffc0a80001"
            })
    void seesThroughAMappedAddress(String bytes) {
        assertThat(AddressGuard.isPublic(HexFormat.of().parseHex(bytes))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000000000000000000ffff08080808"})
    void letsAMappedPublicAddressPass(String bytes) {
        assertThat(AddressGuard.isPublic(HexFormat.of().parseHex(bytes))).isTrue();
    }
}
