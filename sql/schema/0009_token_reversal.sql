-- Requests to turn tokens of a contract back into numbers (domain/token_reversal.h). The tokens and
-- the reason are private texts of the entry that asks (0005); the numbers are stored nowhere: they
-- are told once. token_count: how many were asked. known_count: how many of them were numbers of the
-- contract's data; null until they are told.
CREATE TABLE token_reversal (
    token_reversal_id CHAR(36) NOT NULL,
    contract_id CHAR(36) NOT NULL,
    provider_id CHAR(36) NOT NULL,
    authority_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    requester_id CHAR(36) NOT NULL,
    field_name VARCHAR(64) NOT NULL,
    ground VARCHAR(32) NOT NULL,
    token_count BIGINT NOT NULL,
    known_count BIGINT,
    state VARCHAR(32) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (token_reversal_id)
);
CREATE INDEX token_reversal_by_state ON token_reversal (state, created_at);
CREATE INDEX token_reversal_by_provider ON token_reversal (provider_id, token_reversal_id);
CREATE INDEX token_reversal_by_authority ON token_reversal (authority_id, token_reversal_id);
CREATE INDEX token_reversal_by_operator ON token_reversal (operator_id, token_reversal_id);
CREATE INDEX delivery_by_contract ON delivery (contract_id, delivery_id);
