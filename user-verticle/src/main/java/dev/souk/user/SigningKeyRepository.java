package dev.souk.user;

import dev.souk.kit.db.Database;
import dev.souk.kit.db.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** The table of signing keys. */
final class SigningKeyRepository {
    private static final String FIND_ALL = """
            SELECT private_jwk, created_at
              FROM signing_key
             ORDER BY created_at DESC, kid
            """;

    private final Database database;

    SigningKeyRepository(Database database) {
        this.database = database;
    }

    /** All keys, newest first. */
    Future<List<SigningKey>> findAll() {
        return database.read(FIND_ALL, Tuple.tuple()).map(SigningKeyRepository::from);
    }

    /** All keys after this one was stored, which is only done if there is none yet: of several at once one is. */
    Future<List<SigningKey>> insertIfNone(SigningKey first) {
        return database.transaction(
                "make-signing-key",
                transaction -> transaction
                        .run("LOCK TABLE signing_key IN SHARE ROW EXCLUSIVE MODE", Tuple.tuple())
                        .compose(locked -> insertIfNone(transaction, first))
                        .compose(inserted -> transaction.run(FIND_ALL, Tuple.tuple()))
                        .map(SigningKeyRepository::from));
    }

    private static Future<RowSet<Row>> insertIfNone(Transaction transaction, SigningKey first) {
        return transaction.run(
                """
                        INSERT INTO signing_key (kid, private_jwk, created_at)
                        SELECT $1, $2, $3
                         WHERE NOT EXISTS (SELECT FROM signing_key)
                        """,
                Tuple.of(
                        first.kid(),
                        new JsonObject(Map.copyOf(first.privateJwk())),
                        first.createdAt().atOffset(ZoneOffset.UTC)));
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
                row.getOffsetDateTime("created_at").toInstant());
    }
}
