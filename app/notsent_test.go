package app

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// sad is a desktop whose service is away, with a room to write in.
func sad(t *testing.T) (c *Core, contract, room string) {
	t.Helper()
	h := openHouse(t)
	c = h.desk("Esme")
	contract = own(t, c, "none")
	arrived(t, c)
	l, err := (&Rooms{c}).List()
	if err != nil || len(l.Rooms) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	h.stop()
	eventually(t, "it is offline", func() bool { s, _ := (&Shell{c}).Status(); return s.State == "offline" })
	return c, contract, l.Rooms[0].ID
}

func write(t *testing.T, c *Core, room, text string, files ...string) string {
	t.Helper()
	m, err := (&Rooms{c}).Send(SendIn{ID: newID(), Room: room, Text: text, Files: append([]string{}, files...)})
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

func attached(t *testing.T, c *Core, room, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := (&Verbs{c}).Take(TakeIn{Room: room, Paths: []string{path}})
	if err != nil || len(out.Files) != 1 {
		t.Fatalf("%+v %v", out, err)
	}
	return out.Files[0].ID
}

// refuse lets the service's answers come, as the courier brings them.
func refuse(t *testing.T, c *Core, code workroom.Code, ids ...string) {
	t.Helper()
	var list []wire.Result
	for _, id := range ids {
		r := workroom.Refuse(code)
		list = append(list, wire.Result{ID: id, Status: wire.Rejected, Code: r.Code, Text: r.Text})
	}
	if err := c.session.replica.Apply(context.Background(), replica.Results{Results: list}); err != nil {
		t.Fatal(err)
	}
}

func notSentOf(t *testing.T, c *Core) NotSentView {
	t.Helper()
	v, err := (&Outbox{c}).NotSent()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func listed(rows []UnsentRow) string {
	var out []string
	for _, r := range rows {
		out = append(out, r.What+" "+r.State+" "+r.Text)
	}
	return strings.Join(out, "; ")
}

// TestD06_EachKindInWords: whatever was refused stands in the drawer with what it is, where, why and what can be done; M-23, T-21.
func TestD06_EachKindInWords(t *testing.T) {
	t.Parallel()
	c, contract, room := sad(t)
	if _, err := (&Contracts{c}).SetActivity(ActivityIn{Contract: contract, Code: "Draw"}); err != nil {
		t.Fatal(err)
	}
	if err := (&Rooms{c}).Favourite(FavouriteIn{Room: room, Favourite: true}); err != nil {
		t.Fatal(err)
	}
	first := write(t, c, room, "Hello **you**")
	write(t, c, room, "after it")
	items, err := c.session.replica.Outbox(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if v := notSentOf(t, c); len(v.Rows)+len(v.Groups) != 0 || len(v.Waiting) != 4 {
		t.Fatalf("nothing is refused yet: %+v", v)
	}
	var other []string
	for _, i := range items {
		if i.Op == workroom.OpSetActivity || i.Op == workroom.OpSetPref {
			other = append(other, i.ID)
		}
	}
	refuse(t, c, workroom.CodeTaken, other...)
	refuse(t, c, workroom.TooLarge, first)
	eventually(t, "no attempt is under way", func() bool { return listed(notSentOf(t, c).Waiting) == "message held after it" })
	v := notSentOf(t, c)
	if got := listed(v.Rows); got != "activity rejected Draw; favourite rejected ; message rejected Hello you" {
		t.Errorf("%s", got)
	}
	m := v.Rows[2]
	if m.Where != "Otter Trails" || m.Room != room || m.Source != "Hello **you**" || m.Reason != "This is too large." || m.Retry || !m.Edit || !m.Discard || m.Behind != 1 {
		t.Errorf("%+v", m)
	}
	if a := v.Rows[0]; a.Where != "Otter Trails" || a.Edit || a.Behind != 0 {
		t.Errorf("%+v", a)
	}
	s, err := (&Shell{c}).Status()
	if err != nil || s.NotSent != 3 || s.Waiting != 0 {
		t.Errorf("%+v %v", s, err)
	}
}

// TestD06_AClosedRoomIsOneNotice: a refusal of a whole room takes everything waiting in it along, and is said once.
func TestD06_AClosedRoomIsOneNotice(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	var ids []string
	for _, text := range []string{"one", "two", "three"} {
		ids = append(ids, write(t, c, room, text))
	}
	refuse(t, c, workroom.RoomArchived, ids...)
	v := notSentOf(t, c)
	if len(v.Groups) != 1 || len(v.Rows) != 0 {
		t.Fatalf("%+v", v)
	}
	g := v.Groups[0]
	if g.Where != "Otter Trails" || g.Code != "room_archived" || !strings.Contains(g.Reason, "archived") ||
		listed(g.Rows) != "message rejected one; message rejected two; message rejected three" {
		t.Errorf("%+v", g)
	}
}

// TestF05_AMessageFollowsItsFiles: a file that cannot be sent is its message's reason, not an item of its own; editing gives back the words
// and the files that are still here, under ids that can be sent anew.
func TestF05_AMessageFollowsItsFiles(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	lost, kept := attached(t, c, room, "lost.txt", "lost"), attached(t, c, room, "kept.txt", "kept")
	write(t, c, room, "with both", lost, kept)
	if v := notSentOf(t, c); listed(v.Waiting) != "message waiting with both" || len(v.Waiting[0].Files) != 2 {
		t.Fatalf("%+v", v)
	}
	sha, _, _, err := c.session.replica.LocalFile(context.Background(), lost)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.session.blobs.Remove(sha); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Shell{c}).SyncNow(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the missing bytes are noticed", func() bool { return len(notSentOf(t, c).Rows) == 1 })
	v := notSentOf(t, c)
	if listed(v.Rows) != "message rejected with both" || !strings.HasPrefix(v.Rows[0].Reason, "lost.txt: ") || v.Rows[0].Files[0].State != "failed" {
		t.Fatalf("%+v", v.Rows)
	}
	w, err := (&Rooms{c}).Newest(RoomIn{room})
	if err != nil {
		t.Fatal(err)
	}
	if m := w.Messages[len(w.Messages)-1]; m.State != "failed" || m.Reason != v.Rows[0].Reason {
		t.Errorf("in its place: %+v", m)
	}
	out, err := (&Outbox{c}).Edit(IDIn{v.Rows[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	if out.Room != room || out.Draft.Text != "with both" || len(out.Draft.Files) != 1 || out.Draft.Files[0].Name != "kept.txt" || out.Draft.Files[0].ID == kept {
		t.Errorf("%+v", out)
	}
	if list, err := c.session.replica.Outbox(context.Background()); err != nil || len(list) != 0 {
		t.Errorf("left behind: %+v %v", list, err)
	}
	write(t, c, room, "again", out.Draft.Files[0].ID)
}

// TestI05_EditKeepsTheWords: the words of a message being edited are in the draft before they leave the outbox, and what stood in the box stays.
func TestI05_EditKeepsTheWords(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	id := write(t, c, room, "refused")
	refuse(t, c, workroom.TooLarge, id)
	if _, err := (&Rooms{c}).SaveDraft(DraftIn{Room: room, Text: "half a thought", Files: []string{}}); err != nil {
		t.Fatal(err)
	}
	out, err := (&Outbox{c}).Edit(IDIn{id})
	if err != nil || out.Draft.Text != "refused\nhalf a thought" {
		t.Fatalf("%+v %v", out, err)
	}
	if _, err := (&Outbox{c}).Edit(IDIn{id}); AsFailure(err).Code != "gone" {
		t.Errorf("a second time: %v", err)
	}
	d, err := c.session.draft(workroom.RoomID(room))
	if err != nil || d.Text != out.Draft.Text {
		t.Errorf("%+v %v", d, err)
	}
}

// TestD06_UnreadableIsKept: what another version wrote is listed, its bytes can be saved, and nothing else is tried with it.
func TestD06_UnreadableIsKept(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	dirs := c.dirs
	write(t, c, room, "readable")
	c.Close()
	list, _ := filepath.Glob(filepath.Join(dirs.Data, "accounts", "*", "replica.db"))
	db, err := sql.Open("sqlite3", list[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO outbox(pos,id,account,device,lane,op,v,args,edges,about,fold,at,not_before,verdict)
		SELECT pos+1,'019a0000-0000-7000-8000-000000000001',account,device,'x:1','Dance',9,CAST('{"step":"waltz"}' AS BLOB),'','','',at,0,'quarantined' FROM outbox WHERE op='SendMessage'`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	c = openDesk(t, dirs)
	v := notSentOf(t, c)
	if len(v.Rows) != 1 || v.Rows[0].What != "unknown" || !v.Rows[0].Bytes || v.Rows[0].Retry || v.Rows[0].Edit || !v.Rows[0].Discard {
		t.Fatalf("%+v", v)
	}
	doc, err := (&Outbox{c}).Bytes(IDIn{v.Rows[0].ID})
	if err != nil || !strings.Contains(doc.Text, `"step": "waltz"`) || !strings.Contains(doc.Text, "Dance") {
		t.Errorf("%+v %v", doc, err)
	}
	if doc, err = (&Outbox{c}).Export(); err != nil || !strings.Contains(doc.Text, `{"step":"waltz"}`) {
		t.Errorf("the export: %+v %v", doc, err)
	}
}

// TestT21_ExportHoldsEverything: each item, each draft and the refused time are in the file, to read and for a program.
func TestT21_ExportHoldsEverything(t *testing.T) {
	t.Parallel()
	c, contract, room := sad(t)
	started(t, c, contract, "", "Draw the otters")
	tracked(t, c, 2)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	write(t, c, room, "line one\nline two")
	if _, err := (&Rooms{c}).SaveDraft(DraftIn{Room: room, Text: "not yet \x1b[31mred", Files: []string{}}); err != nil {
		t.Fatal(err)
	}
	doc, err := (&Outbox{c}).Export()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"0 refused, 2 waiting, 1 draft.", "| line one\n    | line two", "Draft in Otter Trails", "| not yet", "Tracked time, Otter Trails", "| Draw the otters", "From "} {
		if !strings.Contains(doc.Text, want) {
			t.Errorf("%q is not in\n%s", want, doc.Text)
		}
	}
	doc, err = (&Verbs{c}).Unsent(FormatIn{"json"})
	if err != nil {
		t.Fatal(err)
	}
	var kept struct {
		Items  []replica.UnsentItem
		Outbox []replica.Kept
		Drafts []struct{ Text string }
	}
	// The file for a program also holds which device tracks, which nobody wrote and the text leaves out.
	if err := json.Unmarshal([]byte(doc.Text), &kept); err != nil || len(kept.Items) != 4 || len(kept.Outbox) != 3 || len(kept.Drafts) != 1 || kept.Drafts[0].Text != "not yet \x1b[31mred" {
		t.Errorf("%+v %v", kept, err)
	}
}
