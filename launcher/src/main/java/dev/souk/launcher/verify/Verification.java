package dev.souk.launcher.verify;

import dev.souk.kit.db.DatabaseConfig;
import dev.souk.launcher.verify.Invariants.Check;
import dev.souk.launcher.verify.Invariants.Copy;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * Compares all services' databases and the payment provider's ledger, by the queries of {@code invariants.sql}. It only
 * reads: what it compares is copied into temporary tables of one session.
 */
public final class Verification {
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final Map<String, DatabaseConfig> databases;
    private final ProviderLedger provider;
    private final Invariants invariants;

    /**
     * What a check found.
     *
     * @param compared how much was compared
     * @param wrong for how much of it the invariant does not hold
     * @param example one of those
     * @param failure why the check could not be made; empty if it was
     */
    public record Finding(
            int number, String title, boolean mayBeEmpty, long compared, long wrong, String example, String failure) {
        /** Whether the invariant was seen to hold. */
        public boolean holds() {
            return failure.isEmpty() && wrong == 0 && (compared > 0 || mayBeEmpty);
        }

        @Override
        public String toString() {
            String what = number + ". " + title;
            if (!failure.isEmpty()) {
                return what + ": COULD NOT BE CHECKED: " + failure;
            }
            if (wrong > 0) {
                return what + ": WRONG for " + wrong + " of " + compared + ", for example " + example;
            }
            return what + (holds() ? ": " + compared + " compared" : ": NOTHING TO COMPARE");
        }
    }

    /** @param databases the database of each service, by its name */
    public Verification(Map<String, DatabaseConfig> databases, URI provider) {
        this.databases = Map.copyOf(databases);
        this.provider = new ProviderLedger(provider);
        this.invariants = Invariants.read();
    }

    /**
     * Makes every check again and again until all hold, or time is over: what is under way is no difference.
     *
     * @throws IOException if something to compare cannot be read, up to the last
     */
    public List<Finding> awaitSettled(Duration limit) throws IOException {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            boolean isLast = System.nanoTime() - until > 0;
            try {
                List<Finding> findings = run();
                if (isLast || findings.stream().allMatch(Finding::holds)) {
                    return findings;
                }
            } catch (IOException e) {
                if (isLast) {
                    throw e;
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /**
     * Makes every check.
     *
     * @throws IOException if something to compare cannot be read at all
     */
    public List<Finding> run() throws IOException {
        try (Connection desk = connect(databases.get("order"))) {
            for (Copy copy : invariants.copies()) {
                tryCopy(copy, desk);
            }
            provider.copyTo(desk);
            try (Statement statement = desk.createStatement()) {
                statement.execute("ANALYZE");
            }
            List<Finding> findings = new ArrayList<>();
            for (Check check : invariants.checks()) {
                findings.add(make(check, desk));
            }
            return findings;
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Finding make(Check check, Connection desk) {
        String counted = """
                SELECT count(*), count(*) FILTER (WHERE holds IS NOT TRUE),
                    coalesce(min(subject::text) FILTER (WHERE holds IS NOT TRUE), '')
                FROM (%s) AS compared (subject, holds)
                """.formatted(check.query());
        try (Statement statement = desk.createStatement();
                ResultSet row = statement.executeQuery(counted)) {
            row.next();
            return new Finding(
                    check.number(),
                    check.title(),
                    check.mayBeEmpty(),
                    row.getLong(1),
                    row.getLong(2),
                    row.getString(3),
                    "");
        } catch (SQLException e) {
            return new Finding(check.number(), check.title(), check.mayBeEmpty(), 0, 0, "", e.getMessage());
        }
    }

    private void tryCopy(Copy copy, Connection desk) throws SQLException, IOException {
        try {
            copy(copy, desk);
        } catch (SQLException e) {
            throw new SQLException(copy.service() + "'s " + copy.table() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A query that cannot be run anywhere fails the whole verification: nothing is taken for empty. */
    private void copy(Copy copy, Connection desk) throws SQLException, IOException {
        DatabaseConfig database = databases.get(copy.service());
        if (database == null) {
            throw new SQLException("there is no database of the service " + copy.service());
        }
        try (Connection source = connect(database);
                Statement reading = source.createStatement();
                Statement writing = desk.createStatement()) {
            writing.execute("CREATE TEMPORARY TABLE " + copy.table() + " (" + columns(copy, reading) + ")");
            StringWriter rows = new StringWriter();
            new CopyManager(source.unwrap(BaseConnection.class)).copyOut("COPY (" + copy.query() + ") TO STDOUT", rows);
            new CopyManager(desk.unwrap(BaseConnection.class))
                    .copyIn("COPY pg_temp." + copy.table() + " FROM STDIN", new StringReader(rows.toString()));
        }
    }

    private static String columns(Copy copy, Statement reading) throws SQLException {
        try (ResultSet none = reading.executeQuery("SELECT * FROM (" + copy.query() + ") AS copied LIMIT 0")) {
            List<String> columns = new ArrayList<>();
            for (int index = 1; index <= none.getMetaData().getColumnCount(); index++) {
                columns.add(none.getMetaData().getColumnName(index) + " "
                        + none.getMetaData().getColumnTypeName(index));
            }
            return String.join(", ", columns);
        }
    }

    static Connection connect(DatabaseConfig database) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", database.user());
        login.setProperty("password", database.password());
        login.setProperty("sslmode", database.sslMode());
        login.setProperty("ApplicationName", "souk-verify");
        login.setProperty("connectTimeout", String.valueOf(Duration.ofSeconds(5).toSeconds()));
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(), login);
    }
}
