package dev.souk.kit.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a database to the schema of this version, and refuses one that could forget what it acknowledged. Blocking. */
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final int CONNECT_RETRIES = 5;
    private static final List<String> DURABLE_SETTINGS = List.of("fsync", "synchronous_commit", "full_page_writes");

    private final DatabaseConfig config;

    Migrations(DatabaseConfig config) {
        this.config = config;
    }

    /** @throws IllegalStateException with one line that says what is wrong */
    void run() {
        try {
            Flyway.configure()
                    .dataSource(url(), config.user(), config.password())
                    .locations("classpath:db/migration/" + config.service())
                    .connectRetries(CONNECT_RETRIES)
                    .connectRetriesInterval(1)
                    .load()
                    .migrate();
            requireDurability();
        } catch (FlywayException | SQLException e) {
            LOG.debug("migration of the {} failed", config, e);
            throw new IllegalStateException("the " + config + " cannot be used: " + firstLine(rootOf(e)), e);
        }
    }

    private void requireDurability() throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", config.user());
        login.setProperty("password", config.password());
        try (Connection connection = DriverManager.getConnection(url(), login)) {
            for (String setting : DURABLE_SETTINGS) {
                requireOn(connection, setting);
            }
        }
    }

    private void requireOn(Connection connection, String setting) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            if ("off".equals(row.getString(1))) {
                throw new IllegalStateException(
                        "the " + config + " has " + setting + "=off and could lose acknowledged orders; set it on");
            }
        }
    }

    private String url() {
        return "jdbc:postgresql://" + config.host() + ":" + config.port() + "/" + config.name() + "?sslmode="
                + config.sslMode() + "&connectTimeout=3&ApplicationName=souk-" + config.service();
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String firstLine(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return text.lines().filter(line -> !line.isBlank()).findFirst().orElse(failure.toString());
    }
}
