-- +goose Up
-- A draft keeps what stands beside its words too: the message being answered or edited, and whom a room that is not yet is for (Beside, as JSON).
ALTER TABLE draft ADD COLUMN beside TEXT NOT NULL DEFAULT '{}';
