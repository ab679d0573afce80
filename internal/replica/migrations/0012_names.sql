-- +goose Up
-- An emoji typed by its name, as ":tada:", is read as the emoji itself, so it is a word of the index like one (0011). What may hold such a
-- name is indexed anew, behind the work: the colons of JSON itself stand behind a quote.
UPDATE base SET look=1 WHERE kind='message' AND gone=0 AND body GLOB '*[a-z0-9+_-]:*';
