-- The level of a contract in the keys of what is delivered: 32 random bytes of its own, sealed under a
-- key that is never in the database (app/contract_keys.h). When the contract ends they are destroyed:
-- sealed_seed is empty from then on, and destroyed_at says since when. NULL is a contract of before
-- this migration, which has none yet; the next start makes one. One that had ended by then has no row.
CREATE TABLE contract_key (
    contract_id CHAR(36) NOT NULL,
    sealed_seed VARBINARY(72),
    created_at BIGINT NOT NULL,
    destroyed_at BIGINT,
    PRIMARY KEY (contract_id)
);
INSERT INTO contract_key (contract_id, created_at)
SELECT contract_id, created_at FROM contract
WHERE state NOT IN ('revoked', 'expired', 'terminated');
CREATE INDEX contract_by_term ON contract (state, term_to, contract_id);
