-- The rows of one market lie together. In one table the rows of a hundred markets alternate, so that a page of 500 of one
-- of them is spread over 500 pages of the disk; here it is in some eighty that follow one another.

-- Which of the 32 parts a market's rows are in. By md5, which no version of PostgreSQL will change.
CREATE FUNCTION trm.shard_of(market text) RETURNS smallint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (get_byte(decode(md5(market), 'hex'), 0) % 32)::smallint;

ALTER TABLE trm.predictions RENAME TO predictions_unsharded;
ALTER INDEX trm.predictions_pkey RENAME TO predictions_unsharded_pkey;
ALTER INDEX trm.predictions_by_time RENAME TO predictions_unsharded_by_time;

-- As before, and the shard: a query that names it reads one part, which the planner sees before it plans.
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
    shard               smallint           NOT NULL,
    probabilities       real[]             NOT NULL CHECK (cardinality(probabilities) = 8),
    raw_features        double precision[] NOT NULL CHECK (cardinality(raw_features) = 10),
    normalized_features double precision[] NOT NULL CHECK (cardinality(normalized_features) = 10),
    source              text               NOT NULL,
    feature_set         text               NOT NULL,
    model_version       text               NOT NULL,
    traceparent         text               NOT NULL,
    proxies             text[]             NOT NULL,
    PRIMARY KEY (log, sequence, shard)
) PARTITION BY LIST (shard);

DO $$
BEGIN
    FOR shard IN 0..31 LOOP
        EXECUTE format('CREATE TABLE trm.predictions_%s PARTITION OF trm.predictions FOR VALUES IN (%s)', lpad(shard::text, 2, '0'), shard);
        EXECUTE format('CREATE INDEX predictions_%1$s_by_time ON trm.predictions_%1$s (log, timestamp, sequence)', lpad(shard::text, 2, '0'));
    END LOOP;
END $$;
CREATE INDEX predictions_by_time ON trm.predictions (log, timestamp, sequence);

INSERT INTO trm.predictions
SELECT p.log, p.sequence, p.timestamp, p.as_of, p.emitted_at, p.staleness, p.quality, p.confidence, p.halt_probability, p.recursion_cycles,
    p.latent_steps, p.strategy_id, trm.shard_of(l.market), p.probabilities, p.raw_features, p.normalized_features, p.source, p.feature_set,
    p.model_version, p.traceparent, p.proxies
FROM trm.predictions_unsharded p JOIN trm.logs l ON l.id = p.log
ORDER BY p.log, p.sequence;

DROP TABLE trm.predictions_unsharded;
