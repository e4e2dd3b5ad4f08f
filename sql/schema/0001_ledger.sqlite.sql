-- The index of a log, and never a part of it: fsck holds it against the entries. Both tables are
-- clustered by their keys and grow at few places, so that a batch touches few pages: entities are
-- named by UUIDv7, which grow with time, and spans follow each other.

-- Which entries are about a thing. entity_key: ledger/terms.h.
CREATE TABLE log_entity (
    log_no BIGINT NOT NULL,
    entity_key VARBINARY(100) NOT NULL,
    log_index BIGINT NOT NULL,
    PRIMARY KEY (log_no, entity_key, log_index)
) WITHOUT ROWID;

-- Which entries of a span of 4,096 have a term (ledger/terms.h): written once, with the last entry
-- of the span; those after the last full span are read one by one. offsets: two bytes for each
-- entry, big-endian, ascending.
CREATE TABLE log_posting (
    log_no BIGINT NOT NULL,
    span_index BIGINT NOT NULL,
    term VARBINARY(100) NOT NULL,
    offsets VARBINARY(8192) NOT NULL,
    PRIMARY KEY (log_no, span_index, term)
) WITHOUT ROWID;
