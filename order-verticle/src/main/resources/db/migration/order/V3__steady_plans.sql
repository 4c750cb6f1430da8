-- An order, its lines, its events and its checkout are written by one statement, and orders are never deleted: looking up
-- the order again for each of these rows proves nothing and costs every order four look-ups.
ALTER TABLE order_line DROP CONSTRAINT order_line_order_id_fkey;
ALTER TABLE order_event DROP CONSTRAINT order_event_order_id_fkey;
ALTER TABLE saga DROP CONSTRAINT saga_order_id_fkey;

-- Events are asked for by their order and number, deliveries by their receiver, order and number.
ALTER TABLE order_event DROP CONSTRAINT order_event_id;
ALTER TABLE event_delivery DROP CONSTRAINT event_delivery_id_key;

-- One order for each key of a user. As one expression nothing but this index serves the look-up of a key: a plan that was
-- made while there were no orders could as well take the index of the user's orders, and reads all of them ever after.
CREATE UNIQUE INDEX orders_by_key ON orders ((user_id::text || ' ' || idempotency_key));
ALTER TABLE orders DROP CONSTRAINT orders_key;
