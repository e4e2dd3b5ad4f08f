-- The private parts of entries: texts that the ledger only commits to (ledger/private_part.h), under
-- the commitment that stands in the entry. sealed_part: salt and texts under a key of their own;
-- wrapped_key: that key under one that is never in the database. So the table alone, or an old copy
-- of it, opens nothing and lets nobody try out short texts. Erasing sets both to NULL; the row stays
-- and says when and why. entity and kind are those of the entry.
CREATE TABLE private_part (
    commitment VARBINARY(32) NOT NULL,
    log_index BIGINT NOT NULL,
    kind VARCHAR(64) NOT NULL,
    entity_type VARCHAR(32) NOT NULL,
    entity_id VARCHAR(64) NOT NULL,
    wrapped_key VARBINARY(72),
    sealed_part MEDIUMBLOB,
    recorded_at BIGINT NOT NULL,
    erased_at BIGINT,
    erasure_reason VARCHAR(32),
    PRIMARY KEY (commitment)
);
CREATE INDEX private_part_by_entity ON private_part (entity_type, entity_id, log_index);
