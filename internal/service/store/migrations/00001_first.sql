-- Portable to both engines: TEXT, BIGINT, BOOLEAN only; times are Unix µs. Tables of sync.md §2, then accounts and files.
-- +goose Up
CREATE TABLE meta (k TEXT NOT NULL PRIMARY KEY, v TEXT NOT NULL);

CREATE TABLE head (
  scope TEXT NOT NULL PRIMARY KEY, root TEXT NOT NULL, space TEXT NOT NULL, seq BIGINT NOT NULL, tag TEXT NOT NULL,
  floor BIGINT NOT NULL, msgs BIGINT NOT NULL, digest BIGINT NOT NULL);

CREATE TABLE thing (
  scope TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, seq BIGINT NOT NULL, born BIGINT NOT NULL, rev BIGINT NOT NULL, mn BIGINT NOT NULL,
  gone BOOLEAN NOT NULL, actor TEXT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (scope, kind, id));
CREATE INDEX thing_seq ON thing (scope, seq);
CREATE INDEX thing_born ON thing (scope, kind, born);

CREATE TABLE access (
  account TEXT NOT NULL, root TEXT NOT NULL, gen BIGINT NOT NULL, role TEXT NOT NULL, from_born BIGINT NOT NULL, gone BOOLEAN NOT NULL,
  PRIMARY KEY (account, root));
CREATE INDEX access_root ON access (root);

CREATE TABLE command (
  account TEXT NOT NULL, id TEXT NOT NULL, device TEXT NOT NULL, n BIGINT NOT NULL, op TEXT NOT NULL, hash TEXT NOT NULL, status TEXT NOT NULL,
  code TEXT NOT NULL, detail TEXT NOT NULL, field TEXT NOT NULL, seqs TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (account, id));

CREATE TABLE device (
  id TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, incarnation TEXT NOT NULL, pruned_n BIGINT NOT NULL, seen BIGINT NOT NULL,
  PRIMARY KEY (account, id));

-- Which scope an invitation stands in, by its id (the hash of the link's secret); a projection of the things.
CREATE TABLE invitation (id TEXT NOT NULL PRIMARY KEY, scope TEXT NOT NULL);

CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL, email_fold TEXT NOT NULL UNIQUE, name TEXT NOT NULL, password TEXT NOT NULL, joined BIGINT NOT NULL);

CREATE TABLE token (
  hash TEXT NOT NULL PRIMARY KEY, account TEXT NOT NULL, device TEXT NOT NULL, made BIGINT NOT NULL, used BIGINT NOT NULL,
  UNIQUE (account, device));

CREATE TABLE attempt (k TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL, since BIGINT NOT NULL, last BIGINT NOT NULL);

CREATE TABLE file (
  id TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL, scope TEXT NOT NULL, root TEXT NOT NULL, space TEXT NOT NULL, name TEXT NOT NULL, size BIGINT NOT NULL,
  type TEXT NOT NULL, parts TEXT NOT NULL, complete BOOLEAN NOT NULL, named BIGINT NOT NULL, at BIGINT NOT NULL);

CREATE INDEX file_space ON file (space, owner);

CREATE TABLE part (
  space TEXT NOT NULL, sha TEXT NOT NULL, size BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (space, sha));
