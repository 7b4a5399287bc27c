-- Instants are integers: microseconds since 1970-01-01 UTC. Durations are microseconds.

-- The newest log of a market is the current one; earlier ones stay for the record.
CREATE TABLE trm.logs (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    market     text   NOT NULL,
    epoch      uuid   NOT NULL UNIQUE,
    created_at bigint NOT NULL
);
CREATE INDEX logs_by_market ON trm.logs (market, id);

-- No foreign key to logs: rows are only ever inserted from the log they belong to, and the check would lock that row
-- at every append. Fixed widths come first, so that no byte is lost to alignment.
CREATE TABLE trm.predictions (
    log                 bigint             NOT NULL,
    sequence            bigint             NOT NULL CHECK (sequence >= 1),
    timestamp           bigint             NOT NULL,
    as_of               bigint             NOT NULL,
    emitted_at          bigint             NOT NULL,
    staleness           bigint,
    quality             double precision   NOT NULL,
    confidence          real               NOT NULL,
    halt_probability    real               NOT NULL,
    recursion_cycles    integer            NOT NULL,
    latent_steps        integer            NOT NULL,
    strategy_id         smallint           NOT NULL,
    probabilities       real[]             NOT NULL CHECK (cardinality(probabilities) = 8),
    raw_features        double precision[] NOT NULL CHECK (cardinality(raw_features) = 10),
    normalized_features double precision[] NOT NULL CHECK (cardinality(normalized_features) = 10),
    source              text               NOT NULL,
    feature_set         text               NOT NULL,
    model_version       text               NOT NULL,
    traceparent         text               NOT NULL,
    proxies             text[]             NOT NULL,
    PRIMARY KEY (log, sequence)
);

-- Holds the sequence too, so that a query by time finds its rows without reading any other.
CREATE INDEX predictions_by_time ON trm.predictions (log, timestamp, sequence);
