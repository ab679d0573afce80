package replica

import (
	"testing"
)

// A clone takes a new name and keeps its commands; the file's own device id is the one that counts.
func TestRenew_ClonedFileKeepsItsCommands(t *testing.T) {
	path := folder(t) + "/c.db"
	r := open(t, path, options())
	openRoom(t, r)
	id := say(t, r, "mine")
	inc := r.Incarnation()
	if inc == "" {
		t.Fatal("no incarnation")
	}
	must(t, r.Renew(ctx, "dev2", "word"))
	rows, _ := r.Rows(ctx)
	if r.Device() != "dev2" || r.Incarnation() != "word" || len(rows) != 1 || rows[0].ID != id || rows[0].Device != "dev2" {
		t.Errorf("%s %s %+v", r.Device(), r.Incarnation(), rows)
	}
	must(t, r.Close())
	if r = open(t, path, options()); r.Device() != "dev2" || r.Incarnation() != "word" {
		t.Errorf("after a restart: %s %s", r.Device(), r.Incarnation())
	}
}
