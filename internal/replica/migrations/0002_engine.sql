-- +goose Up
-- What the full engine keeps beside the first slice's tables (sync.md §6, §10, §11, §12).

-- expect: what the person looked at, JSON of wire.Expect; recovered: 1 for a command offered again after the service lost its history;
-- fails: errors of the service for this command alone
ALTER TABLE outbox ADD COLUMN expect TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN recovered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN fails INTEGER NOT NULL DEFAULT 0;

-- what offering again needs to put a row back where it stood; pos 0: as n
ALTER TABLE sent ADD COLUMN pos INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sent ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE sent ADD COLUMN about TEXT NOT NULL DEFAULT '';
-- 1: it was lost and ran again, which its row says on screen
ALTER TABLE sent ADD COLUMN recovered INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sent_recovered ON sent(id) WHERE recovered=1;

-- retain: the grant lets the copy stay as an archive once it is taken away; state may be 'archive' too
ALTER TABLE scope ADD COLUMN retain INTEGER NOT NULL DEFAULT 0;

-- rows own acks wrote ahead of the scope's cursor, until a pull brings them too: one it does not bring was lost by the service
CREATE TABLE ahead(sc INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(sc,kind,id)) WITHOUT ROWID;
INSERT INTO ahead(sc,kind,id,seq) SELECT b.sc,b.kind,b.id,b.seq FROM base b JOIN scope s ON s.sc=b.sc WHERE b.seq>s.seq AND s.state='open';

-- stale spans (held before a reset, shown until asked anew) may lie under a loading one
CREATE TABLE span2(sc INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY(sc,state,lo)) WITHOUT ROWID;
INSERT INTO span2(sc,lo,hi,state) SELECT sc,lo,hi,state FROM span;
DROP TABLE span;
ALTER TABLE span2 RENAME TO span;

-- found: rowid in find, 0 for none; look: 1 until the index was told of the row as it is now
ALTER TABLE base ADD COLUMN found INTEGER NOT NULL DEFAULT 0;
ALTER TABLE base ADD COLUMN look INTEGER NOT NULL DEFAULT 1;
CREATE INDEX base_look ON base(sc,kind,id) WHERE look=1 AND kind IN ('message','file');

-- rowid = milliseconds << 6 + slot, so that the newest come first by rowid; tok is room, author and kind as words
CREATE VIRTUAL TABLE find USING fts5(text, tok, sc UNINDEXED, kind UNINDEXED, id UNINDEXED, tokenize='unicode61 remove_diacritics 2');
INSERT INTO find(find,rank) VALUES('secure-delete',1);
