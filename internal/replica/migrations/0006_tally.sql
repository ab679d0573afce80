-- +goose Up
-- What reports made of the weeks of diaries, so that a year of time is added up at once (A-11 to A-14). All of it is derived: a change of a
-- diary drops what was made of its week and of the next one. tallied counts such changes, so that nothing is kept that was read before one.
CREATE TABLE tally(week TEXT NOT NULL, scope TEXT NOT NULL, zone TEXT NOT NULL, terms TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY(week,scope,zone)) WITHOUT ROWID;
CREATE TABLE tallied(n INTEGER NOT NULL);
INSERT INTO tallied(n) VALUES(1);
