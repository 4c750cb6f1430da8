-- The event that said so. All that are here yet were told of by the first one of their user.
ALTER TABLE recipient ADD COLUMN seq int NOT NULL DEFAULT 1;
