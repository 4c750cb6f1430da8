package dev.souk.user;

import dev.souk.kit.db.Database;
import dev.souk.kit.db.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of signing keys. */
final class SigningKeyRepository {
    private static final String FIND_ALL = """
            SELECT private_jwk, signs_from, published_until
              FROM signing_key
             ORDER BY signs_from DESC, created_at DESC, kid
            """;

    private final Database database;

    SigningKeyRepository(Database database) {
        this.database = database;
    }

    /** All keys, first the one that signs last. */
    Future<List<SigningKey>> findAll() {
        return database.read(FIND_ALL, Tuple.tuple()).map(SigningKeyRepository::from);
    }

    /** All keys after this one was stored, which is only done if there is none yet: of several at once one is. */
    Future<List<SigningKey>> insertIfNone(SigningKey first, Instant now) {
        return database.transaction(
                "make-signing-key",
                transaction -> transaction
                        .run("LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE", Tuple.tuple())
                        .compose(locked -> insertIfNone(transaction, first, now))
                        .compose(inserted -> transaction.run(FIND_ALL, Tuple.tuple()))
                        .map(SigningKeyRepository::from));
    }

    /**
     * Stores the key that follows another, says until when that other one is published, and forgets those that are
     * published no more. Whether it did: not if another instance was quicker, for any may do this at any time.
     */
    Future<Boolean> follow(SigningKey newest, Instant newestPublishedUntil, SigningKey next, Instant now) {
        return database.write(
                        "rotate-signing-key",
                        """
                        WITH withdrawn AS (
                            DELETE FROM signing_key WHERE published_until < $6 AND kid <> $1
                        ), followed AS (
                            UPDATE signing_key
                               SET published_until = $2
                             WHERE kid = $1 AND published_until IS NOT DISTINCT FROM $7
                            RETURNING kid
                        )
                        INSERT INTO signing_key (kid, private_jwk, signs_from, created_at)
                        SELECT $3, $4, $5, $6 FROM followed
                        """,
                        Tuple.of(
                                newest.kid(),
                                utc(newestPublishedUntil),
                                next.kid(),
                                jwk(next),
                                utc(next.signsFrom()),
                                utc(now),
                                newest.publishedUntil()
                                        .map(SigningKeyRepository::utc)
                                        .orElse(null)))
                .map(inserted -> inserted.rowCount() == 1);
    }

    private static Future<RowSet<Row>> insertIfNone(Transaction transaction, SigningKey first, Instant now) {
        return transaction.run("""
                INSERT INTO signing_key (kid, private_jwk, signs_from, created_at)
                SELECT $1, $2, $3, $4
                 WHERE NOT EXISTS (SELECT FROM signing_key)
                """, Tuple.of(first.kid(), jwk(first), utc(first.signsFrom()), utc(now)));
    }

    private static List<SigningKey> from(RowSet<Row> rows) {
        return rows.stream().map(SigningKeyRepository::from).toList();
    }

    private static SigningKey from(Row row) {
        JsonObject jwk = row.getJsonObject("private_jwk");
        return new SigningKey(
                jwk.getString("x"),
                jwk.getString("y"),
                jwk.getString("d"),
                row.getOffsetDateTime("signs_from").toInstant(),
                Optional.ofNullable(row.getOffsetDateTime("published_until")).map(OffsetDateTime::toInstant));
    }

    private static JsonObject jwk(SigningKey key) {
        return new JsonObject(Map.copyOf(key.privateJwk()));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
