CREATE TABLE account (
    id            uuid        PRIMARY KEY,
    name          text        NOT NULL,
    email         text        NOT NULL,
    role          text        NOT NULL CHECK (role IN ('CUSTOMER', 'ADMIN')),
    password_hash text        NOT NULL,
    created_at    timestamptz NOT NULL
);

-- One account for each address, however it is spelled.
CREATE UNIQUE INDEX account_email ON account (lower(email));

CREATE INDEX account_newest ON account (created_at DESC, id DESC);

-- Access tokens are signed with the newest key; all of them are published.
CREATE TABLE signing_key (
    kid         text        PRIMARY KEY,
    private_jwk jsonb       NOT NULL,
    created_at  timestamptz NOT NULL
);
