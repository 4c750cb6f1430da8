package dev.souk.notification;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Where mails are handed in.
 *
 * @param login none if the server asks for none
 */
record SmtpServer(Security security, String host, int port, Optional<Login> login) {
    /** How the way to the server is protected. A certificate is always checked. */
    enum Security {
        /** With TLS if the server offers it. */
        SMTP(25),
        /** With TLS or not at all. */
        STARTTLS(587),
        /** With TLS from the first byte. */
        SMTPS(465);

        private final int port;

        Security(int port) {
            this.port = port;
        }
    }

    record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[user=" + user + ", password=***]";
        }
    }

    SmtpServer {
        Objects.requireNonNull(security, "security");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(login, "login");
    }

    /** @throws IllegalArgumentException saying what it must be, without the text, which holds a password */
    static SmtpServer parse(String text) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && url.getRawPath().length() <= 1 && url.getRawQuery() == null) {
                Security security = security(Objects.requireNonNullElse(url.getScheme(), ""));
                int port = url.getPort() < 0 ? security.port : url.getPort();
                return new SmtpServer(security, url.getHost(), port, login(url.getRawUserInfo()));
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IllegalArgumentException("must be smtp://user:password@host:port, or with starttls:// or smtps://");
    }

    private static Security security(String scheme) {
        return switch (scheme) {
            case "smtp" -> Security.SMTP;
            case "starttls" -> Security.STARTTLS;
            case "smtps" -> Security.SMTPS;
            default -> throw new IllegalArgumentException(scheme);
        };
    }

    private static Optional<Login> login(String userInfo) {
        if (userInfo == null) {
            return Optional.empty();
        }
        String[] parts = userInfo.split(":", 2);
        return Optional.of(new Login(decoded(parts[0]), parts.length > 1 ? decoded(parts[1]) : ""));
    }

    /** A plus is a plus, which it is not in a web form. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
