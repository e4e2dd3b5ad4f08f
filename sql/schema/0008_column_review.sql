-- The columns that a person has to look at. review: none, waiting, confirmed; what was stored before
-- this migration waits for nobody. The other columns are what the advice to that person is told
-- from again: the upper end of the interval, how many values were looked at, and the kinds that the
-- column might have been.
ALTER TABLE dataset_column ADD COLUMN review VARCHAR(16) NOT NULL DEFAULT 'none';
ALTER TABLE dataset_column ADD COLUMN confidence_high_bp BIGINT NOT NULL DEFAULT 0;
ALTER TABLE dataset_column ADD COLUMN sampled BIGINT NOT NULL DEFAULT 0;
ALTER TABLE dataset_column ADD COLUMN runner_up VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE dataset_column ADD COLUMN refused VARCHAR(2000) NOT NULL DEFAULT '[]';
CREATE INDEX dataset_column_by_review ON dataset_column (review, dataset_id, position_no);
CREATE INDEX dataset_by_uploader ON dataset (uploaded_by, dataset_id);
