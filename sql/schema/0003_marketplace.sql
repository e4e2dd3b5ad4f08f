-- The market: parties and credentials, applications, contracts, products, orders, money, disputes,
-- and the answers kept for repeated requests. Times are microseconds UTC, money is fen, digests
-- are 32 bytes, ids are UUIDv7 text. States are the wire names of marketplace/domain. What people
-- wrote about an order, a dispute or a decision is in private_part (0005).

CREATE TABLE party (
    party_id CHAR(36) NOT NULL,
    uscc CHAR(18) NOT NULL,
    name_zh VARCHAR(200) NOT NULL,
    name_en VARCHAR(200) NOT NULL,
    party_role VARCHAR(32) NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (party_id)
);
CREATE INDEX party_by_uscc ON party (uscc);

CREATE TABLE party_key (
    party_id CHAR(36) NOT NULL,
    public_key VARBINARY(32) NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (party_id, public_key)
);

-- Only the SHA-256 of a token is kept: 256 random bits need no slow hash.
CREATE TABLE api_token (
    token_hash VARBINARY(32) NOT NULL,
    party_id CHAR(36) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (token_hash)
);
CREATE INDEX api_token_by_party ON api_token (party_id);

-- What a repeated request gets: the answer or the refusal of the first one (design section 5).
-- request_hash is keyed as payment.reference_key is: a request may be little more than a short text.
CREATE TABLE idempotency (
    party_id CHAR(36) NOT NULL,
    idempotency_key VARCHAR(128) NOT NULL,
    request_hash VARBINARY(32) NOT NULL,
    refused BIGINT NOT NULL,
    answer MEDIUMTEXT NOT NULL,
    log_index BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (party_id, idempotency_key)
);

CREATE TABLE application (
    application_id CHAR(36) NOT NULL,
    resource_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    provider_id CHAR(36) NOT NULL,
    purpose TEXT NOT NULL,
    beneficiary_class VARCHAR(32) NOT NULL,
    term_from VARCHAR(10) NOT NULL,
    term_to VARCHAR(10) NOT NULL,
    state VARCHAR(32) NOT NULL,
    rule_profile VARCHAR(64) NOT NULL,
    report MEDIUMTEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (application_id)
);
CREATE INDEX application_by_operator ON application (operator_id, application_id);
CREATE INDEX application_by_provider ON application (provider_id, application_id);

-- decision: the source department's (domain/application.h), null until it decides. operation: how
-- the field may leave (privacy/policy.h); the source department may change it.
CREATE TABLE application_field (
    application_id CHAR(36) NOT NULL,
    position BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    decision VARCHAR(32),
    operation VARCHAR(200) NOT NULL,
    reason VARCHAR(500) NOT NULL,
    PRIMARY KEY (application_id, position)
);

CREATE TABLE contract (
    contract_id CHAR(36) NOT NULL,
    application_id CHAR(36) NOT NULL,
    resource_id CHAR(36) NOT NULL,
    provider_id CHAR(36) NOT NULL,
    authority_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    term_from VARCHAR(10) NOT NULL,
    term_to VARCHAR(10) NOT NULL,
    contract_text MEDIUMTEXT NOT NULL,
    text_digest VARBINARY(32) NOT NULL,
    policy_text MEDIUMTEXT NOT NULL,
    policy_digest VARBINARY(32) NOT NULL,
    price_ceiling_fen BIGINT NOT NULL,
    state VARCHAR(32) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (contract_id)
);
CREATE UNIQUE INDEX contract_by_application ON contract (application_id);
CREATE INDEX contract_by_operator ON contract (operator_id, contract_id);

CREATE TABLE contract_signature (
    contract_id CHAR(36) NOT NULL,
    party_id CHAR(36) NOT NULL,
    public_key VARBINARY(32) NOT NULL,
    signature VARBINARY(64) NOT NULL,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (contract_id, party_id)
);

-- What a contract pays out: shares in basis points that sum to 10,000 (domain/settlement_rules.h).
CREATE TABLE contract_share (
    contract_id CHAR(36) NOT NULL,
    position BIGINT NOT NULL,
    share_role VARCHAR(32) NOT NULL,
    party_id CHAR(36) NOT NULL,
    basis_points BIGINT NOT NULL,
    PRIMARY KEY (contract_id, position)
);

CREATE TABLE product (
    product_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    contract_id CHAR(36) NOT NULL,
    resource_id CHAR(36) NOT NULL,
    name_zh VARCHAR(200) NOT NULL,
    name_en VARCHAR(200) NOT NULL,
    description_zh TEXT NOT NULL,
    description_en TEXT NOT NULL,
    product_kind VARCHAR(32) NOT NULL,
    state VARCHAR(32) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (product_id)
);
CREATE INDEX product_by_operator ON product (operator_id, product_id);

