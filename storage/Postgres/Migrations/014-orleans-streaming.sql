-- Queues of stream messages. A receiver takes messages for a while (visible_on) and confirms them by their receipt, the
-- number of times they were taken; what it does not confirm in that while is taken again. What was taken too often or has
-- grown too old becomes a dead letter. All timeouts are seconds of this server's clock.
CREATE TABLE orleans_stream_messages (
    service     text COLLATE "C" NOT NULL,
    provider    text COLLATE "C" NOT NULL,
    queue       text COLLATE "C" NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dequeued    integer     NOT NULL DEFAULT 0,
    visible_on  timestamptz NOT NULL DEFAULT now(),
    expires_on  timestamptz NOT NULL,
    created_on  timestamptz NOT NULL DEFAULT now(),
    modified_on timestamptz NOT NULL DEFAULT now(),
    payload     bytea       NOT NULL
) WITH (
    fillfactor = 70, -- room on the page: taking a message changes no indexed column and then needs no new index entry
    -- Short, and every row soon dies: swept by what has died, not by the share of it.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- A queue in its order. Rows that were found by it are then named by id alone: with the queue's name beside it, a planner
-- without statistics (the table is young, or was empty when they were taken) reads the whole queue for each of them.
CREATE INDEX orleans_stream_messages_by_queue ON orleans_stream_messages (service, provider, queue, id);

CREATE TABLE orleans_stream_dead_letters (
    LIKE orleans_stream_messages,
    dead_on   timestamptz NOT NULL DEFAULT now(),
    remove_on timestamptz NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX orleans_stream_dead_letters_by_removal ON orleans_stream_dead_letters (service, provider, queue, remove_on);

-- When a queue is next swept of dead messages, by whichever receiver then comes first.
CREATE TABLE orleans_stream_evictions (
    service  text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    queue    text COLLATE "C" NOT NULL,
    due_at   timestamptz NOT NULL,
    PRIMARY KEY (service, provider, queue)
);

-- A message that a receiver still holds is left alone, however old.
CREATE FUNCTION orleans_stream_evict(
    p_service text, p_provider text, p_queue text, p_count integer, p_attempts integer, p_removal integer)
RETURNS void LANGUAGE sql AS $$
    WITH dead AS MATERIALIZED (
        SELECT id FROM orleans_stream_messages
        WHERE (service, provider, queue) = (p_service, p_provider, p_queue)
            AND visible_on <= now() AND (dequeued >= p_attempts OR expires_on <= now())
        ORDER BY id LIMIT p_count
        FOR UPDATE SKIP LOCKED),
    moved AS (
        DELETE FROM orleans_stream_messages m USING dead WHERE m.id = dead.id
        RETURNING m.*)
    INSERT INTO orleans_stream_dead_letters
    SELECT moved.*, now(), now() + make_interval(secs => p_removal) FROM moved
$$;

CREATE FUNCTION orleans_stream_evict_dead_letters(p_service text, p_provider text, p_queue text, p_count integer)
RETURNS void LANGUAGE sql AS $$
    WITH old AS MATERIALIZED (
        SELECT id FROM orleans_stream_dead_letters
        WHERE (service, provider, queue) = (p_service, p_provider, p_queue) AND remove_on <= now()
        ORDER BY remove_on LIMIT p_count
        FOR UPDATE SKIP LOCKED)
    DELETE FROM orleans_stream_dead_letters d USING old WHERE d.id = old.id
$$;

-- Asked many times a second by every queue's receiver, and mostly in vain: then it writes nothing.
CREATE FUNCTION orleans_stream_dequeue(
    p_service text, p_provider text, p_queue text, p_count integer, p_attempts integer, p_visibility integer,
    p_removal integer, p_eviction_interval integer, p_eviction_count integer)
RETURNS SETOF orleans_stream_messages LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM orleans_stream_evictions
        WHERE (service, provider, queue) = (p_service, p_provider, p_queue) AND due_at > now())
    THEN
        INSERT INTO orleans_stream_evictions AS e (service, provider, queue, due_at)
        VALUES (p_service, p_provider, p_queue, now() + make_interval(secs => p_eviction_interval))
        ON CONFLICT (service, provider, queue) DO UPDATE SET due_at = excluded.due_at WHERE e.due_at <= now();
        IF FOUND THEN
            PERFORM orleans_stream_evict(p_service, p_provider, p_queue, p_eviction_count, p_attempts, p_removal);
            PERFORM orleans_stream_evict_dead_letters(p_service, p_provider, p_queue, p_eviction_count);
        END IF;
    END IF;

    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT m.id FROM orleans_stream_messages m
        WHERE (m.service, m.provider, m.queue) = (p_service, p_provider, p_queue)
            AND m.visible_on <= now() AND m.dequeued < p_attempts AND m.expires_on > now()
        ORDER BY m.id LIMIT p_count
        FOR UPDATE SKIP LOCKED),
    taken AS (
        UPDATE orleans_stream_messages m
        SET dequeued = m.dequeued + 1, visible_on = now() + make_interval(secs => p_visibility), modified_on = now()
        FROM due WHERE m.id = due.id
        RETURNING m.*)
    SELECT * FROM taken ORDER BY taken.id;
