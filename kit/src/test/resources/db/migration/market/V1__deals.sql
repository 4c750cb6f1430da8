-- A source of events, for the tests of the outbox.
CREATE TABLE deal_event (
    id      uuid        NOT NULL UNIQUE,
    deal_id uuid        NOT NULL,
    seq     integer     NOT NULL,
    type    text        NOT NULL,
    data    jsonb       NOT NULL,
    at      timestamptz NOT NULL,
    node    text        NOT NULL,
    PRIMARY KEY (deal_id, seq)
);

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

CREATE TABLE relay_lease (
    receiver    text        PRIMARY KEY,
    owner       text        NOT NULL,
    lease_until timestamptz NOT NULL
);
