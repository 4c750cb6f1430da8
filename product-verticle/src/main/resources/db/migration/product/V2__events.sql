-- Which events were applied here, each remembered by the transaction of its effect.
CREATE TABLE inbox (
    event_id     uuid        PRIMARY KEY,
    source       text        NOT NULL,
    aggregate_id uuid        NOT NULL,
    seq          integer     NOT NULL,
    applied_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_by_age ON inbox (applied_at);

-- The number of the product's last event. A product from before this version has no events yet: its next one is the first.
ALTER TABLE product ADD COLUMN last_seq integer NOT NULL DEFAULT 0;

-- What happened to each product, kept for good.
CREATE TABLE product_event (
    id         uuid        NOT NULL UNIQUE,
    product_id uuid        NOT NULL REFERENCES product (id),
    seq        integer     NOT NULL CHECK (seq >= 1),
    type       text        NOT NULL,
    data       jsonb       NOT NULL CHECK (jsonb_typeof(data) = 'object'),
    at         timestamptz NOT NULL,
    node       text        NOT NULL,
    PRIMARY KEY (product_id, seq)
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

-- The default is for rows from before this version, and for instances of it that still run.
ALTER TABLE reservation ADD COLUMN expires_at timestamptz NOT NULL DEFAULT now() + interval '10 minutes';
COMMENT ON COLUMN reservation.expires_at IS 'of a HELD one: when the order service is asked whether the order still stands';
CREATE INDEX reservation_by_expiry ON reservation (expires_at) WHERE state = 'HELD';
