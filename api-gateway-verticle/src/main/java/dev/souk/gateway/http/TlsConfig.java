package dev.souk.gateway.http;

import dev.souk.kit.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who the server is under TLS: PEM files.
 *
 * @param certificate with its chain
 * @param key PKCS #8, without a password
 */
public record TlsConfig(Path certificate, Path key) {
    private static final String CERTIFICATE = "SOUK_HTTP_TLS_CERT";
    private static final String KEY = "SOUK_HTTP_TLS_KEY";

    public TlsConfig {
        requireReadable(CERTIFICATE, certificate);
        requireReadable(KEY, key);
    }

    /** Empty without either file. @throws ConfigurationException if there is one without the other, or it cannot be read */
    public static Optional<TlsConfig> of(Optional<Path> certificate, Optional<Path> key) {
        if (certificate.isPresent() != key.isPresent()) {
            throw new ConfigurationException(
                    (key.isPresent() ? CERTIFICATE : KEY) + ": must be set too, or neither of the two");
        }
        return certificate.map(file -> new TlsConfig(file, key.orElseThrow()));
    }

    private static void requireReadable(String name, Path file) {
        if (!Files.isReadable(file)) {
            throw new ConfigurationException(name + ": cannot read " + file);
        }
    }
}
