-- +goose Up
-- The index is told words that search.Words has cut and folded, and cuts and folds nothing itself: ascii takes whatever is not ASCII for a letter.
-- What it held was cut by SQLite in another way than what is typed: it is emptied, and filled again behind the work.
DROP TABLE find;
CREATE VIRTUAL TABLE find USING fts5(text, tok, sc UNINDEXED, kind UNINDEXED, id UNINDEXED, tokenize='ascii');
INSERT INTO find(find,rank) VALUES('secure-delete',1);
UPDATE base SET found=0,look=1 WHERE found<>0;
