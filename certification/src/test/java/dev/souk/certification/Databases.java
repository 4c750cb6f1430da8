package dev.souk.certification;

import dev.souk.launcher.testing.ShopProcess;
import dev.souk.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Lays hands on the databases of a running shop. */
final class Databases {
    private Databases() {}

    /** Runs statements in the database of a service, with its own role. */
    static void change(Map<String, String> settings, String service, String sql) throws SQLException {
        EmbeddedPostgres.Database database = EmbeddedPostgres.find(ShopProcess.databaseFolder(settings))
                .orElseThrow()
                .database(service)
                .orElseThrow();
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name();
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
