-- A small schema for the tests of the kit's own database code.
CREATE TABLE entry (
    id     integer PRIMARY KEY,
    amount integer NOT NULL,
    CONSTRAINT entry_amount UNIQUE (amount) DEFERRABLE INITIALLY DEFERRED
);
