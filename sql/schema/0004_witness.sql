-- Witnesses, both sides. As an exchange: the cosignatures that witnesses gave to our checkpoints,
-- each verified before it was stored. As a witness: what was cosigned last of each log that is
-- watched, which moves by compare-and-swap, and signed checkpoints that did not extend it.

-- cosigned_at: POSIX seconds by the witness's clock. signature: what follows the key id, so time
-- and signature.
CREATE TABLE log_cosignature (
    log VARCHAR(255) NOT NULL,
    size BIGINT NOT NULL,
    key_name VARCHAR(255) NOT NULL,
    key_id BIGINT NOT NULL,
    cosigned_at BIGINT NOT NULL,
    signature VARBINARY(4096) NOT NULL,
    PRIMARY KEY (log, size, key_name, key_id)
);

-- note: the checkpoint with the log's lines and ours.
CREATE TABLE witness_log (
    log VARCHAR(255) NOT NULL,
    log_id VARCHAR(64) NOT NULL,
    size BIGINT NOT NULL,
    root VARBINARY(32) NOT NULL,
    note MEDIUMTEXT NOT NULL,
    PRIMARY KEY (log)
);
CREATE INDEX witness_log_by_id ON witness_log (log_id);

-- text_hash: SHA-256 of the signed text; note: the text with the log's lines; proof: base64 lines.
CREATE TABLE witness_evidence (
    log VARCHAR(255) NOT NULL,
    text_hash VARBINARY(32) NOT NULL,
    seen_at BIGINT NOT NULL,
    known_size BIGINT NOT NULL,
    known_root VARBINARY(32) NOT NULL,
    note MEDIUMTEXT NOT NULL,
    proof TEXT NOT NULL,
    PRIMARY KEY (log, text_hash)
);
