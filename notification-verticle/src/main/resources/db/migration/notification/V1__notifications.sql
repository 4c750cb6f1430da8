-- Which events were applied, so that none is applied twice.
CREATE TABLE inbox (
    event_id     uuid        PRIMARY KEY,
    source       text        NOT NULL,
    aggregate_id uuid        NOT NULL,
    seq          int         NOT NULL,
    applied_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX inbox_applied ON inbox (applied_at);

-- Who mails go to, as far as they were told of.
CREATE TABLE recipient (
    user_id uuid PRIMARY KEY,
    name    text NOT NULL,
    email   text NOT NULL
);

-- A row that is PENDING may be tried from due_at on, by whoever takes it until lease_until. The number of attempts tells
-- an attempt from a later one: only the latest may settle the row.
CREATE TABLE notification (
    id          uuid        PRIMARY KEY,
    user_id     uuid        NOT NULL,
    event_id    uuid        NOT NULL,
    type        text        NOT NULL,
    order_id    uuid,
    seq         int         NOT NULL,
    channel     text        NOT NULL CHECK (channel IN ('EMAIL')),
    status      text        NOT NULL CHECK (status IN ('PENDING', 'SENT', 'KEPT', 'FAILED')),
    subject     text        NOT NULL,
    body        text        NOT NULL,
    attempts    int         NOT NULL DEFAULT 0,
    refusals    int         NOT NULL DEFAULT 0,
    failure     text,
    due_at      timestamptz NOT NULL DEFAULT now(),
    give_up_at  timestamptz NOT NULL,
    lease_until timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    settled_at  timestamptz,
    UNIQUE (event_id, channel)
);

CREATE INDEX notification_of_user ON notification (user_id, id DESC);
CREATE INDEX notification_due ON notification (due_at) WHERE status = 'PENDING';
CREATE INDEX notification_in_order ON notification (order_id, seq) WHERE status = 'PENDING';

-- A deleted webhook stays, so that deleting it again is no error and what was sent to it can be trimmed at leisure.
CREATE TABLE webhook (
    id         uuid        PRIMARY KEY,
    url        text        NOT NULL,
    events     text[]      NOT NULL,
    secret     text        NOT NULL,
    created_at timestamptz NOT NULL,
    deleted_at timestamptz
);

-- Claimed and settled as notifications are. Failures are counted anew when somebody asks for a delivery again.
CREATE TABLE webhook_delivery (
    webhook_id   uuid        NOT NULL REFERENCES webhook,
    event_id     uuid        NOT NULL,
    aggregate_id uuid        NOT NULL,
    seq          int         NOT NULL,
    type         text        NOT NULL,
    body         text        NOT NULL,
    status       text        NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'DELIVERED', 'PARKED')),
    attempts     int         NOT NULL DEFAULT 0,
    failures     int         NOT NULL DEFAULT 0,
    last_status  int,
    last_error   text,
    due_at       timestamptz NOT NULL DEFAULT now(),
    give_up_at   timestamptz NOT NULL,
    lease_until  timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    settled_at   timestamptz,
    PRIMARY KEY (webhook_id, event_id)
);

CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, due_at) WHERE status = 'PENDING';
CREATE INDEX webhook_delivery_in_order ON webhook_delivery (webhook_id, aggregate_id, seq) WHERE status <> 'DELIVERED';
CREATE INDEX webhook_delivery_delivered ON webhook_delivery (settled_at) WHERE status = 'DELIVERED';
