-- Tags of numbers, so that a cursor of another history is found; what periodic work needs; portable to both engines.
-- +goose Up
CREATE TABLE tagged (
  scope TEXT NOT NULL, seq BIGINT NOT NULL, tag TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (scope, seq));
CREATE INDEX tagged_at ON tagged (at);

-- Numbers up to untagged are older than this table: what a device says of them cannot be looked up.
ALTER TABLE head ADD COLUMN untagged BIGINT NOT NULL DEFAULT 0;
UPDATE head SET untagged = seq;
INSERT INTO tagged (scope, seq, tag, at) SELECT scope, seq, tag, 0 FROM head;

CREATE INDEX command_at ON command (at);
CREATE INDEX thing_gone ON thing (at) WHERE gone;

-- Work to be done once, whichever node does it (service.md §7). A finished row stays until its period is long over, so that dedupe holds.
CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, dedupe TEXT NOT NULL UNIQUE, args TEXT NOT NULL, run_at BIGINT NOT NULL, lease BIGINT NOT NULL,
  attempts BIGINT NOT NULL, error TEXT NOT NULL, done BOOLEAN NOT NULL);
CREATE INDEX jobs_run ON jobs (run_at);
