-- A session is its date as the integer yyyymmdd: small, in order, and readable in any SQLite tool.
CREATE TABLE bars (
    market   TEXT    NOT NULL,
    session  INTEGER NOT NULL,
    symbol   TEXT    NOT NULL,
    open     REAL    NOT NULL,
    high     REAL    NOT NULL,
    low      REAL    NOT NULL,
    close    REAL    NOT NULL,
    volume   REAL    NOT NULL,
    revision INTEGER NOT NULL, -- of the write that last changed this bar
    PRIMARY KEY (market, session, symbol)
) WITHOUT ROWID;

-- "The earliest session changed since revision N" without looking at the bars.
CREATE INDEX bars_by_revision ON bars (market, revision, session);

CREATE TABLE revisions (
    market     TEXT    NOT NULL PRIMARY KEY,
    revision   INTEGER NOT NULL, -- grows by one with every write that changes something
    changed_at INTEGER NOT NULL  -- microseconds since 1970-01-01 UTC
) WITHOUT ROWID;
