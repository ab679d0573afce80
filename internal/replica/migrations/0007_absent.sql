-- +goose Up
-- Commands offered again after a restore whose message is not back yet: they lie among sent as recovered=3 until it is (I16).
CREATE INDEX sent_absent ON sent(id) WHERE recovered=3;
