package dev.souk.user;

import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Fault;
import dev.souk.contracts.UserEvent;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.SqlFailures;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.event.Routes;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The table of accounts, and what happened to them: an account and the event that tells of it are stored together. */
final class AccountRepository {
    /** Where an account stands in the list, newest first. */
    record Position(Instant createdAt, UUID id) {
        private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
        private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

        /** Before every account. */
        static final Position TOP = new Position(LATEST, new UUID(-1, -1));

        static Position of(Account account) {
            return new Position(account.createdAt(), account.id());
        }

        /** @throws Fault {@code INVALID_REQUEST} if the cursor is none of this list */
        static Position from(String cursor) {
            List<String> keys = Cursor.decode(cursor, 2).keys();
            try {
                Instant createdAt = Instant.parse(keys.getFirst());
                if (!createdAt.isBefore(EARLIEST) && !createdAt.isAfter(LATEST)) {
                    return new Position(createdAt, UUID.fromString(keys.getLast()));
                }
            } catch (DateTimeParseException | IllegalArgumentException e) {
                // told below
            }
            throw Cursor.malformed();
        }

        Cursor toCursor() {
            return Cursor.after(createdAt, id);
        }
    }

    private static final String REGISTERED = EventFormat.type(UserEvent.Registered.class);
    private static final String CHANGED = EventFormat.type(UserEvent.Changed.class);
    private static final String EMAIL_INDEX = "account_email";

    /** Of an account that was stored as {@code stored}; whoever wants to know is to be told. */
    private static final String WITH_EVENT = """
            , event AS (
                INSERT INTO user_event (id, user_id, seq, type, data, at, node)
                SELECT $7, id, 1, $8, $9::text::jsonb, created_at, $10 FROM stored
                RETURNING user_id, seq, type
            ), delivery AS (
                INSERT INTO event_delivery (receiver, aggregate_id, seq)
                SELECT route.receiver, event.user_id, event.seq
                  FROM event JOIN unnest($11::text[], $12::text[]) AS route (receiver, type) USING (type)
            )
            SELECT id FROM stored
            """;

    private static final String CHANGE = """
            WITH stored AS (
                UPDATE account
                   SET name = coalesce($2, name), email = coalesce($3, email),
                       password_hash = coalesce($4, password_hash), last_seq = last_seq + 1
                 WHERE id = $1 AND password_hash = coalesce($5, password_hash)
                RETURNING id, name, email, role, password_hash, created_at, last_seq
            ), event AS (
                INSERT INTO user_event (id, user_id, seq, type, data, at, node)
                SELECT $6, id, last_seq, $7,
                       jsonb_build_object('name', name, 'email', email, 'passwordChanged', $4::text IS NOT NULL), $8, $9
                  FROM stored
                RETURNING user_id, seq, type
            ), delivery AS (
                INSERT INTO event_delivery (receiver, aggregate_id, seq)
                SELECT route.receiver, event.user_id, event.seq
                  FROM event JOIN unnest($10::text[], $11::text[]) AS route (receiver, type) USING (type)
            )
            SELECT id, name, email, role, password_hash, created_at FROM stored
            """;

    private final Database database;
    private final Routes routes;
    private final String node;
    private final Supplier<UUID> ids;

    /** @param node where the events are written */
    AccountRepository(Database database, Routes routes, String node, Supplier<UUID> ids) {
        this.database = database;
        this.routes = routes;
        this.node = node;
        this.ids = ids;
    }

    /** Stores a new account, unless another has its mail in whatever case. Whether it did. */
    Future<Boolean> insert(Account account) {
        return database.write("register-account", """
                        WITH stored AS (
                            INSERT INTO account (id, name, email, role, password_hash, created_at)
                            VALUES ($1, $2, $3, $4, $5, $6)
                            ON CONFLICT (lower(email)) DO NOTHING
                            RETURNING id, created_at
                        )
                        """ + WITH_EVENT, values(account))
                .map(stored -> stored.size() == 1);
    }

    /** Stores the account unless there is an admin already; of several at once one does. Whether this one did. */
    Future<Boolean> insertIfNoAdmin(Account admin) {
        return database.transaction(
                "make-admin",
                transaction -> transaction
                        .run("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE", Tuple.tuple())
                        .compose(locked -> transaction.run("""
                                WITH stored AS (
                                    INSERT INTO account (id, name, email, role, password_hash, created_at)
                                    SELECT $1, $2, $3, $4, $5, $6
                                     WHERE NOT EXISTS (SELECT FROM account WHERE role = 'ADMIN')
                                    RETURNING id, created_at
                                )
                                """ + WITH_EVENT, values(admin)))
                        .map(stored -> stored.size() == 1));
    }

