package dev.souk.order;

import dev.souk.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The order service's database on a PostgreSQL that runs as long as the integration tests of this module, empty before
 * each test, and what the tests look up in it behind the service's back.
 */
final class OrderDatabase implements BeforeAllCallback, BeforeEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(OrderDatabase.class);

    private EmbeddedPostgres.Database address;

    @Override
    public void beforeAll(ExtensionContext context) {
        address = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent("postgres", key -> open(), EmbeddedPostgres.class)
                .provision("orders");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        execute("DROP SCHEMA public CASCADE");
        execute("CREATE SCHEMA public");
    }

    /** Brings the empty database to the schema of an old version. */
    void migrateTo(String version) {
        Flyway.configure()
                .dataSource(jdbcUrl(), address.user(), address.password())
                .locations("classpath:db/migration/order")
                .target(version)
                .load()
                .migrate();
    }

    int port() {
        return address.port();
    }

    /** The address over another port. */
    String url(int port) {
        return url().replace(":" + port(), ":" + port);
    }

    String url() {
        return address.url();
    }

    long orders() {
        return number("SELECT count(*) FROM orders");
    }

    /** The checkouts that have not ended. */
    long checkouts() {
        return number("SELECT count(*) FROM saga");
    }

    /** An order's history as {@code 1 ORDER_PLACED}, ... */
    List<String> events(UUID orderId) {
        return texts("SELECT seq || ' ' || type FROM order_event WHERE order_id = ? ORDER BY seq", orderId);
    }

    /** The events that somebody is still to be told of. */
    long deliveries() {
        return number("SELECT count(*) FROM event_delivery");
    }

    /** The orders whose events are not numbered from 1 to the last without a gap. */
    long brokenHistories() {
        return number("""
                SELECT count(*)
                FROM orders LEFT JOIN (
                    SELECT order_id, count(*) AS events, min(seq) AS first, max(seq) AS last
                    FROM order_event GROUP BY order_id) AS history ON history.order_id = orders.id
                WHERE (first, last, events) IS DISTINCT FROM (1, last_seq, last_seq::bigint)
                """);
    }

    /** Each way that orders went, once: {@code PLACED, CONFIRMED}, ... */
    List<String> stories() {
        return texts("""
                SELECT DISTINCT string_agg(substr(type, 7), ', ' ORDER BY seq) FROM order_event GROUP BY order_id
                """);
    }

    String status(UUID orderId) {
        return texts("SELECT status FROM orders WHERE id = ?", orderId).getFirst();
    }

    long number(String sql, Object... values) {
        return Long.parseLong(texts(sql, values).getFirst());
    }

    /** The first column of all rows. */
    List<String> texts(String sql, Object... values) {
        try (Connection connection = connect();
                PreparedStatement statement = prepared(connection, sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Runs a statement and tells how many rows it changed. */
    int execute(String sql, Object... values) {
        try (Connection connection = connect();
                PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int index = 0; index < values.length; index++) {
            statement.setObject(index + 1, values[index]);
        }
        return statement;
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), address.user(), address.password());
    }

    private String jdbcUrl() {
        return "jdbc:postgresql://" + address.host() + ":" + address.port() + "/" + address.name();
    }

    private static EmbeddedPostgres open() {
        Path target = Path.of("target").toAbsolutePath();
        return EmbeddedPostgres.open(target.resolve("postgres"), target.resolve("postgres-binaries"));
    }
}
