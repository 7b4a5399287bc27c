-- Which silos a cluster has. Every change of a member takes the next version of the cluster's table in the same
-- statement, under the lock of the cluster's row: of two silos that start from one version, one is told false, reads
-- again and tries again.
CREATE TABLE orleans_clusters (
    cluster text COLLATE "C" PRIMARY KEY,
    version integer NOT NULL DEFAULT 0
);

CREATE TABLE orleans_members (
    cluster         text COLLATE "C" NOT NULL REFERENCES orleans_clusters,
    address         text COLLATE "C" NOT NULL, -- text and not inet, which has no place for an IPv6 scope
    port            integer     NOT NULL,
    generation      integer     NOT NULL,      -- a silo that restarts on its port is another member
    silo_name       text        NOT NULL,
    host_name       text        NOT NULL,
    status          integer     NOT NULL,      -- 3 active, 6 dead
    proxy_port      integer     NOT NULL,      -- where clients connect; 0: not here
    suspect_times   text,                      -- who suspects it since when, in Orleans' own form
    start_time      timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

('InsertMembershipVersionKey', $$
WITH created AS (
    INSERT INTO orleans_clusters (cluster) VALUES (@DeploymentId)
    ON CONFLICT DO NOTHING
    RETURNING 1)
SELECT EXISTS (SELECT FROM created)
$$),

-- Nobody adds a member without taking a version, so where the version is still ours the look for the member is too.
('InsertMembershipKey', $$
WITH turn AS (
    UPDATE orleans_clusters SET version = version + 1
    WHERE cluster = @DeploymentId AND version = @Version AND NOT EXISTS (
        SELECT FROM orleans_members
        WHERE (cluster, address, port, generation) = (@DeploymentId, @Address, @Port, @Generation))
    RETURNING cluster),
added AS (
    INSERT INTO orleans_members (
        cluster, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
    SELECT cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
    FROM turn
    RETURNING 1)
SELECT EXISTS (SELECT FROM added)
$$),

('UpdateMembershipKey', $$
WITH turn AS (
    UPDATE orleans_clusters SET version = version + 1
    WHERE cluster = @DeploymentId AND version = @Version AND EXISTS (
        SELECT FROM orleans_members
        WHERE (cluster, address, port, generation) = (@DeploymentId, @Address, @Port, @Generation))
    RETURNING cluster),
changed AS (
    UPDATE orleans_members m
    SET status = @Status, suspect_times = nullif(@SuspectTimes, ''), i_am_alive_time = @IAmAliveTime
    FROM turn
    WHERE (m.cluster, m.address, m.port, m.generation) = (turn.cluster, @Address, @Port, @Generation)
    RETURNING 1)
SELECT EXISTS (SELECT FROM changed)
$$),

-- A sign of life is no news to the others: it takes no version and waits for none.
('UpdateIAmAlivetimeKey', $$
UPDATE orleans_members SET i_am_alive_time = @IAmAliveTime
WHERE (cluster, address, port, generation) = (@DeploymentId, @Address, @Port, @Generation)
$$),

-- The version is an answer even where there is no member: one row whose member's columns are null.
('MembershipReadAllKey', $$
SELECT c.version AS Version, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
    m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
    m.start_time AS StartTime, m.i_am_alive_time AS IAmAliveTime
FROM orleans_clusters c LEFT JOIN orleans_members m USING (cluster)
WHERE c.cluster = @DeploymentId
$$),

('MembershipReadRowKey', $$
SELECT c.version AS Version, m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName,
    m.host_name AS HostName, m.status AS Status, m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes,
    m.start_time AS StartTime, m.i_am_alive_time AS IAmAliveTime
FROM orleans_clusters c LEFT JOIN orleans_members m
    ON (m.cluster, m.address, m.port, m.generation) = (c.cluster, @Address, @Port, @Generation)
WHERE c.cluster = @DeploymentId
$$),

('GatewaysQueryKey', $$
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM orleans_members
WHERE cluster = @DeploymentId AND status = @Status AND proxy_port > 0
$$),

-- Orleans looks for the long dead itself, and names each as it saw it: one who changed since is left.
('CleanupDefunctSiloEntryKey', $$
DELETE FROM orleans_members
WHERE (cluster, address, port, generation) = (@DeploymentId, @Address, @Port, @Generation)
    AND status = 6 AND start_time = @StartTime AND i_am_alive_time = @IAmAliveTime
    AND suspect_times IS NOT DISTINCT FROM nullif(@SuspectTimes, '')
$$),

-- Asked for at start, and used by versions that do not know the text above.
('CleanupDefunctSiloEntriesKey', $$
DELETE FROM orleans_members
WHERE cluster = @DeploymentId AND status = 6 AND start_time < @IAmAliveTime AND i_am_alive_time < @IAmAliveTime
$$),

-- The cluster's row stays and its version grows: a silo that still runs reads a newer table without itself and ends,
-- where a table that began again at 0 would look old to it and be ignored.
('DeleteMembershipTableEntriesKey', $$
WITH removed AS (DELETE FROM orleans_members WHERE cluster = @DeploymentId)
UPDATE orleans_clusters SET version = version + 1 WHERE cluster = @DeploymentId
$$);
