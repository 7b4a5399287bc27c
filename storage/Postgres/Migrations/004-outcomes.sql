-- Sessions are dates as integers, yyyymmdd; instants are microseconds since 1970-01-01 UTC.

-- What each strategy realised after a session: the market's own, whoever predicted what.
CREATE TABLE trm.outcomes (
    market      text               NOT NULL,
    session     integer            NOT NULL,
    rule        text               NOT NULL,
    settled     integer            NOT NULL, -- the horizon's last session
    returns     double precision[] NOT NULL CHECK (cardinality(returns) = 8),
    utilities   double precision[] NOT NULL CHECK (cardinality(utilities) = 8),
    recorded_at bigint             NOT NULL,
    PRIMARY KEY (market, session, rule)
);

-- What each model said of it last: copied from the log, so that judging reads no other table and outlives a log that starts over.
CREATE TABLE trm.judged_predictions (
    market        text               NOT NULL,
    session       integer            NOT NULL,
    model_version text               NOT NULL,
    epoch         uuid               NOT NULL,
    sequence      bigint             NOT NULL,
    timestamp     bigint             NOT NULL,
    probabilities real[]             NOT NULL CHECK (cardinality(probabilities) = 8),
    feature_set   text               NOT NULL,
    raw_features  double precision[] NOT NULL CHECK (cardinality(raw_features) = 10),
    PRIMARY KEY (market, session, model_version)
);

-- Up to where a log has been judged.
CREATE INDEX judged_predictions_by_sequence ON trm.judged_predictions (market, epoch, sequence);
