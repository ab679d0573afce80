-- What was reported to the administrator (P-21): who by, about whom, and the words of then with what stood around them (JSON), which stay
-- whatever becomes of the message. outcome is empty until the administrator decides. Times are Unix µs.
-- +goose Up
CREATE TABLE report (
  account TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL, room TEXT NOT NULL, message TEXT NOT NULL, reason TEXT NOT NULL,
  note TEXT NOT NULL, kept TEXT NOT NULL, at BIGINT NOT NULL, outcome TEXT NOT NULL, decided BIGINT NOT NULL, PRIMARY KEY (account, id));
CREATE INDEX report_open ON report (at) WHERE outcome = '';
