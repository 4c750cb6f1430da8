-- What happened to each account, kept for good. An account from before this version has no events.
CREATE TABLE user_event (
    id      uuid        NOT NULL UNIQUE,
    user_id uuid        NOT NULL REFERENCES account (id),
    seq     integer     NOT NULL CHECK (seq >= 1),
    type    text        NOT NULL,
    data    jsonb       NOT NULL CHECK (jsonb_typeof(data) = 'object'),
    at      timestamptz NOT NULL,
    node    text        NOT NULL,
    PRIMARY KEY (user_id, seq)
);

-- Who is still to be told of which event. A row goes when its receiver has acknowledged the event.
CREATE TABLE event_delivery (
    id           bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    receiver     text        NOT NULL,
    aggregate_id uuid        NOT NULL,
    seq          integer     NOT NULL,
    attempts     integer     NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL DEFAULT now(),
    parked_at    timestamptz,
    failure      text,
    PRIMARY KEY (receiver, aggregate_id, seq)
);
CREATE INDEX event_delivery_waiting ON event_delivery (receiver, id) WHERE parked_at IS NULL;

-- Which instance tells each receiver, by the clock of this database.
CREATE TABLE relay_lease (
    receiver    text        PRIMARY KEY,
    owner       text        NOT NULL,
    lease_until timestamptz NOT NULL
);
