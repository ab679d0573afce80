package replica

import (
	"path/filepath"
	"testing"
)

// M-27: what is to be deleted is known to the next program, until it is taken back or done.
func TestM27_WhatIsToBeDeletedOutlivesTheProgram(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	r := open(t, path, options())
	a, b := Deletion{Room: "room", Message: "m1"}, Deletion{Room: "room", Message: "m2"}
	for _, d := range []Deletion{a, b, a} {
		must(t, r.NoteDeletion(ctx, d, true))
	}
	if err := r.NoteDeletion(ctx, Deletion{Room: "room", Message: "no id"}, true); err == nil {
		t.Error("a message that cannot be was noted")
	}
	must(t, r.NoteDeletion(ctx, b, false))
	must(t, r.Close())
	r = open(t, path, options())
	if list, err := r.Deletions(ctx); err != nil || len(list) != 1 || list[0].Room != a.Room || list[0].Message != a.Message || list[0].At == 0 {
		t.Errorf("%v %v", list, err)
	}
	must(t, r.NoteDeletion(ctx, a, false))
	if list, err := r.Deletions(ctx); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}
