package dev.souk.product;

import dev.souk.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A database of a test class's own on a real PostgreSQL, empty at first, and a look into its tables. */
final class TestDatabase {
    private static final Path FOLDER = Path.of("target", "postgres");

    private final EmbeddedPostgres.Database database;

    private TestDatabase(EmbeddedPostgres.Database database) {
        this.database = database;
    }

    /** Gives a test class its database; the server runs until the last test has ended. */
    static final class Provider implements ParameterResolver {
        private static final ExtensionContext.Namespace SHARED = ExtensionContext.Namespace.create(Provider.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TestDatabase.class;
        }

        @Override
        public TestDatabase resolveParameter(ParameterContext parameter, ExtensionContext context) {
            EmbeddedPostgres postgres = context.getRoot()
                    .getStore(SHARED)
                    .computeIfAbsent("postgres", key -> EmbeddedPostgres.open(FOLDER), EmbeddedPostgres.class);
            String name = context.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT);
            TestDatabase database = new TestDatabase(postgres.provision(name));
            database.empty();
            return database;
        }
    }

    /** What the product service needs to know of it. */
    Map<String, String> variables() {
        return Map.of("SOUK_PRODUCT_DATABASE_URL", database.url());
    }

    /** Takes everything away, the tables too. */
    void empty() {
        run("DROP SCHEMA public CASCADE");
        run("CREATE SCHEMA public");
    }

    void run(String sql) {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Does the work while a transaction of ours holds what this statement locks. */
    void holding(String lock, Runnable work) {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(lock);
            work.run();
            connection.rollback();
        } catch (SQLException e) {
            throw new AssertionError(lock, e);
        }
    }

    /** The only value of the only row. */
    long number(String sql) {
        List<String> rows = rows(sql);
        if (rows.size() != 1) {
            throw new AssertionError("not one row: " + sql);
        }
        return Long.parseLong(rows.getFirst());
    }

    /** Each row with its columns joined by a blank. */
    List<String> rows(String sql) {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    row.add(result.getString(column));
                }
                rows.add(String.join(" ", row));
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", database.user());
        login.setProperty("password", database.password());
        login.setProperty("ApplicationName", "test");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(), login);
    }
}
