-- Questions that are answered with noise (privacy/statistic.h), and what they cost: the rows of a
-- contract, and those of a resource, are the accounts of their privacy budgets. A row is inserted
-- before anything is computed. input_digest: the dataset's content; the same question about the same
-- content is one row, and has one answer. answer_text: empty until it is answered, and then for
-- good.
CREATE TABLE statistic (
    statistic_id CHAR(36) NOT NULL,
    contract_id CHAR(36) NOT NULL,
    resource_id CHAR(36) NOT NULL,
    dataset_id CHAR(36) NOT NULL,
    operator_id CHAR(36) NOT NULL,
    input_digest VARBINARY(32) NOT NULL,
    query_digest VARBINARY(32) NOT NULL,
    query_text MEDIUMTEXT NOT NULL,
    epsilon_millionths BIGINT NOT NULL,
    rho_millionths BIGINT NOT NULL,
    delta_trillionths BIGINT NOT NULL,
    answer_text MEDIUMTEXT NOT NULL,
    answer_digest VARBINARY(32) NOT NULL,
    state VARCHAR(32) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (statistic_id)
);
CREATE UNIQUE INDEX statistic_by_question ON statistic (contract_id, input_digest, query_digest);
CREATE INDEX statistic_by_contract ON statistic (contract_id, statistic_id);
CREATE INDEX statistic_by_resource ON statistic (resource_id, statistic_id);
