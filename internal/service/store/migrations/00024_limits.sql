-- How many uploads of an account no command has named yet is counted before each new one.
-- +goose Up
CREATE INDEX file_unnamed ON file (owner) WHERE named = 0;
