package dev.souk.notification;

import dev.souk.contracts.Notifications.Webhook;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.Page;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;

/** The table of webhooks. */
final class WebhookRepository {
    private final Database database;

    WebhookRepository(Database database) {
        this.database = database;
    }

    Future<Void> insert(Webhook webhook, String secret) {
        return database.write(
                        "create-webhook",
                        """
                        INSERT INTO webhook (id, url, events, secret, created_at)
                        VALUES ($1, $2, $3, $4, $5)
                        """,
                        Tuple.of(
                                webhook.id(),
                                webhook.url().toString(),
                                webhook.events().stream().sorted().toArray(String[]::new),
                                secret,
                                webhook.createdAt().atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** Those that are not deleted, newest first. */
    Future<Page<Webhook>> page(UUID below, int limit) {
        return database.read("""
                        SELECT id, url, events, created_at
                        FROM webhook
                        WHERE deleted_at IS NULL AND id < $1
                        ORDER BY id DESC
                        LIMIT $2
                        """, Tuple.of(below, limit + 1))
                .map(rows -> Page.of(
                        rows.stream().map(WebhookRepository::from).toList(), limit, one -> Cursor.after(one.id())));
    }

    /** Whether it is there and not deleted. */
    Future<Boolean> exists(UUID id) {
        return database.read("""
                        SELECT EXISTS (SELECT FROM webhook WHERE id = $1 AND deleted_at IS NULL) AS found
                        """, Tuple.of(id))
                .map(rows -> rows.iterator().next().getBoolean("found"));
    }

    /** Whether it was ever there. */
    Future<Boolean> delete(UUID id, Instant at) {
        return database.write("delete-webhook", """
                        UPDATE webhook
                        SET deleted_at = coalesce(deleted_at, $2), secret = ''
                        WHERE id = $1
                        """, Tuple.of(id, at.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    private static Webhook from(Row row) {
        return new Webhook(
                row.getUUID("id"),
                URI.create(row.getString("url")),
                Set.of(row.getArrayOfStrings("events")),
                row.getOffsetDateTime("created_at").toInstant());
    }
}
