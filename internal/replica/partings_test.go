package replica

import (
	"fmt"
	"path/filepath"
	"testing"
)

// M-07: who is to leave or to be removed is known to the next program, until it is taken back or done; deletions are apart from that.
func TestM07_WhoIsToPartOutlivesTheProgram(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	r := open(t, path, options())
	a, b := Parting{"room", "remove", "esme"}, Parting{"room", "leave", "mara"}
	for _, p := range []Parting{a, b, a} {
		must(t, r.NoteParting(ctx, p, true))
	}
	for _, p := range []Parting{{"room", "remove", "no id"}, {"", "leave", "mara"}, {"room", "a word", "mara"}, {"room", "", "mara"}} {
		if err := r.NoteParting(ctx, p, true); err == nil {
			t.Errorf("noted: %v", p)
		}
	}
	must(t, r.NoteParting(ctx, b, false))
	must(t, r.Close())
	r = open(t, path, options())
	if list, err := r.Partings(ctx); err != nil || fmt.Sprint(list) != fmt.Sprint([]Parting{a}) {
		t.Errorf("%v %v", list, err)
	}
	if list, err := r.Deletions(ctx); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	must(t, r.NoteParting(ctx, a, false))
	if list, err := r.Partings(ctx); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}
