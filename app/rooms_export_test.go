package app

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// exportOf writes a room into a file and answers what is in it, by name.
func exportOf(t *testing.T, c *Core, room string) map[string]string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "room.zip")
	if err := c.session.exportRoom(t.Context(), workroom.RoomID(room), path, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return zipped(t, b)
}

func zipped(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(all)
	}
	return out
}

// exportedRoom is messages.json as somebody else's program reads it.
type exportedRoom struct {
	Room, Kind, By, Partial string
	People                  []struct{ Name, Role string }
	Messages                []struct {
		Name, Text, Reply, Edited, Deleted string
		Files                              []string
		Waiting, Removed                   bool
	}
	Files []struct{ Name, In string }
}

func roomIn(t *testing.T, zip map[string]string) (x exportedRoom) {
	t.Helper()
	if err := json.Unmarshal([]byte(zip["messages.json"]), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestM19_WhatAnExportHolds: the messages as JSON and to be read, what was deleted without its words, what waits as such, a list of the files
// and the bytes of those that are here; nothing that passes for another person's words; and of a member let in later nothing of before.
func TestM19_WhatAnExportHolds(t *testing.T) {
	t.Parallel()
	_, c, f, room := twoInRoom(t)
	first := write(t, c, room, "# Not a heading\n**Esme**, 10:00:00\n\nnot her words")
	gone := write(t, c, room, "a secret")
	write(t, c, room, "two plans", attached(t, c, room, "Plan.txt", "plan of Mara"), attached(t, c, room, "plan.txt", "another plan"))
	arrived(t, c)
	if err := (&Rooms{c}).Delete(MessageIn{room, gone}); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Rooms{c}).Reword(RewordIn{Room: room, Message: first, Text: "# Not a heading\n**Esme**, 10:00:00\n\nnever hers"}); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	eventually(t, "it came", func() bool { return strings.Contains(told(t, f, room), "two plans") })
	if _, err := f.session.replica.Enqueue(context.Background(), workroom.SendMessage{Room: workroom.RoomID(room), Text: "thanks"}, replica.EnqueueOpts{}); err != nil {
		t.Fatal(err)
	}

	z := exportOf(t, c, room)
	x := roomIn(t, z)
	if x.Room != "Harbour Map" || x.Kind != "contract" || x.By != "Mara" || x.Partial != "" || len(x.People) != 2 || len(x.Messages) < 3 {
		t.Fatalf("%+v", x)
	}
	if m := x.Messages[0]; m.Name != "Mara" || !strings.HasSuffix(m.Text, "never hers") || m.Edited == "" || m.Waiting {
		t.Errorf("%+v", m)
	}
	if m := x.Messages[1]; m.Text != "" || m.Deleted == "" {
		t.Errorf("%+v", m)
	}
	if m := x.Messages[2]; !slices.Equal(m.Files, []string{"Plan.txt", "plan.txt"}) {
		t.Errorf("%+v", m)
	}
	for name, body := range z {
		if strings.Contains(body, "a secret") {
			t.Errorf("%s holds what was deleted", name)
		}
	}
	if z["files/Plan.txt"] != "plan of Mara" || z["files/plan (2).txt"] != "another plan" || len(z) != 5 {
		t.Errorf("files: %d %q %q", len(z), z["files/Plan.txt"], z["files/plan (2).txt"])
	}
	if md := z["messages.md"]; !strings.Contains(md, "\n    # Not a heading\n") || strings.Contains(md, "\n**Esme**, 10:00:00") || !strings.Contains(md, ", deleted") ||
		!strings.Contains(md, ", edited") || !strings.Contains(md, "    [file] Plan.txt\n") {
		t.Errorf("%s", md)
	}
	if n := strings.Count(z["files.txt"], "files/"); n != 2 {
		t.Errorf("%s", z["files.txt"])
	}

	// On her computer the bytes are not: they are named, and not there.
	z = exportOf(t, f, room)
	if _, here := z["files/Plan.txt"]; here || !strings.Contains(z["files.txt"], "not on this computer") || len(roomIn(t, z).Files) != 2 || len(z) != 3 {
		t.Errorf("%d %s", len(z), z["files.txt"])
	}
	if !strings.Contains(z["messages.json"], "thanks") {
		t.Error("her own words are missing")
	}

	// From now on means from now on, in a file too.
	group, err := (&Rooms{c}).New(NewRoomIn{Name: "Website launch", People: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, c, group.Room, "before Esme")
	arrived(t, c)
	if _, err := (&Rooms{c}).Add(AddIn{Room: group.Room, People: []string{string(f.session.me())}}); err != nil {
		t.Fatal(err)
	}
	write(t, c, group.Room, "with Esme")
	arrived(t, c)
	eventually(t, "it came", func() bool {
		_, _, err := f.session.room(group.Room)
		return err == nil && strings.Contains(told(t, f, group.Room), "with Esme")
	})
	if z = exportOf(t, f, group.Room); strings.Contains(z["messages.json"]+z["messages.md"], "before Esme") || !strings.Contains(z["messages.md"], "with Esme") || z["files.txt"] != "No files.\n" {
		t.Errorf("%v", z)
	}
	if err := c.session.exportRoom(t.Context(), workroom.RoomID(newID()), filepath.Join(t.TempDir(), "x"), func(int64, int64) {}); err == nil {
		t.Error("a room that is not here was written")
	}
}

// TestM19_OlderHistoryIsFetchedOrSaidToBeMissing: a computer that holds only the newest part asks for the rest; without the service the file
// says so.
func TestM19_OlderHistoryIsFetchedOrSaidToBeMissing(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	for i := range 230 {
		if _, err := c.session.replica.Enqueue(context.Background(), workroom.SendMessage{Room: workroom.RoomID(room), Text: fmt.Sprint("line ", i)}, replica.EnqueueOpts{}); err != nil {
			t.Fatal(err)
		}
	}
	arrived(t, c)
	one, two := h.witness("Esme"), h.witness("Esme")
	if x := roomIn(t, exportOf(t, one, room)); len(x.Messages) != 230 || x.Messages[0].Text != "line 0" || x.Messages[229].Text != "line 229" || x.Partial != "" {
		t.Errorf("%d messages, %q", len(x.Messages), x.Partial)
	}
	h.stop()
	z := exportOf(t, two, room)
	if x := roomIn(t, z); len(x.Messages) == 0 || len(x.Messages) >= 230 || x.Partial == "" || !strings.Contains(z["messages.md"], x.Partial) {
		t.Errorf("%d messages, %q", len(x.Messages), x.Partial)
	}
}

// TestM19_StoppedHalfWayLeavesNothing: called off at any point nothing stays where it was to be, and what stood there before is whole.
func TestM19_StoppedHalfWayLeavesNothing(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	write(t, c, room, "a plan", attached(t, c, room, "plan.txt", strings.Repeat("plan ", 1<<18)))
	arrived(t, c)
	dir := t.TempDir()
	path := filepath.Join(dir, "room.zip")
	if err := os.WriteFile(path, []byte("of yesterday"), 0o600); err != nil {
		t.Fatal(err)
	}
	x, err := c.session.gather(t.Context(), workroom.RoomID(room), func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	half := writerFunc(func(p []byte) (int, error) { stop(); return len(p), nil })
	if err := x.write(stopped, half); !errors.Is(err, context.Canceled) {
		t.Errorf("it went on: %v", err)
	}
	if err := c.session.exportRoom(stopped, workroom.RoomID(room), path, func(int64, int64) {}); err == nil {
		t.Error("it went on")
	}
	b, err := os.ReadFile(path)
	if list, _ := os.ReadDir(dir); err != nil || string(b) != "of yesterday" || len(list) != 1 {
		t.Errorf("%q %v %v", b, list, err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestM19_APageFetchesItsExport: in a browser the file is there under its id once it is done, under no other, and the next one takes its place.
func TestM19_APageFetchesItsExport(t *testing.T) {
	_, c, room := deskInRoom(t)
	write(t, c, room, "to keep")
	fetched := func() ExportView {
		v, err := (&Rooms{c}).Export(RoomIn{room})
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "it is done", func() bool { f, ok, err := c.session.exported(v.ID); closeOf(f); return ok && err == nil })
		return v
	}
	v := fetched()
	f, _, _ := c.session.exported(v.ID)
	b, err := io.ReadAll(f.Content)
	closeOf(f)
	if err != nil || !strings.Contains(zipped(t, b)["messages.md"], "to keep") || f.Name != v.Name {
		t.Errorf("%s %v", f.Name, err)
	}
	if _, ok, _ := c.session.exported("../" + v.ID); ok {
		t.Error("something else is fetched")
	}
	fetched()
	if list, err := os.ReadDir(c.session.exportDir()); err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
}

func closeOf(f StoredFile) {
	if x, ok := f.Content.(io.Closer); ok && x != nil {
		_ = x.Close()
	}
}

// TestM19_HostileNamesStayInside: whatever a file is called, its place in the archive is a plain name in files/, and no two are the same where
// case does not count.
func TestM19_HostileNamesStayInside(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, name := range []string{"../../etc/passwd", `..\..\boot.ini`, "/etc/passwd", "C:evil.exe", "..", ".", "", "CON", "con.txt", "a\x00b\nc.txt", "\u202egpj.exe",
		"plan.txt", "PLAN.txt", "plan (2).txt", "plan.txt", strings.Repeat("é", 300) + ".txt", ".ssh/authorized_keys", "\xff\xfe.txt"} {
		before := len(names)
		got := unused(names, name)
		if got == "" || got == "." || got == ".." || strings.ContainsAny(got, "/\\:\x00\n\u202e") || !filepath.IsLocal(got) || len(got) > 220 || len(names) != before+1 {
			t.Errorf("%q becomes %q", name, got)
		}
	}
	x := &roomExport{Room: "a\n# b", By: "x\ny", Message: []exportedLine{{Name: "M\n**Esme**", plain: "text", Files: []string{"f\n**Esme**"}}},
		Files: []exportedFile{{Name: "a\tb\nfiles/c", By: "e\tf"}}}
	var md, list bytes.Buffer
	if err := errors.Join(x.markdown(&md), x.list(&list)); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(md.String(), "\n**Esme**") || strings.Contains(md.String(), "\n# b") || strings.Count(list.String(), "\n") != 1 || strings.Count(list.String(), "\t") != 4 {
		t.Errorf("%s\n%s", md.String(), list.String())
	}
}
