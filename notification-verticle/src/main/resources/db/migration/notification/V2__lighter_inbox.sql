-- Rows come in the order of their age, and only old ones are looked for by it: an index of blocks is enough.
DROP INDEX inbox_applied;
CREATE INDEX inbox_applied ON inbox USING brin (applied_at);
