-- What the sweep and uploads must know of a part, whichever node they run on. Times are Unix µs, 0 = not.
-- pinned: nothing takes the part before then, because somebody was told that it need not be sent.
-- doomed: when the first pass of the sweep found that no file lists it. taken: until when one node is removing its bytes.
-- +goose Up
ALTER TABLE part ADD COLUMN pinned BIGINT NOT NULL DEFAULT 0;
ALTER TABLE part ADD COLUMN doomed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE part ADD COLUMN taken BIGINT NOT NULL DEFAULT 0;
