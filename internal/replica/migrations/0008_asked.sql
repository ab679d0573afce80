-- +goose Up
-- What the person is asked about is looked at with each act (I6), and there is hardly ever any.
CREATE INDEX outbox_asked ON outbox(pos) WHERE verdict='confirm';
