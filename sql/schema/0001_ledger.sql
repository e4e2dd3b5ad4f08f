-- The ledger: one row per log that moves by compare-and-swap, and what the tree is made of. No
-- foreign keys: on a cluster they are checked row by row in every write-set. Times are
-- microseconds UTC, hashes are 32 bytes. `log` is the origin of the log, ledger/checkpoint.h.

CREATE TABLE log_head (
    log VARCHAR(255) NOT NULL,
    size BIGINT NOT NULL,
    root VARBINARY(32) NOT NULL,
    epoch BIGINT NOT NULL,
    PRIMARY KEY (log)
);

-- hashes: width * 32 bytes. Only the rightmost tile of a level is ever updated.
CREATE TABLE log_tile (
    log VARCHAR(255) NOT NULL,
    tile_level BIGINT NOT NULL,
    tile_index BIGINT NOT NULL,
    width BIGINT NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (log, tile_level, tile_index)
);

-- bytes: the canonical JSON that was hashed, at most 65,535; the other columns are read from it.
CREATE TABLE log_entry (
    log VARCHAR(255) NOT NULL,
    log_index BIGINT NOT NULL,
    leaf_hash VARBINARY(32) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    entity_type VARCHAR(32) NOT NULL,
    entity_id VARCHAR(64) NOT NULL,
    actor VARCHAR(64) NOT NULL,
    recorded_at BIGINT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (log, log_index)
);
CREATE INDEX log_entry_by_entity ON log_entry (log, entity_type, entity_id, log_index);
CREATE INDEX log_entry_by_kind ON log_entry (log, kind, log_index);
CREATE INDEX log_entry_by_actor ON log_entry (log, actor, log_index);

-- One root per size, ever: the primary key says so.
CREATE TABLE log_checkpoint (
    log VARCHAR(255) NOT NULL,
    size BIGINT NOT NULL,
    root VARBINARY(32) NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (log, size)
);
