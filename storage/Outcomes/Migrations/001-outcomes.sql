-- Sessions are dates as integers, yyyymmdd; instants are microseconds since 1970-01-01 UTC.

-- What each strategy realised after a session: the market's own, whoever predicted what.
CREATE TABLE outcomes (
    market      TEXT    NOT NULL,
    session     INTEGER NOT NULL,
    rule        TEXT    NOT NULL,
    settled     INTEGER NOT NULL, -- the horizon's last session
    returns     TEXT    NOT NULL, -- JSON array of 8
    utilities   TEXT    NOT NULL, -- JSON array of 8
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (market, session, rule)
) WITHOUT ROWID;

-- What each model said of it last: copied from the log, so that judging reads no other file and outlives a log that starts over.
CREATE TABLE judged_predictions (
    market        TEXT    NOT NULL,
    session       INTEGER NOT NULL,
    model_version TEXT    NOT NULL,
    epoch         TEXT    NOT NULL,
    sequence      INTEGER NOT NULL,
    timestamp     INTEGER NOT NULL,
    probabilities TEXT    NOT NULL, -- JSON array of 8
    feature_set   TEXT    NOT NULL,
    raw_features  TEXT    NOT NULL, -- JSON array of 10
    PRIMARY KEY (market, session, model_version)
) WITHOUT ROWID;

-- Up to where a log has been judged.
CREATE INDEX judged_predictions_by_sequence ON judged_predictions (market, epoch, sequence);