CREATE TABLE listing (
    listing_id CHAR(36) NOT NULL,
    product_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    price_fen BIGINT NOT NULL,
    inspection_days BIGINT NOT NULL,
    state VARCHAR(32) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (listing_id)
);
CREATE INDEX listing_by_state ON listing (state, listing_id);
CREATE INDEX listing_by_product ON listing (product_id, listing_id);

CREATE TABLE orders (
    order_id CHAR(36) NOT NULL,
    listing_id CHAR(36) NOT NULL,
    product_id CHAR(36) NOT NULL,
    contract_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    buyer_id CHAR(36) NOT NULL,
    amount_fen BIGINT NOT NULL,
    refunded_fen BIGINT NOT NULL,
    deliveries BIGINT NOT NULL,
    acceptance_due VARCHAR(10),
    state VARCHAR(32) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (order_id)
);
CREATE INDEX orders_by_buyer ON orders (buyer_id, order_id);
CREATE INDEX orders_by_operator ON orders (operator_id, order_id);

-- reference_key: HMAC-SHA-256 of the bank's reference under a key that is never in the database; it
-- finds a reference that was used before. The reference itself is a private part.
CREATE TABLE payment (
    reference_key VARBINARY(32) NOT NULL,
    order_id CHAR(36) NOT NULL,
    amount_fen BIGINT NOT NULL,
    paid_at BIGINT NOT NULL,
    PRIMARY KEY (reference_key)
);
CREATE UNIQUE INDEX payment_by_order ON payment (order_id);

CREATE TABLE delivery (
    delivery_id CHAR(36) NOT NULL,
    order_id CHAR(36) NOT NULL,
    contract_id CHAR(36) NOT NULL,
    dataset_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    buyer_id CHAR(36) NOT NULL,
    policy_digest VARBINARY(32) NOT NULL,
    input_digest VARBINARY(32) NOT NULL,
    output_digest VARBINARY(32) NOT NULL,
    output_bytes BIGINT NOT NULL,
    output_rows BIGINT NOT NULL,
    report MEDIUMTEXT NOT NULL,
    failure_code VARCHAR(64) NOT NULL,
    downloads BIGINT NOT NULL,
    state VARCHAR(32) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (delivery_id)
);
CREATE INDEX delivery_by_order ON delivery (order_id, delivery_id);
CREATE INDEX delivery_by_state ON delivery (state, delivery_id);

-- Double entry: every posting moves fen from one account to another; balances are kept beside and
-- can be rebuilt from the postings, and the postings from the ledger.
CREATE TABLE account (
    account_key VARCHAR(120) NOT NULL,
    account_kind VARCHAR(32) NOT NULL,
    owner_id CHAR(36) NOT NULL,
    balance_fen BIGINT NOT NULL,
    postings BIGINT NOT NULL,
    PRIMARY KEY (account_key)
);

CREATE TABLE posting (
    journal_id CHAR(36) NOT NULL,
    position BIGINT NOT NULL,
    journal_event VARCHAR(32) NOT NULL,
    order_id CHAR(36) NOT NULL,
    debit_key VARCHAR(120) NOT NULL,
    credit_key VARCHAR(120) NOT NULL,
    amount_fen BIGINT NOT NULL,
    posted_at BIGINT NOT NULL,
    PRIMARY KEY (journal_id, position)
);
CREATE INDEX posting_by_order ON posting (order_id, journal_id);

CREATE TABLE settlement (
    settlement_id CHAR(36) NOT NULL,
    order_id CHAR(36) NOT NULL,
    gross_fen BIGINT NOT NULL,
    state VARCHAR(32) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (settlement_id)
);
CREATE UNIQUE INDEX settlement_by_order ON settlement (order_id);

-- A line is the party's share; refunds reduce it, and what the bank has paid out is paid_fen.
CREATE TABLE settlement_line (
    settlement_id CHAR(36) NOT NULL,
    position BIGINT NOT NULL,
    share_role VARCHAR(32) NOT NULL,
    party_id CHAR(36) NOT NULL,
    basis_points BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    refunded_fen BIGINT NOT NULL,
    paid_fen BIGINT NOT NULL,
    PRIMARY KEY (settlement_id, position)
);

-- evidence lists the log indexes that were locked.
CREATE TABLE dispute (
    dispute_id CHAR(36) NOT NULL,
    order_id CHAR(36) NOT NULL,
    claimant_id CHAR(36) NOT NULL,
    respondent_id CHAR(36) NOT NULL,
    reason VARCHAR(32) NOT NULL,
    claimed_fen BIGINT NOT NULL,
    held_fen BIGINT NOT NULL,
    refund_fen BIGINT,
    order_state VARCHAR(32) NOT NULL,
    evidence MEDIUMTEXT,
    arbitrator_id CHAR(36),
    state VARCHAR(32) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (dispute_id)
);
CREATE INDEX dispute_by_order ON dispute (order_id, dispute_id);

CREATE TABLE serial_number (
    series VARCHAR(64) NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (series)
);
