-- A report's id is its author's choice, as that of every command, and two authors may choose the same. handle is the name by which the
-- administrator speaks of it: the service makes it, and no two reports have one. Those of before have account and id with a dot between.
-- +goose Up
ALTER TABLE report ADD COLUMN handle TEXT NOT NULL DEFAULT '';
UPDATE report SET handle = account || '.' || id;
CREATE UNIQUE INDEX report_handle ON report (handle);
