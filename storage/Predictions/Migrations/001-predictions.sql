-- Instants are integers: microseconds since 1970-01-01 UTC. Durations are microseconds.

-- The newest log of a market is the current one; earlier ones stay for the record.
CREATE TABLE logs (
    id         INTEGER PRIMARY KEY,
    market     TEXT    NOT NULL,
    epoch      TEXT    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
);
CREATE INDEX logs_by_market ON logs (market, id);

CREATE TABLE predictions (
    log                  INTEGER NOT NULL REFERENCES logs (id),
    sequence             INTEGER NOT NULL CHECK (sequence >= 1),
    timestamp            INTEGER NOT NULL,
    as_of                INTEGER NOT NULL,
    emitted_at           INTEGER NOT NULL,
    source               TEXT    NOT NULL,
    strategy_id          INTEGER NOT NULL,
    confidence           REAL    NOT NULL,
    halt_probability     REAL    NOT NULL,
    probabilities        TEXT    NOT NULL, -- JSON array of 8
    raw_features         TEXT    NOT NULL, -- JSON array of 10
    normalized_features  TEXT    NOT NULL, -- JSON array of 10
    feature_set          TEXT    NOT NULL,
    model_version        TEXT    NOT NULL,
    recursion_cycles     INTEGER NOT NULL,
    latent_steps         INTEGER NOT NULL,
    quality              REAL    NOT NULL,
    staleness            INTEGER,
    proxies              TEXT    NOT NULL, -- JSON array of feature names
    traceparent          TEXT    NOT NULL,
    PRIMARY KEY (log, sequence)
);

-- Holds the sequence too, so that a query by time finds its rows without reading any other.
CREATE INDEX predictions_by_time ON predictions (log, timestamp, sequence);
