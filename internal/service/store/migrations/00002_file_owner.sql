-- An upload is its owner's under its id: that somebody else has one of the same id shows to nobody.
-- +goose Up
CREATE TABLE file_next (
  id TEXT NOT NULL, owner TEXT NOT NULL, scope TEXT NOT NULL, root TEXT NOT NULL, space TEXT NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL,
  type TEXT NOT NULL, parts TEXT NOT NULL, complete BOOLEAN NOT NULL, named BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (owner, id));
INSERT INTO file_next (id, owner, scope, root, space, name, size, type, parts, complete, named, at)
  SELECT id, owner, scope, root, space, name, size, type, parts, complete, named, at FROM file;
DROP TABLE file;
ALTER TABLE file_next RENAME TO file;
CREATE INDEX file_space ON file (space, owner);
CREATE INDEX file_id ON file (id, at);
