CREATE TABLE orders (
    id              uuid        PRIMARY KEY,
    user_id         uuid        NOT NULL,
    -- The client's key, the request that came with it first, and what that request asked for.
    idempotency_key text        NOT NULL,
    request_id      text        NOT NULL,
    fingerprint     bytea       NOT NULL,
    payment_method  text        NOT NULL,
    -- Until then the first request may still be waiting for its answer; a repeat that comes later joins the checkout.
    answer_by       timestamptz NOT NULL,
    status          text        NOT NULL CHECK (status IN ('PENDING', 'CONFIRMED', 'REJECTED')),
    reason          text        CHECK ((status = 'REJECTED') = (reason IS NOT NULL)),
    total           bigint      NOT NULL CHECK (total >= 0),
    currency        text        NOT NULL,
    -- The sequence number of its newest event.
    last_seq        integer     NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT orders_key UNIQUE (user_id, idempotency_key)
);

CREATE INDEX orders_by_user ON orders (user_id, created_at DESC, id DESC);

CREATE TABLE order_line (
    order_id   uuid    NOT NULL REFERENCES orders,
    position   integer NOT NULL,
    product_id uuid    NOT NULL,
    sku        text    NOT NULL,
    name       text    NOT NULL,
    quantity   integer NOT NULL CHECK (quantity > 0),
    unit_price bigint  NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (order_id, position),
    UNIQUE (order_id, product_id)
);

-- The history of each order: numbered from 1 without a gap, never changed.
CREATE TABLE order_event (
    order_id uuid        NOT NULL REFERENCES orders,
    seq      integer     NOT NULL,
    type     text        NOT NULL,
    data     jsonb       NOT NULL,
    at       timestamptz NOT NULL,
    node     text        NOT NULL,
    PRIMARY KEY (order_id, seq)
);

-- One row for each checkout that has not ended. Whoever works on it holds the lease, on this database's clock, and
-- proves it before each command by owner and version.
CREATE TABLE saga (
    order_id    uuid        PRIMARY KEY REFERENCES orders,
    step        text        NOT NULL,
    owner       text,
    lease_until timestamptz NOT NULL,
    version     bigint      NOT NULL,
    attempts    integer     NOT NULL
);

CREATE INDEX saga_due ON saga (lease_until);
