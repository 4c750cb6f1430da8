-- HTTP services outside of the shop, one row for each instance. What was removed stays, so that removing it again is known.
CREATE TABLE external_service (
    id          uuid        PRIMARY KEY,
    name        text        NOT NULL,
    url         text        NOT NULL,
    health_path text,
    weight      integer     NOT NULL CHECK (weight BETWEEN 1 AND 100),
    policy      text        NOT NULL CHECK (policy IN ('ROUND_ROBIN', 'LEAST_REQUESTS', 'POWER_OF_TWO', 'WEIGHTED')),
    created_at  timestamptz NOT NULL,
    removed_at  timestamptz
);

-- An instance is registered once, and found by its service's name.
CREATE UNIQUE INDEX external_service_instance ON external_service (name, url) WHERE removed_at IS NULL;

CREATE INDEX external_service_registered ON external_service (id) WHERE removed_at IS NULL;
