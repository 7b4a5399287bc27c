-- A session is its date as the integer yyyymmdd, as in bars.db.
CREATE TABLE trm.bars (
    market   text             NOT NULL,
    session  integer          NOT NULL,
    symbol   text             NOT NULL,
    open     double precision NOT NULL,
    high     double precision NOT NULL,
    low      double precision NOT NULL,
    close    double precision NOT NULL,
    volume   double precision NOT NULL,
    revision bigint           NOT NULL, -- of the write that last changed this bar
    PRIMARY KEY (market, session, symbol),
    -- PostgreSQL sorts NaN above infinity: this refuses both.
    CHECK (GREATEST(open, high, low, close, volume) < 'Infinity')
);

-- "The earliest session changed since revision N" without looking at the bars.
CREATE INDEX bars_by_revision ON trm.bars (market, revision, session);

CREATE TABLE trm.revisions (
    market     text   NOT NULL PRIMARY KEY,
    revision   bigint NOT NULL, -- grows by one with every write that changes something
    changed_at bigint NOT NULL  -- microseconds since 1970-01-01 UTC
);
