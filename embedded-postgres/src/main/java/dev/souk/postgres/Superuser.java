package dev.souk.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGConnection;

/** What is done as the server's superuser: look at its settings and make roles and databases. */
final class Superuser {

    static final String NAME = "postgres";

    private static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

    private final Secrets secrets;

    Superuser(Secrets secrets) {
        this.secrets = secrets;
    }

    /** The names of the settings that would lose acknowledged commits at a power cut; empty when all is well. */
    List<String> undurable(int port) throws IOException {
        try (Connection connection = connect(port);
                Statement statement = connection.createStatement()) {
            List<String> off = new ArrayList<>();
            for (String setting : DURABLE) {
                try (ResultSet shown = statement.executeQuery("SHOW " + setting)) {
                    if (!shown.next() || !shown.getString(1).equals("on")) {
                        off.add(setting);
                    }
                }
            }
            return off;
        } catch (SQLException e) {
            throw new PostgresStartException(refusal(port, e), e);
        }
    }

    /** Makes the role and its database where they are missing, sets the role's password, and shuts everybody else out. */
    void provision(int port, String name, String password) throws IOException, SQLException {
        try (Connection connection = connect(port)) {
            shutOutThePublic(connection);
            if (!exists(connection, "SELECT FROM pg_roles WHERE rolname = ?", name)) {
                execute(connection, "CREATE ROLE \"%s\" LOGIN".formatted(name));
            }
            // The driver sends the verifier only, so that no log ever holds the password.
            connection.unwrap(PGConnection.class).alterUserPassword(name, password.toCharArray(), "scram-sha-256");
            if (!exists(connection, "SELECT FROM pg_database WHERE datname = ?", name)) {
                execute(connection, "CREATE DATABASE \"%1$s\" OWNER \"%1$s\" TEMPLATE template0".formatted(name));
            }
            shutOutThePublic(connection);
        }
    }

    /** Every role may connect to every database unless the database says otherwise, template1 and postgres included. */
    private static void shutOutThePublic(Connection connection) throws SQLException {
        List<String> open = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT DISTINCT datname
                        FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS granted
                        WHERE granted.grantee = 0
                        """)) {
            while (rows.next()) {
                open.add(rows.getString(1));
            }
        }
        for (String database : open) {
            execute(connection, "REVOKE ALL ON DATABASE \"%s\" FROM PUBLIC".formatted(database.replace("\"", "\"\"")));
        }
    }

    private Connection connect(int port) throws IOException, SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", NAME);
        properties.setProperty(
                "password",
                secrets.of(NAME)
                        .orElseThrow(() -> new PostgresStartException("the password of the server is not in "
                                + secrets.file() + ": put that file back from a backup, or move the folder away")));
        properties.setProperty("ApplicationName", "souk-owner");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "60");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return new Driver()
                .connect("jdbc:postgresql://" + EmbeddedPostgres.HOST + ":" + port + "/postgres", properties);
    }

    private String refusal(int port, SQLException e) {
        return "28P01".equals(e.getSQLState())
                ? "the server on port " + port + " refuses the password in " + secrets.file()
                        + ": put that file back from a backup, or move the folder away"
                : "the server on port " + port + " does not answer: " + e.getMessage();
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
