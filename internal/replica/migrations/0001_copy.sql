-- +goose Up
-- This machine's copy of what the account may read, and what waits to be sent (sync.md §6).

CREATE TABLE meta(k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;

-- state: '' named only, 'open' held, 'stale' held but of another epoch, 'gone' taken away
CREATE TABLE scope(
  sc INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, gen INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL DEFAULT 0,
  tag TEXT NOT NULL DEFAULT '', from_born INTEGER NOT NULL DEFAULT 0, msgs INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT '');

-- the service's rows, bodies verbatim
CREATE TABLE base(
  sc INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, born INTEGER NOT NULL, rev INTEGER NOT NULL,
  mn INTEGER NOT NULL, gone INTEGER NOT NULL, actor TEXT NOT NULL, at INTEGER NOT NULL, body TEXT, PRIMARY KEY(sc,kind,id));
CREATE INDEX base_born ON base(sc,kind,born);
CREATE INDEX base_mine ON base(sc,actor,mn) WHERE kind='message';

-- born intervals of dated things that are here whole: loading | have
CREATE TABLE span(sc INTEGER NOT NULL, lo INTEGER NOT NULL, hi INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY(sc,lo)) WITHOUT ROWID;

-- what waiting commands n write over the copy, and what their rules read
CREATE TABLE effect(
  sc INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, n INTEGER NOT NULL, born INTEGER NOT NULL, gone INTEGER NOT NULL,
  actor TEXT NOT NULL, at INTEGER NOT NULL, body TEXT, PRIMARY KEY(sc,kind,id,n)) WITHOUT ROWID;
CREATE INDEX effect_born ON effect(sc,kind,born);
CREATE INDEX effect_n ON effect(n);
CREATE TABLE effect_read(sc INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(sc,kind,id,n)) WITHOUT ROWID;
CREATE INDEX effect_read_n ON effect_read(n);

CREATE TABLE outbox(
  n INTEGER PRIMARY KEY AUTOINCREMENT, pos INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, device TEXT NOT NULL,
  lane TEXT NOT NULL, op TEXT NOT NULL, v INTEGER NOT NULL, args BLOB NOT NULL, edges TEXT NOT NULL DEFAULT '', about TEXT NOT NULL DEFAULT '',
  fold TEXT NOT NULL DEFAULT '', at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0,
  verdict TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '', field TEXT NOT NULL DEFAULT '');
CREATE INDEX outbox_fold ON outbox(lane,op,fold) WHERE fold<>''; -- a message pays nothing for it

-- acked commands, for 14 days or 10,000
CREATE TABLE sent(
  id TEXT PRIMARY KEY, n INTEGER NOT NULL, lane TEXT NOT NULL, op TEXT NOT NULL, v INTEGER NOT NULL, args BLOB NOT NULL, at INTEGER NOT NULL,
  epoch TEXT NOT NULL, seqs TEXT NOT NULL, acked INTEGER NOT NULL);
CREATE INDEX sent_acked ON sent(acked);

CREATE TABLE draft(room TEXT PRIMARY KEY, text TEXT NOT NULL, files TEXT NOT NULL, cursor INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

-- bytes of files that are on this machine
CREATE TABLE file(id TEXT PRIMARY KEY, scope TEXT NOT NULL, sha TEXT NOT NULL, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX file_sha ON file(sha);
CREATE INDEX file_scope ON file(scope);
-- bytes to remove once the transaction that named them is done
CREATE TABLE trash(sha TEXT PRIMARY KEY) WITHOUT ROWID;

-- The CASTs give the constants an affinity; without them SQLite sorts a whole room instead of merging two indexes.
CREATE VIEW visible AS
SELECT sc,kind,id,seq,born,rev,mn,gone,actor,at,body,CAST(0 AS INTEGER) AS n FROM base b
 WHERE NOT EXISTS (SELECT 1 FROM effect e WHERE e.sc=b.sc AND e.kind=b.kind AND e.id=b.id)
UNION ALL
SELECT sc,kind,id,CAST(0 AS INTEGER),born,CAST(0 AS INTEGER),CAST(0 AS INTEGER),gone,actor,at,body,n FROM effect t
 WHERE NOT EXISTS (SELECT 1 FROM effect e WHERE e.sc=t.sc AND e.kind=t.kind AND e.id=t.id AND e.n>t.n);
