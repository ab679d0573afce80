-- +goose Up
-- pair holds the neighbours among the characters of scripts without spaces (search.Pairs): a phrase of characters that stand everywhere and
-- never side by side is found missing at once. terms lists the words of the index, for those that begin with what is typed; it stores nothing.
DROP TABLE find;
CREATE VIRTUAL TABLE find USING fts5(text, tok, pair, sc UNINDEXED, kind UNINDEXED, id UNINDEXED, tokenize='ascii');
INSERT INTO find(find,rank) VALUES('secure-delete',1);
CREATE VIRTUAL TABLE terms USING fts5vocab('find','instance');
UPDATE base SET found=0,look=1 WHERE found<>0;
