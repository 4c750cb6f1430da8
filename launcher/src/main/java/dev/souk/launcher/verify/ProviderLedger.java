package dev.souk.launcher.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.kit.bus.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;

/** The payment provider's own book of what it charged and gave back. */
final class ProviderLedger {
    private static final int ROWS_AT_ONCE = 1_000;

    private final URI provider;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    ProviderLedger(URI provider) {
        this.provider = provider;
    }

    /** Copies all of it into a temporary table. @throws IOException if the provider does not give it out */
    void copyTo(Connection desk) throws SQLException, IOException {
        try (Statement statement = desk.createStatement()) {
            statement.execute("""
                    CREATE TEMPORARY TABLE provider_entry
                        (seq bigint, kind text, key text, id text, charge text, amount bigint, currency text)
                    """);
        }
        try (Stream<String> lines = fetch();
                PreparedStatement insert =
                        desk.prepareStatement("INSERT INTO provider_entry VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            int waiting = 0;
            for (Iterator<String> all = lines.iterator(); all.hasNext(); ) {
                bind(insert, WireFormat.mapper().readTree(all.next()));
                insert.addBatch();
                if (++waiting % ROWS_AT_ONCE == 0) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
        }
    }

    private Stream<String> fetch() throws IOException {
        HttpRequest request = HttpRequest.newBuilder(provider.resolve("/v1/ledger"))
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                throw new IOException("the payment provider answered " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new IOException("the ledger of the payment provider on " + provider + " cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void bind(PreparedStatement insert, JsonNode entry) throws SQLException {
        insert.setLong(1, entry.path("seq").asLong());
        insert.setString(2, entry.path("kind").asText());
        insert.setString(3, entry.path("key").asText());
        insert.setString(4, entry.path("id").asText(null));
        insert.setString(5, entry.path("charge").asText(null));
        insert.setLong(6, entry.path("amount").asLong());
        insert.setString(7, entry.path("currency").asText(null));
    }
}
