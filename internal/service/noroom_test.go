package service

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// A service whose disk is full tells its operator so, in words and numbers, and stays, because all can still be read; people's commands are put
// off and go through when there is room.
func TestTheOperatorHearsOfAFullDisk(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{DB: "sqlite:" + filepath.Join(t.TempDir(), "small.db"), Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	get := func(path string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "GET", path, nil)
		must(t, err)
		rec := &recorded{head: http.Header{}}
		s.Admin().ServeHTTP(rec, r)
		return max(rec.status, 200), rec.text.String()
	}
	pages := func(limit string) {
		t.Helper()
		must(t, s.store.Write(t.Context(), func(tx store.Tx) error {
			_, err := tx.ExecContext(t.Context(), "PRAGMA max_page_count = "+limit)
			return err
		}))
	}
	ready := func(want ...string) {
		t.Helper()
		code, text := get("/readyz")
		for _, x := range want {
			if code != 200 || !strings.Contains(text, x) {
				t.Errorf("%d %s, want %s", code, text, x)
			}
		}
	}
	ready(`"database":"ok"`, `"blobs":"ok"`)
	pages("1") // SQLite takes as many as there are
	long := anna.command("long", say(w.r, strings.Repeat("x", 10_000)))
	if r := anna.send(long)[0]; r.Status != wire.Later || r.Code != workroom.Busy || !strings.Contains(r.Text, "no room") {
		t.Fatalf("%+v", r)
	}
	ready(`"database":"full"`, `"blobs":"ok"`)
	if _, text := get("/metrics"); strings.Contains(text, "trestle_no_room_total 0\n") || !strings.Contains(text, "trestle_no_room_total ") {
		t.Error(text)
	}
	if h, err := anna.Heads(t.Context(), ""); err != nil || len(h.Scopes) == 0 {
		t.Errorf("reading: %+v, %v", h, err)
	}
	pages("1000000")
	if r := anna.send(long)[0]; r.Status != wire.OK {
		t.Fatalf("when there is room: %+v", r)
	}
	now = now.Add(roomAgain)
	ready(`"database":"ok"`)
}

func TestSentence(t *testing.T) {
	for text, want := range map[string]string{"Spam": "Spam.", "Spam.": "Spam.", " Why? ": "Why?", "3 warnings": "3 warnings.", "(see mail)": "(see mail)", "警告": "警告.", "": ""} {
		if got := sentence(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}
