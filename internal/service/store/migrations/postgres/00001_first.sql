-- Only for PostgreSQL. A head is written with every command of its scope: half a page is left free, so that its new version fits beside the
-- old one and no index changes.
-- +goose Up
ALTER TABLE head SET (fillfactor = 50);
