-- Orleans' ADO.NET providers know no table. At start each reads this one and runs the texts it finds under its keys, so
-- the keys, parameters (@ServiceId) and result columns (in any case) are Orleans' and all else here is ours. A text is one
-- statement: whoever runs it is alone in its transaction, and what a text promises it keeps without another round trip.
--
-- Identities are compared by bytes (COLLATE "C"): faster than a language's rules, and an index over them survives an
-- upgrade of the operating system's rules.
CREATE TABLE OrleansQuery (
    QueryKey  text COLLATE "C" PRIMARY KEY,
    QueryText text NOT NULL
);
