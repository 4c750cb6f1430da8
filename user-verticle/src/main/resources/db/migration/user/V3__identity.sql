-- The number of each account's last event. One that an older version adds has the event of its registration.
ALTER TABLE account ADD COLUMN last_seq integer NOT NULL DEFAULT 1;
UPDATE account SET last_seq = 0 WHERE NOT EXISTS (SELECT FROM user_event WHERE user_id = account.id);

-- A log-in and all that it is renewed to. Only the newest of its tokens is kept, as its SHA-256: whatever else comes with
-- the family's id was spent before. NULL when one was spent twice: then none is good any more.
CREATE TABLE refresh_family (
    id         uuid        PRIMARY KEY,
    user_id    uuid        NOT NULL REFERENCES account (id),
    token_hash bytea       CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at <= ends_at)
);
CREATE INDEX refresh_family_of_user ON refresh_family (user_id, created_at, id);
CREATE INDEX refresh_family_expired ON refresh_family (expires_at);

-- Tokens are signed with the key that signs from the latest time that has come. A key is published from when it is stored
-- until no token that it signed is good any more; NULL while no other key is to follow it. The age of those that are there
-- counts from now: no older instance, which never looks for a new key, is left with one that is withdrawn.
ALTER TABLE signing_key ADD COLUMN signs_from timestamptz NOT NULL DEFAULT now();
ALTER TABLE signing_key ADD COLUMN published_until timestamptz;
