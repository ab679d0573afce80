-- Whether a text file holds contact details (P-01): looked at once, when its upload is complete.
-- +goose Up
ALTER TABLE file ADD COLUMN contact BOOLEAN NOT NULL DEFAULT FALSE;