    /**
     * Changes what is not null of an account, ends all its log-ins if that is the password, and numbers the event by the
     * account's row, which is locked by then. Empty if the password that was proved is not the account's any more. Fails
     * with {@code EMAIL_TAKEN}.
     *
     * @param proved the hash of the password that the user has proved to know; null if none was needed
     */
    Future<Optional<Account>> change(
            UUID id, String name, String email, String passwordHash, String proved, Instant at) {
        return database.transaction(
                        "change-account",
                        transaction -> transaction
                                .run(CHANGE, changedValues(id, name, email, passwordHash, proved, at))
                                .map(AccountRepository::first)
                                .compose(changed -> passwordHash == null || changed.isEmpty()
                                        ? Future.succeededFuture(changed)
                                        : transaction
                                                .run("DELETE FROM refresh_family WHERE user_id = $1", Tuple.of(id))
                                                .map(changed)))
                .recover(failure -> Future.failedFuture(
                        SqlFailures.violates(failure, EMAIL_INDEX)
                                ? Fault.of(Fault.Code.EMAIL_TAKEN, "Another account has this e-mail address.")
                                : failure));
    }

    Future<Optional<Account>> findById(UUID id) {
        return database.read("""
                        SELECT id, name, email, role, password_hash, created_at
                          FROM account
                         WHERE id = $1
                        """, Tuple.of(id)).map(AccountRepository::first);
    }

    /** The account of a mail, in whatever case. */
    Future<Optional<Account>> findByEmail(String email) {
        return database.read("""
                        SELECT id, name, email, role, password_hash, created_at
                          FROM account
                         WHERE lower(email) = lower($1)
                        """, Tuple.of(email)).map(AccountRepository::first);
    }

    Future<Boolean> hasAdmin() {
        return database.read("""
                        SELECT EXISTS (SELECT FROM account WHERE role = 'ADMIN') AS found
                        """, Tuple.tuple())
                .map(rows -> rows.iterator().next().getBoolean("found"));
    }

    /**
     * Accounts whose name or mail holds a text, in whatever case, newest first.
     *
     * @param text taken as it is, nothing in it is a wildcard; every account holds the empty one
     * @param after where the page before ended
     */
    Future<List<Account>> find(String text, Position after, int limit) {
        return database.read("""
                        SELECT id, name, email, role, password_hash, created_at
                          FROM account
                         WHERE (created_at, id) < ($1, $2)
                           AND (strpos(lower(name), lower($3)) > 0 OR strpos(lower(email), lower($3)) > 0)
                         ORDER BY created_at DESC, id DESC
                         LIMIT $4
                        """, Tuple.of(after.createdAt().atOffset(ZoneOffset.UTC), after.id(), text, limit))
                .map(rows -> rows.stream().map(AccountRepository::from).toList());
    }

    private Tuple values(Account account) {
        var registered = new UserEvent.Registered(account.name(), account.email(), account.role());
        return Tuple.tuple()
                .addUUID(account.id())
                .addString(account.name())
                .addString(account.email())
                .addString(account.role().name())
                .addString(account.passwordHash())
                .addOffsetDateTime(account.createdAt().atOffset(ZoneOffset.UTC))
                .addUUID(ids.get())
                .addString(REGISTERED)
                .addString(WireFormat.encode(EventFormat.data(registered)).toString())
                .addString(node)
                .addArrayOfString(routes.pairedReceivers())
                .addArrayOfString(routes.pairedTypes());
    }

    private Tuple changedValues(UUID id, String name, String email, String passwordHash, String proved, Instant at) {
        return Tuple.tuple()
                .addUUID(id)
                .addString(name)
                .addString(email)
                .addString(passwordHash)
                .addString(proved)
                .addUUID(ids.get())
                .addString(CHANGED)
                .addOffsetDateTime(at.atOffset(ZoneOffset.UTC))
                .addString(node)
                .addArrayOfString(routes.pairedReceivers())
                .addArrayOfString(routes.pairedTypes());
    }

    private static Optional<Account> first(RowSet<Row> rows) {
        return rows.stream().findFirst().map(AccountRepository::from);
    }

    private static Account from(Row row) {
        return new Account(
                row.getUUID("id"),
                row.getString("name"),
                row.getString("email"),
                Role.valueOf(row.getString("role")),
                row.getString("password_hash"),
                row.getOffsetDateTime("created_at").toInstant());
    }
}
