-- Who is in which class of what was delivered, by keyed hash (privacy/joint_risk.h): what the joint
-- risk of several deliveries is measured from. The sketch itself is a blob, encrypted as all are.
-- subject: the column that says who a row is about; only sketches of one column can be joined.
CREATE TABLE release_sketch (
    delivery_id CHAR(36) NOT NULL,
    resource_id CHAR(36) NOT NULL,
    buyer_id CHAR(36) NOT NULL,
    subject VARCHAR(64) NOT NULL,
    sketch_digest VARBINARY(32) NOT NULL,
    PRIMARY KEY (delivery_id)
);
CREATE INDEX release_sketch_by_resource ON release_sketch (resource_id, subject, delivery_id);
CREATE INDEX release_sketch_by_digest ON release_sketch (sketch_digest);
