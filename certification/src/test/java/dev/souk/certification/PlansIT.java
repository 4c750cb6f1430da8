package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL plans a statement once and keeps the plan. In a new shop that happens while the tables are empty, when every
 * plan looks as good as any other. So no plan may depend on what the planner believes of the tables: here it never learns
 * that they have grown, and no statement may read more than it needs all the same.
 */
class PlansIT {
    private static final List<String> SERVICES = List.of("user", "product", "order", "payment", "notification");
    private static final int RATE = 100;
    private static final Duration LENGTH = Duration.ofSeconds(15);
    /** Entries for each use of an index; what was deleted a moment ago counts too. */
    private static final double ENOUGH = 20;
    /** They are read from one end, over what was deleted there a moment ago. */
    private static final Set<String> QUEUES = Set.of(
            "event_delivery_next", "event_delivery_waiting", "saga_due", "notification_due", "webhook_delivery_due");

    @Test
    void noStatementReadsMoreAsTheTablesGrow() throws SQLException {
        try (BenchmarkShop shop = BenchmarkShop.startAll()) {
            for (String service : SERVICES) {
                leaveWithoutStatistics(shop, service);
            }
            CheckoutLoad load = new CheckoutLoad(shop);
            load.run(RATE, LENGTH);

            assertThat(load.done()).isGreaterThan(1_000);
            List<String> greedy = new ArrayList<>();
            for (String service : SERVICES) {
                greedy.addAll(greedyIn(shop, service));
            }
            assertThat(greedy).isEmpty();
        }
    }

    private static void leaveWithoutStatistics(BenchmarkShop shop, String service) throws SQLException {
        try (Connection connection = shop.connect(service);
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    DO $$
                    DECLARE name text;
                    BEGIN
                        FOR name IN SELECT relname FROM pg_stat_user_tables LOOP
                            EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name);
                        END LOOP;
                    END $$
                    """);
        }
    }

    /** Indexes of which each use has read many entries, and tables that were read as a whole. */
    private static List<String> greedyIn(BenchmarkShop shop, String service) throws SQLException {
        List<String> greedy = new ArrayList<>();
        try (Connection connection = shop.connect(service);
                Statement statement = connection.createStatement()) {
            try (ResultSet index = statement.executeQuery("""
                    SELECT indexrelname, idx_tup_read / idx_scan::float AS entries, idx_scan
                    FROM pg_stat_user_indexes WHERE idx_scan > 0
                    """)) {
                while (index.next()) {
                    if (index.getDouble("entries") > ENOUGH && !QUEUES.contains(index.getString("indexrelname"))) {
                        greedy.add("%s: %s reads %.1f entries in each of %d uses"
                                .formatted(
                                        service,
                                        index.getString("indexrelname"),
                                        index.getDouble("entries"),
                                        index.getLong("idx_scan")));
                    }
                }
            }
            try (ResultSet table = statement.executeQuery("""
                    SELECT relname, seq_tup_read FROM pg_stat_user_tables
                    WHERE seq_tup_read > 1000 AND relname <> 'flyway_schema_history'
                    """)) {
                while (table.next()) {
                    greedy.add(service + ": " + table.getString("relname") + " was read as a whole");
                }
            }
        }
        return greedy;
    }
}
