-- +goose Up
-- The index holds the words of a message as they are read, without marks and mentions (markup.Words): messages with marks are told to it anew.
UPDATE base SET look=1 WHERE kind='message' AND found<>0 AND (body GLOB '*[*_~`]*' OR instr(body,'\u003c')>0);
