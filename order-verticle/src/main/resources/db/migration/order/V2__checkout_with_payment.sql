-- An order may also be cancelled, shipped and delivered.
ALTER TABLE orders DROP CONSTRAINT orders_status_check;
ALTER TABLE orders ADD CONSTRAINT orders_status_check
    CHECK (status IN ('PENDING', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'SHIPPED', 'DELIVERED'));

-- How its checkout left the order, and when: what the idempotency key answers with, whatever becomes of the order later.
ALTER TABLE orders ADD COLUMN checkout_status text, ADD COLUMN checkout_reason text, ADD COLUMN checkout_at timestamptz;
UPDATE orders SET checkout_status = status, checkout_reason = reason, checkout_at = updated_at WHERE status <> 'PENDING';
ALTER TABLE orders ADD CONSTRAINT orders_checkout_check CHECK (
    (status = 'PENDING') = (checkout_status IS NULL)
    AND (checkout_status IS NULL) = (checkout_at IS NULL)
    AND coalesce(checkout_status = 'REJECTED', false) = (checkout_reason IS NOT NULL));

CREATE INDEX orders_by_age ON orders (created_at DESC, id DESC);
CREATE INDEX orders_by_status ON orders (status, created_at DESC, id DESC);

-- Events have an id of their own, which every receiver sees, whoever brings them.
ALTER TABLE order_event ADD COLUMN id uuid, ADD COLUMN trace_id text;
UPDATE order_event SET id = gen_random_uuid();
ALTER TABLE order_event ALTER COLUMN id SET NOT NULL, ADD CONSTRAINT order_event_id UNIQUE (id);

-- The events that are still to be delivered, a row for each receiver; gone when it has them.
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

CREATE INDEX event_delivery_next ON event_delivery (receiver, id) WHERE parked_at IS NULL;

-- Who brings the events to a receiver, on this database's clock.
CREATE TABLE relay_lease (
    receiver    text        PRIMARY KEY,
    owner       text        NOT NULL,
    lease_until timestamptz NOT NULL
);

-- A checkout that has turned back undoes its steps in reverse; ending says what the order becomes then. It never turns again.
ALTER TABLE saga ADD COLUMN ending text, ADD COLUMN ending_reason text;
ALTER TABLE saga ADD CONSTRAINT saga_ending_check CHECK (
    coalesce(ending IN ('REJECTED', 'CANCELLED'), true)
    AND coalesce(ending = 'REJECTED', false) = (ending_reason IS NOT NULL));

-- Checkouts of before there were payments: those that held their stock pay now, and the product service is told of the
-- confirmed ones by their event.
UPDATE saga SET step = 'charge' WHERE step = 'confirm';
INSERT INTO event_delivery (receiver, aggregate_id, seq)
SELECT 'product', e.order_id, e.seq FROM order_event e JOIN saga s ON s.order_id = e.order_id
WHERE s.step = 'commit' AND e.type = 'ORDER_CONFIRMED';
DELETE FROM saga WHERE step = 'commit';
