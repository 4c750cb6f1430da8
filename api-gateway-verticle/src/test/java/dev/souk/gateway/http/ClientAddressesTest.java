package dev.souk.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.kit.config.ConfigurationException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressesTest {
    private static final ClientAddresses CLIENTS =
            new ClientAddresses(new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Not a proxy: whatever it says of itself counts for nothing.
                "203.0.113.5 | 198.51.100.1                       | 203.0.113.5",
                "203.0.113.5 |                                    | 203.0.113.5",
                "192.0.2.8   | 198.51.100.1                       | 192.0.2.8",
                // A proxy: the rightmost one that is none.
                "10.1.2.3    | 198.51.100.1                       | 198.51.100.1",
                "192.0.2.7   | 198.51.100.1                       | 198.51.100.1",
                "fd00::1     | 198.51.100.1                       | 198.51.100.1",
                "10.1.2.3    | 1.1.1.1, 198.51.100.1              | 198.51.100.1",
                "10.1.2.3    | 1.1.1.1, 198.51.100.1 , 10.9.9.9   | 198.51.100.1",
                "10.1.2.3    | 1.1.1.1; 198.51.100.1              | 198.51.100.1",
                "10.1.2.3    | 198.51.100.1; 10.9.9.9             | 198.51.100.1",
                "10.1.2.3    | 198.51.100.1:4711                  | 198.51.100.1",
                "10.1.2.3    | 10.4.4.4, 10.9.9.9                 | 10.4.4.4",
                // What cannot be read was written by someone else.
                "10.1.2.3    |                                    | 10.1.2.3",
                "10.1.2.3    | unknown                            | 10.1.2.3",
                "10.1.2.3    | 198.51.100.1, ', DROP TABLE'       | 10.1.2.3",
                "10.1.2.3    | 198.51.100.1, evil.example         | 10.1.2.3",
                "10.1.2.3    | 198.51.100.1, unknown, 10.9.9.9    | 10.9.9.9",
                // A network of IPv6 is one client.
                "2001:db8:1:2:3:4:5:6 |                           | 2001:db8:1:2:0:0:0:0/64",
                "2001:db8:1:2:ffff::1 |                           | 2001:db8:1:2:0:0:0:0/64",
                "2001:db8:1:3::1      |                           | 2001:db8:1:3:0:0:0:0/64",
                "::ffff:203.0.113.5   |                           | 203.0.113.5",
                "10.1.2.3    | 2001:db8:1:2::9                    | 2001:db8:1:2:0:0:0:0/64",
                "10.1.2.3    | '[2001:db8:1:2::9]:4711'           | 2001:db8:1:2:0:0:0:0/64",
            })
    void isWhoeverCannotBeMadeUp(String peer, String forwardedFor, String client) {
        List<String> lines = forwardedFor == null ? List.of() : Arrays.asList(forwardedFor.split(";"));

        assertThat(CLIENTS.of(InetAddress.ofLiteral(peer), lines).network()).isEqualTo(client);
    }

    @Test
    void withoutProxiesNobodyIsBelieved() {
        ClientAddresses clients = new ClientAddresses(new TrustedProxies(List.of()));

        assertThat(clients.of(InetAddress.ofLiteral("127.0.0.1"), List.of("198.51.100.1"))
                        .network())
                .isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/-1", "fd00::/129", "/8", "10.0.0.0/"})
    void refusesWhatIsNoNetwork(String network) {
        assertThatThrownBy(() -> new TrustedProxies(List.of(network)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_TRUSTED_PROXIES: '" + network + "'");
    }
}
