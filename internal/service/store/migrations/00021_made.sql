-- How many rooms and invitations an account made lately (P-25) is counted from the records of its commands; this finds them. The commands are
-- those of store.making.
-- +goose Up
CREATE INDEX command_made ON command (account, at) WHERE op IN ('CreateRoom', 'CreateDirect', 'CreateContract') AND status = 'ok';
