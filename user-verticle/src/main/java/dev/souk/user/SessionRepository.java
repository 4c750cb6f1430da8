package dev.souk.user;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Caller.Role;
import dev.souk.kit.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** The table of refresh families: who is logged in, and with which token that can be kept up. */
final class SessionRepository {
    /** A user who logs in again and again without ever logging out has so many log-ins at a time. */
    static final int MOST_OF_A_USER = 200;

    private static final int FORGOTTEN_AT_ONCE = 1_000;

    /** What came of a refresh token. */
    sealed interface Renewal {
        /** It was the newest of its family, which goes on with the next one. */
        record Renewed(Caller caller) implements Renewal {}

        /** It was spent before, so somebody has it who should not: its family is over. */
        record SpentTwice(UUID userId) implements Renewal {}

        /** There is no such family, or not any more. */
        record Unknown() implements Renewal {}
    }

    private final Database database;

    SessionRepository(Database database) {
        this.database = database;
    }

    /**
     * Begins a family for whoever has just proved this account's password. Whether it did: not if the password was changed
     * in the meantime. The account is locked until then, so that a change that comes later finds this family and ends it.
     */
    Future<Boolean> begin(RefreshToken first, Account account, Instant now, Instant expires, Instant ends) {
        return database.write(
                        "begin-session",
                        """
                        WITH begun AS (
                            INSERT INTO refresh_family (id, user_id, token_hash, created_at, expires_at, ends_at)
                            SELECT $1, id, $2, $3, $4, $5
                              FROM account
                             WHERE id = $6 AND password_hash = $7
                               FOR SHARE
                            RETURNING id
                        ), superfluous AS (
                            SELECT id
                              FROM refresh_family
                             WHERE user_id = $6
                             ORDER BY created_at DESC, id DESC
                            OFFSET $8
                        ), ended AS (
                            DELETE FROM refresh_family
                             WHERE id IN (
                                SELECT id FROM refresh_family
                                 WHERE id IN (SELECT id FROM superfluous)
                                   FOR UPDATE SKIP LOCKED)
                        )
                        SELECT id FROM begun
                        """,
                        Tuple.tuple()
                                .addUUID(first.family())
                                .addBuffer(Buffer.buffer(first.hash()))
                                .addOffsetDateTime(utc(now))
                                .addOffsetDateTime(utc(expires))
                                .addOffsetDateTime(utc(ends))
                                .addUUID(account.id())
                                .addString(account.passwordHash())
                                .addInteger(MOST_OF_A_USER - 1))
                .map(begun -> begun.size() == 1);
    }

    /**
     * Spends a token for the next one of its family. Of several who do this at once with one token, the first is given the
     * next one and the second ends the family: it waits for the first and then finds another token than its own.
     */
    Future<Renewal> renew(RefreshToken spent, RefreshToken next, Instant now, Instant expires) {
        return database.write(
                        "renew-session",
                        """
                        UPDATE refresh_family AS family
                           SET token_hash = CASE WHEN token_hash = $2 THEN $3::bytea END,
                               expires_at = CASE WHEN token_hash = $2 THEN least($5, ends_at) ELSE $4 END
                          FROM account
                         WHERE family.id = $1 AND token_hash IS NOT NULL AND expires_at > $4
                           AND account.id = family.user_id
                        RETURNING account.id, account.role, token_hash IS NOT NULL AS renewed
                        """,
                        Tuple.tuple()
                                .addUUID(spent.family())
                                .addBuffer(Buffer.buffer(spent.hash()))
                                .addBuffer(Buffer.buffer(next.hash()))
                                .addOffsetDateTime(utc(now))
                                .addOffsetDateTime(utc(expires)))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(SessionRepository::renewal)
                        .orElseGet(Renewal.Unknown::new));
    }

    /** Ends the family of this token. Whether there was one. */
    Future<Boolean> end(RefreshToken token) {
        return database.write("end-session", "DELETE FROM refresh_family WHERE id = $1", Tuple.of(token.family()))
                .map(deleted -> deleted.rowCount() == 1);
    }

    /** Forgets some of the families that nobody can renew any more, and says how many. */
    Future<Integer> forgetExpired(Instant now) {
        return database.write("forget-sessions", """
                        DELETE FROM refresh_family
                         WHERE id IN (
                            SELECT id FROM refresh_family
                             WHERE expires_at <= $1
                             ORDER BY expires_at
                             LIMIT $2
                               FOR UPDATE SKIP LOCKED)
                        """, Tuple.of(utc(now), FORGOTTEN_AT_ONCE))
                .map(SqlResult::rowCount);
    }

    private static Renewal renewal(Row row) {
        UUID userId = row.getUUID("id");
        return row.getBoolean("renewed")
                ? new Renewal.Renewed(new Caller(userId, Role.valueOf(row.getString("role"))))
                : new Renewal.SpentTwice(userId);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
