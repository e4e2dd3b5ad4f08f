-- The ledger: one row per log that moves by compare-and-swap, and what the tree is made of. No
-- foreign keys: on a cluster they are checked row by row in every write-set. Times are
-- microseconds UTC, hashes are 32 bytes. `log` is the origin of the log, ledger/checkpoint.h.

-- log_no: stands for the origin in the tables with rows for every entry.
CREATE TABLE log_head (
    log VARCHAR(255) NOT NULL,
    log_no BIGINT NOT NULL,
    size BIGINT NOT NULL,
    root VARBINARY(32) NOT NULL,
    epoch BIGINT NOT NULL,
    PRIMARY KEY (log)
);
CREATE UNIQUE INDEX log_head_by_number ON log_head (log_no);

-- hashes: width * 32 bytes. Only the rightmost tile of a level is ever updated.
CREATE TABLE log_tile (
    log VARCHAR(255) NOT NULL,
    tile_level BIGINT NOT NULL,
    tile_index BIGINT NOT NULL,
    width BIGINT NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (log, tile_level, tile_index)
);

-- bytes: the canonical JSON that was hashed, at most 65,535. Whatever else is asked of an entry is
-- read from them, so that nothing beside them can contradict them.
CREATE TABLE log_entry (
    log_no BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (log_no, log_index)
);

-- One root per size, ever: the primary key says so.
CREATE TABLE log_checkpoint (
    log VARCHAR(255) NOT NULL,
    size BIGINT NOT NULL,
    root VARBINARY(32) NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (log, size)
);
