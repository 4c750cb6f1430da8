-- Every order that was ever charged or refunded here. Whoever changes an order's payments locks this row first, orders in
-- the order of their ids. Rows are never deleted: they are what makes a repeated, doubled or late command harmless.
CREATE TABLE payment_order (
    order_id   uuid        PRIMARY KEY,
    closed     boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN payment_order.closed IS 'never goes back: a refund was asked for, with which a charge that comes later is refused';

CREATE TABLE payment (
    id                 uuid        PRIMARY KEY,
    order_id           uuid        NOT NULL REFERENCES payment_order (order_id),
    user_id            uuid        NOT NULL,
    kind               text        NOT NULL CHECK (kind IN ('CHARGE', 'REFUND')),
    status             text        NOT NULL CHECK (status IN ('PENDING', 'SUCCEEDED', 'FAILED')),
    amount             bigint      NOT NULL CHECK (amount >= 0),
    currency           text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    payment_method     text        NOT NULL,
    provider           text        NOT NULL,
    provider_reference text,
    failure_reason     text,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    CONSTRAINT payment_once UNIQUE (order_id, kind),
    CONSTRAINT payment_reference CHECK (status <> 'SUCCEEDED' OR provider_reference IS NOT NULL),
    CONSTRAINT payment_reason CHECK ((status = 'FAILED') = (failure_reason IS NOT NULL))
);
COMMENT ON COLUMN payment.payment_method IS 'the provider''s token for a way to pay; never card data';

-- Double entry: a payment that succeeded has one debit and one credit of its amount, written by the transaction that says
-- that it succeeded. Nothing is ever changed or deleted here.
CREATE TABLE ledger_entry (
    payment_id uuid        NOT NULL REFERENCES payment (id),
    account    text        NOT NULL CHECK (account IN ('PROVIDER_RECEIVABLE', 'SALES', 'SALES_RETURNS')),
    side       text        NOT NULL CHECK (side IN ('DEBIT', 'CREDIT')),
    amount     bigint      NOT NULL CHECK (amount >= 0),
    currency   text        NOT NULL,
    booked_at  timestamptz NOT NULL,
    PRIMARY KEY (payment_id, account),
    CONSTRAINT ledger_entry_one_of_a_side UNIQUE (payment_id, side)
);
COMMENT ON COLUMN ledger_entry.account IS 'PROVIDER_RECEIVABLE is what the provider owes the shop';
