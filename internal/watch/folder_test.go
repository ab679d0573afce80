package watch

import (
	"testing"
	"time"
)

// Each arrow of the drawing above folder, by its name. Times are only numbers here.
func TestD08_AFileSettles(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	one, two := Stamp{10, 1}, Stamp{20, 2}
	for what, story := range map[string]func(t *testing.T, f *folder){
		"touched, quiet, the same twice: told once": func(t *testing.T, f *folder) {
			f.touched("a", at(2))
			if f.settled("a", one, at(4)) {
				t.Error("told after one look")
			}
			if due, ok := f.due(); !ok || due != at(4) {
				t.Error("not looked at again:", due, ok)
			}
			if !f.settled("a", one, at(6)) || len(f.ready(at(100))) != 0 {
				t.Error("not told, or not done")
			}
			f.touched("a", at(8))
			if f.settled("a", one, at(10)) || f.settled("a", one, at(12)) {
				t.Error("told again although nothing changed")
			}
		},
		"touched again: the wait begins anew": func(t *testing.T, f *folder) {
			f.touched("a", at(2))
			f.settled("a", one, at(4))
			f.touched("a", at(5))
			if got := f.ready(at(4)); len(got) != 0 {
				t.Error("looked at while it is written:", got)
			}
			if f.settled("a", one, at(7)) || !f.settled("a", one, at(9)) {
				t.Error("the look before counted")
			}
		},
		"another stamp: looked at until it stands": func(t *testing.T, f *folder) {
			f.touched("a", at(2))
			f.settled("a", one, at(4))
			if f.settled("a", two, at(6)) || !f.settled("a", two, at(8)) {
				t.Error("told while it grew, or never")
			}
		},
		"changed after it was told: told again": func(t *testing.T, f *folder) {
			f.told["a"] = one
			f.touched("a", at(2))
			if f.settled("a", two, at(4)) || !f.settled("a", two, at(6)) {
				t.Error("the change is not told")
			}
		},
		"no event: a look through the folder finds it": func(t *testing.T, f *folder) {
			f.seen("a", one, at(2))
			f.swept(map[string]bool{"a": true})
			if !f.settled("a", one, at(4)) {
				t.Error("not told")
			}
			f.seen("a", one, at(60))
			if len(f.ready(at(100))) != 0 {
				t.Error("looked at again although it is the same")
			}
			f.seen("a", two, at(120))
			if !f.settled("a", two, at(122)) {
				t.Error("the change is not told")
			}
		},
		"gone before it settled": func(t *testing.T, f *folder) {
			f.touched("a", at(2))
			f.gone("a")
			if _, ok := f.due(); ok {
				t.Error("still looked for")
			}
		},
		"told, gone, back: told": func(t *testing.T, f *folder) {
			f.told["a"] = one
			f.swept(map[string]bool{})
			f.seen("a", one, at(2))
			if !f.settled("a", one, at(4)) {
				t.Error("what came back is not told")
			}
		},
		"the folder was away: nothing is told anew": func(t *testing.T, f *folder) {
			f.told["a"] = one
			f.touched("b", at(2))
			f.lost()
			f.seen("a", one, at(60))
			if _, ok := f.due(); ok {
				t.Error("what was there before counts as new")
			}
		},
		"watched for the first time: what lies there is not told": func(t *testing.T, f *folder) {
			f.fresh = true
			f.seen("a", one, at(2))
			f.swept(map[string]bool{"a": true})
			if _, ok := f.due(); ok || f.known()["a"] != one {
				t.Error("it is looked at, or not known")
			}
		},
		"empty: not told until something is in it": func(t *testing.T, f *folder) {
			f.touched("a", at(2))
			if f.settled("a", Stamp{0, 1}, at(4)) || f.settled("a", Stamp{0, 1}, at(6)) {
				t.Error("an empty file is told")
			}
			f.touched("a", at(8))
			if f.settled("a", one, at(10)) || !f.settled("a", one, at(12)) {
				t.Error("the file is not told once it is full")
			}
		},
	} {
		t.Run(what, func(t *testing.T) { story(t, newFolder(Folder{Key: "k", Path: "/p"})) })
	}
}

// D-08: what programs make for themselves is passed over, whatever case it is written in.
func TestD08_Ignored(t *testing.T) {
	for name, want := range map[string]bool{
		".hidden": true, ".~lock.plan.odt#": true, "~$plan.docx": true, "a.tmp": true, "a.TMP": true, "film.part": true, "x.crdownload": true, "": true,
		"plan.odt": false, "tmp": false, "a.tmp.txt": false, "~plan.txt": false, "part": false, "partial.pdf": false, "a.Part": true,
	} {
		if Ignored(name) != want {
			t.Errorf("Ignored(%q) is %v", name, !want)
		}
	}
}
