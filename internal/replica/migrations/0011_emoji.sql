-- +goose Up
-- Emoji are words of the index now (search.Words). What holds one is indexed anew, behind the work; nothing else is touched.
UPDATE base SET look=1 WHERE kind IN ('message','file') AND gone=0 AND body GLOB
	'*[' || char(0x231A) || '-' || char(0x23FA) || char(0x2600) || '-' || char(0x27BF) || char(0x2B05) || '-' || char(0x2B55)
	|| char(0x1F000) || '-' || char(0x1FAFF) || ']*';
