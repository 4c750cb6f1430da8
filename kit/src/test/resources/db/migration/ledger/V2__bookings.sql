-- Writes that come in groups: the key makes each happen once, and nothing but the key does.
CREATE TABLE booking (
    id     bigint GENERATED ALWAYS AS IDENTITY,
    key    text   NOT NULL
);

CREATE TABLE booked (
    key     text   PRIMARY KEY,
    booking bigint NOT NULL
);

CREATE TABLE account (
    id     integer PRIMARY KEY,
    amount bigint  NOT NULL DEFAULT 0
);
INSERT INTO account (id) SELECT generate_series(1, 20);
