-- A line is written by the transaction that has just stored its reservation, and reservations are never deleted.
ALTER TABLE reservation_line DROP CONSTRAINT reservation_line_order_id_fkey;

-- Rows come in the order of their age, and only old ones are looked for by it: an index of blocks is enough.
DROP INDEX inbox_by_age;
CREATE INDEX inbox_by_age ON inbox USING brin (applied_at);

-- A partial index serves every question about products that are not archived, also one for a single product; and a plan
-- that was made while the catalogue was empty prefers it to the primary key, and reads all of it ever after.
DROP INDEX product_by_name;
DROP INDEX product_by_price;
DROP INDEX product_by_age;
CREATE INDEX product_by_name ON product (name COLLATE "C", id);
CREATE INDEX product_by_price ON product (price_amount, id);
CREATE INDEX product_by_age ON product (created_at, id);
