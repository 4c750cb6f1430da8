package dev.souk.payment;

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
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The payment service's database on a PostgreSQL that runs as long as the integration tests of this module, empty before
 * each test, and what the tests look up in it behind the service's back.
 */
final class PaymentDatabase implements BeforeAllCallback, BeforeEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(PaymentDatabase.class);

    private EmbeddedPostgres.Database address;

    @Override
    public void beforeAll(ExtensionContext context) {
        address = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent("postgres", key -> open(), EmbeddedPostgres.class)
                .provision("payments");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        execute("DROP SCHEMA public CASCADE");
        execute("CREATE SCHEMA public");
    }

    String url() {
        return address.url();
    }

    /** What is booked, each payment with its debit and its credit, in the form of {@link ProviderLedger#lines()}. */
    List<String> booked() {
        return texts("""
                SELECT lower(p.kind) || ':' || p.order_id || ' ' || p.provider_reference || ' '
                       || sum(e.amount) FILTER (WHERE e.side = 'DEBIT') || ' '
                       || sum(e.amount) FILTER (WHERE e.side = 'CREDIT') || ' '
                       || min(e.currency)
                FROM ledger_entry e JOIN payment p ON p.id = e.payment_id
                GROUP BY p.id
                ORDER BY 1
                """);
    }

    /** Payments that say one thing while the ledger says another. */
    long misbooked() {
        return number("""
                SELECT count(*)
                FROM payment p
                WHERE (SELECT count(*) FROM ledger_entry e WHERE e.payment_id = p.id)
                    <> CASE p.status WHEN 'SUCCEEDED' THEN 2 ELSE 0 END
                """);
    }

    /** What an account holds: its debits less its credits. */
    long balance(String account) {
        return number("""
                SELECT coalesce(sum(CASE side WHEN 'DEBIT' THEN amount ELSE -amount END), 0)
                FROM ledger_entry
                WHERE account LIKE ?
                """, account);
    }

    /** Closes the order in a transaction of another that locks it before the work and commits after it. */
    void close(UUID orderId, Runnable whileLocked) {
        try (Connection connection = connect();
                PreparedStatement insert =
                        prepared(connection, "INSERT INTO payment_order (order_id) VALUES (?)", orderId);
                PreparedStatement lock = prepared(
                        connection, "SELECT closed FROM payment_order WHERE order_id = ? FOR UPDATE", orderId);
                PreparedStatement close =
                        prepared(connection, "UPDATE payment_order SET closed = true WHERE order_id = ?", orderId)) {
            insert.executeUpdate();
            connection.setAutoCommit(false);
            lock.execute();
            whileLocked.run();
            close.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            throw new AssertionError("close", e);
        }
    }

    /** How many connections of the payment service wait for a lock. */
    long waiting() {
        return number("""
                SELECT count(*)
                FROM pg_stat_activity
                WHERE application_name = 'souk-payment' AND datname = current_database() AND wait_event_type = 'Lock'
                """);
    }

    /** Ends every connection of the payment service, whatever it does at the moment, and tells how many there were. */
    long cutConnections() {
        return number("""
                SELECT count(pg_terminate_backend(pid)) FILTER (WHERE state <> 'idle')
                FROM pg_stat_activity
                WHERE application_name = 'souk-payment' AND datname = current_database()
                """);
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

    private void execute(String sql) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
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
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address.host() + ":" + address.port() + "/" + address.name(),
                address.user(),
                address.password());
    }

    private static EmbeddedPostgres open() {
        Path target = Path.of("target").toAbsolutePath();
        return EmbeddedPostgres.open(target.resolve("postgres"), target.resolve("postgres-binaries"));
    }
}
