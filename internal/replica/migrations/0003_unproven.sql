-- +goose Up
-- Commands that were acked since the service last proved to have their records, by the scopes they wrote and the numbers they got there; the
-- next pull of one of them asks for the proof (sync.md §12, I6).
CREATE TABLE unproven(sc INTEGER NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(sc,id)) WITHOUT ROWID;