END $$;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

-- Producers do not wait for each other. Of two at once the lower id may appear last; receivers take it for the later.
('QueueStreamMessageKey', $$
INSERT INTO orleans_stream_messages (service, provider, queue, expires_on, payload)
VALUES (@ServiceId, @ProviderId, @QueueId, now() + make_interval(secs => @ExpiryTimeout), @Payload)
RETURNING service AS ServiceId, provider AS ProviderId, queue AS QueueId, id AS MessageId
$$),

('GetStreamMessagesKey', $$
SELECT service AS ServiceId, provider AS ProviderId, queue AS QueueId, id AS MessageId, dequeued AS Dequeued,
    visible_on AS VisibleOn, expires_on AS ExpiresOn, created_on AS CreatedOn, modified_on AS ModifiedOn, payload AS Payload
FROM orleans_stream_dequeue(@ServiceId, @ProviderId, @QueueId, @MaxCount, @MaxAttempts, @VisibilityTimeout,
    @RemovalTimeout, @EvictionInterval, @EvictionBatchSize)
$$),

-- Items are "id:receipt|id:receipt". A negative receipt gives the message back at once: the receiver shuts down, and the
-- next need not wait. Either needs the latest receipt, so that a receiver that lost a message to another cannot touch it.
-- Rows are locked in one order, so that two receivers with messages in common cannot wait for each other.
('ConfirmStreamMessagesKey', $$
WITH items AS (
    SELECT split_part(item, ':', 1)::bigint AS id, split_part(item, ':', 2)::integer AS receipt
    FROM string_to_table(@Items, '|') AS item
    ORDER BY id),
held AS MATERIALIZED (
    SELECT m.id, items.receipt
    FROM items CROSS JOIN LATERAL ( -- one look by id an item, however the planner guesses
        SELECT id FROM orleans_stream_messages
        WHERE id = items.id AND dequeued = abs(items.receipt)
            AND (service, provider, queue) = (@ServiceId, @ProviderId, @QueueId)
        FOR UPDATE) m),
confirmed AS (
    DELETE FROM orleans_stream_messages m USING held WHERE m.id = held.id AND held.receipt > 0
    RETURNING m.id),
released AS (
    UPDATE orleans_stream_messages m SET visible_on = now(), modified_on = now() FROM held
    WHERE m.id = held.id AND held.receipt < 0
    RETURNING m.id)
SELECT @ServiceId AS ServiceId, @ProviderId AS ProviderId, @QueueId AS QueueId, id AS MessageId
FROM (SELECT id FROM confirmed UNION ALL SELECT id FROM released) AS done
$$),

-- A failed delivery is the next attempt's chance, at once; where there is none left, a dead letter.
('FailStreamMessageKey', $$
WITH dead AS (
    DELETE FROM orleans_stream_messages
    WHERE id = @MessageId AND (service, provider, queue) = (@ServiceId, @ProviderId, @QueueId)
        AND (dequeued >= @MaxAttempts OR expires_on <= now())
    RETURNING *),
moved AS (
    INSERT INTO orleans_stream_dead_letters
    SELECT dead.*, now(), now() + make_interval(secs => @RemovalTimeout) FROM dead)
UPDATE orleans_stream_messages SET visible_on = now(), modified_on = now()
WHERE id = @MessageId AND (service, provider, queue) = (@ServiceId, @ProviderId, @QueueId)
    AND dequeued < @MaxAttempts AND expires_on > now()
$$),

('EvictStreamMessagesKey', $$
SELECT orleans_stream_evict(@ServiceId, @ProviderId, @QueueId, @MaxCount, @MaxAttempts, @RemovalTimeout)
$$),

('EvictStreamDeadLettersKey', $$
SELECT orleans_stream_evict_dead_letters(@ServiceId, @ProviderId, @QueueId, @MaxCount)
$$);
