-- A receiver of events, for the tests of the inbox.
CREATE TABLE inbox (
    event_id     uuid        PRIMARY KEY,
    source       text        NOT NULL,
    aggregate_id uuid        NOT NULL,
    seq          integer     NOT NULL,
    applied_at   timestamptz NOT NULL DEFAULT now()
);

-- What the events did. Nothing here keeps one from having its effect twice.
CREATE TABLE effect (
    position     bigint GENERATED ALWAYS AS IDENTITY,
    event_id     uuid    NOT NULL,
    aggregate_id uuid    NOT NULL,
    seq          integer NOT NULL CHECK (seq <> 666)
);
