-- Where a term (ledger/terms.h) occurs, written once, when a tile of 256 entries is full; what the
-- last tile holds is read from its entries. offsets: one byte for each entry of the tile,
-- ascending. Clustered by its key, and small: an index of the log, never a part of it.
CREATE TABLE log_posting (
    log_no BIGINT NOT NULL,
    term VARBINARY(100) NOT NULL,
    tile_index BIGINT NOT NULL,
    offsets VARBINARY(256) NOT NULL,
    PRIMARY KEY (log_no, term, tile_index)
) WITHOUT ROWID;
