-- The catalog: resources with their field dictionary, datasets with their columns, and the search
-- index. Words of the vocabulary are wire names; days are ISO text; times are microseconds UTC.

CREATE TABLE resource (
    resource_id CHAR(36) NOT NULL,
    provider_id CHAR(36) NOT NULL,
    catalog_identifier VARCHAR(40) NOT NULL,
    title_zh VARCHAR(100) NOT NULL,
    title_en VARCHAR(100) NOT NULL,
    summary_zh TEXT NOT NULL,
    summary_en TEXT NOT NULL,
    keywords VARCHAR(300) NOT NULL,
    source_kind VARCHAR(32) NOT NULL,
    source_statement TEXT NOT NULL,
    sharing_kind VARCHAR(32) NOT NULL,
    open_kind VARCHAR(32) NOT NULL,
    security_grade VARCHAR(32) NOT NULL,
    pi_level VARCHAR(32) NOT NULL,
    access_method VARCHAR(32) NOT NULL,
    update_frequency VARCHAR(32) NOT NULL,
    industry_code VARCHAR(16) NOT NULL,
    topic VARCHAR(64) NOT NULL,
    state VARCHAR(32) NOT NULL,
    state_reason TEXT NOT NULL,
    accepted_by CHAR(36),
    reviewed_by CHAR(36),
    coded_by CHAR(36),
    registration_code VARCHAR(64) NOT NULL,
    rule_profile VARCHAR(64) NOT NULL,
    accept_due VARCHAR(10),
    review_due VARCHAR(10),
    notice_from VARCHAR(10),
    notice_until VARCHAR(10),
    valid_to VARCHAR(10),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (resource_id)
);
CREATE INDEX resource_by_state ON resource (state, resource_id);
CREATE INDEX resource_by_provider ON resource (provider_id, resource_id);
CREATE INDEX resource_by_identifier ON resource (catalog_identifier);
CREATE INDEX resource_by_code ON resource (registration_code);

CREATE TABLE resource_field (
    resource_id CHAR(36) NOT NULL,
    position_no BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    label_zh VARCHAR(100) NOT NULL,
    data_type VARCHAR(64) NOT NULL,
    length_max BIGINT,
    declared_class VARCHAR(32) NOT NULL,
    PRIMARY KEY (resource_id, position_no)
);

CREATE TABLE dataset (
    dataset_id CHAR(36) NOT NULL,
    resource_id CHAR(36) NOT NULL,
    version_no BIGINT NOT NULL,
    sha256 VARBINARY(32) NOT NULL,
    byte_count BIGINT NOT NULL,
    record_count BIGINT NOT NULL,
    column_count BIGINT NOT NULL,
    encoding VARCHAR(32) NOT NULL,
    uploaded_by CHAR(36) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (dataset_id)
);
CREATE UNIQUE INDEX dataset_by_version ON dataset (resource_id, version_no);
CREATE INDEX dataset_by_content ON dataset (sha256);

CREATE TABLE dataset_column (
    dataset_id CHAR(36) NOT NULL,
    position_no BIGINT NOT NULL,
    name VARCHAR(200) NOT NULL,
    kind VARCHAR(64) NOT NULL,
    class VARCHAR(32) NOT NULL,
    confidence_bp BIGINT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (dataset_id, position_no)
);

-- One row per document: what the index must know to filter, rank and verify phrases.
CREATE TABLE search_document (
    resource_id CHAR(36) NOT NULL,
    state VARCHAR(32) NOT NULL,
    length_weight BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (resource_id)
);

CREATE TABLE search_term (
    term VARCHAR(64) NOT NULL,
    resource_id CHAR(36) NOT NULL,
    weight BIGINT NOT NULL,
    PRIMARY KEY (term, resource_id)
);
CREATE INDEX search_term_by_resource ON search_term (resource_id);
