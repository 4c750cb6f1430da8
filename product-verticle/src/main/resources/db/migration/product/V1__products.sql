-- The catalogue. A product is never deleted: an archived one is gone from every list, and its orders keep it.
CREATE TABLE product (
    id             uuid        PRIMARY KEY,
    sku            text        NOT NULL UNIQUE,
    name           text        NOT NULL,
    description    text        NOT NULL,
    attributes     jsonb       NOT NULL CHECK (jsonb_typeof(attributes) = 'object'),
    price_amount   bigint      NOT NULL CHECK (price_amount >= 0),
    price_currency text        NOT NULL CHECK (price_currency ~ '^[A-Z]{3}$'),
    version        bigint      NOT NULL,
    archived_at    timestamptz,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL
);

-- One index per order of the list, read from either end; the id makes every place in it unique. Names sort by code point,
-- which is the same on every machine and survives an upgrade of the system's C library.
--
-- Searching for a part of a text has no index: it reads the list in its order and stops when the page is full, which is a
-- scan of the catalogue for a term that few products hold. Good for some ten thousand products; beyond that, trigram
-- indexes (the extension pg_trgm) serve the same conditions unchanged.
CREATE INDEX product_by_name ON product (name COLLATE "C", id) WHERE archived_at IS NULL;
CREATE INDEX product_by_price ON product (price_amount, id) WHERE archived_at IS NULL;
CREATE INDEX product_by_age ON product (created_at, id) WHERE archived_at IS NULL;

-- Every piece of a product is in exactly one of the three. Half of each page is left free, so that the row, the most often
-- written one of the shop, finds room for its next version without touching the index.
CREATE TABLE stock (
    product_id uuid   PRIMARY KEY REFERENCES product (id),
    available  bigint NOT NULL CHECK (available >= 0),
    reserved   bigint NOT NULL CHECK (reserved >= 0),
    sold       bigint NOT NULL CHECK (sold >= 0)
) WITH (fillfactor = 50);

-- What became of each order that ever asked for stock, or was released before it asked. Rows are never deleted: they are
-- what makes a repeated, doubled or late command harmless.
CREATE TABLE reservation (
    order_id   uuid        PRIMARY KEY,
    state      text        NOT NULL CHECK (state IN ('HELD', 'REFUSED', 'COMMITTED', 'RELEASED')),
    short_of   uuid[]      NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
COMMENT ON COLUMN reservation.short_of IS 'of a REFUSED one: the products that were missing, known here or not';

-- No foreign key to the product: a line is only written for a stock row that is locked at that moment, and those stay.
CREATE TABLE reservation_line (
    order_id   uuid   NOT NULL REFERENCES reservation (order_id),
    product_id uuid   NOT NULL,
    quantity   bigint NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, product_id)
);

-- What came into the shop and left it other than by sale. The deltas of a product add up to its available, reserved and
-- sold at any moment.
CREATE TABLE stock_adjustment (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id      uuid        NOT NULL REFERENCES product (id),
    idempotency_key text,
    delta           bigint      NOT NULL,
    reason          text,
    available       bigint      NOT NULL,
    reserved        bigint      NOT NULL,
    sold            bigint      NOT NULL,
    adjusted_by     uuid,
    adjusted_at     timestamptz NOT NULL,
    CONSTRAINT stock_adjustment_once UNIQUE (product_id, idempotency_key)
);
COMMENT ON COLUMN stock_adjustment.idempotency_key IS 'null for the first stock of a product, which no client names';
COMMENT ON COLUMN stock_adjustment.adjusted_by IS 'the admin; null for the demo catalogue';
