package dev.souk.launcher.verify;

import dev.souk.kit.db.DatabaseConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Events that their receivers refused so often that they are parked, in the database of the service that tells them. */
public final class ParkedEvents {
    private final DatabaseConfig database;

    /** @param failure what the receiver said at last */
    public record Parked(String source, String receiver, String aggregateId, int seq, String failure) {
        @Override
        public String toString() {
            return source + " -> " + receiver + ": event " + seq + " of " + aggregateId + ": " + failure;
        }
    }

    public ParkedEvents(DatabaseConfig database) {
        this.database = database;
    }

    /** @throws IOException if the database cannot be read */
    public List<Parked> list() throws IOException {
        try (Connection connection = Verification.connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT receiver, aggregate_id, seq, failure
                        FROM event_delivery WHERE parked_at IS NOT NULL ORDER BY parked_at
                        """)) {
            List<Parked> parked = new ArrayList<>();
            while (rows.next()) {
                parked.add(new Parked(
                        database.service(), rows.getString(1), rows.getString(2), rows.getInt(3), rows.getString(4)));
            }
            return parked;
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Lets all of them leave again, with all their attempts. Answers how many. */
    public int replay() throws IOException {
        try (Connection connection = Verification.connect(database);
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate("""
                    UPDATE event_delivery SET parked_at = NULL, attempts = 0, due_at = now()
                    WHERE parked_at IS NOT NULL
                    """);
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
