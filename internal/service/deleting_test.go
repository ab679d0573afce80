package service

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// attach uploads a file and sends it.
func (p *person) attach(room workroom.RoomID, id workroom.FileID, name string, data []byte) {
	p.t.Helper()
	p.upload(id, workroom.RoomScope(room), name, data)
	must(p.t, p.Complete(context.Background(), id))
	p.does("m-"+string(id), workroom.SendMessage{Room: room, Text: "see " + name, Files: []workroom.FileRef{{ID: id, Name: name, Size: int64(len(data))}}})
}

// F-11: the uploader and an admin delete a file at the same moment, at two devices: both are told that it is gone, one of them is who did it, and
// it is done once; the same where one of the two deletes the message.
func TestF11_DeletedByTwoAtOnce(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, _ := gather(t, c)
	anna.does("add-ben", add("g1", ben, "r1", true))
	for i := range 12 {
		id := workroom.FileID(fmt.Sprint("f", i))
		ben.attach("g1", id, "a.bin", noise(200, byte(i)))
		byBen := ben.command("b-"+string(id), workroom.DeleteFile{Room: "g1", File: id})
		if i%3 == 2 {
			byBen = ben.command("b-"+string(id), workroom.DeleteMessage{Room: "g1", Message: "m-" + string(id)})
		}
		byAnna := anna.command("a-"+string(id), workroom.DeleteFile{Room: "g1", File: id})
		var both sync.WaitGroup
		var one, two wire.Result
		both.Go(func() { one = ben.send(byBen)[0] })
		both.Go(func() { two = anna.send(byAnna)[0] })
		both.Wait()
		if one.Status != wire.OK || two.Status != wire.OK && !(i%3 == 2 && two.Code == workroom.Gone) {
			t.Errorf("file %s: %+v, %+v", id, one, two)
		}
		if _, _, err := anna.Download(t.Context(), id, 0); code(err) != workroom.Gone && code(err) != workroom.NoAccess {
			t.Errorf("file %s is there: %v", id, err)
		}
		if i%3 == 2 {
			continue
		}
		for _, kind := range []workroom.Kind{workroom.KindFile, workroom.KindMessage} {
			of := map[workroom.Kind]string{workroom.KindFile: string(id), workroom.KindMessage: "m-" + string(id)}[kind]
			list, err := anna.Things(t.Context(), wire.ThingsOf{Scope: "r:g1", Kind: kind, IDs: []string{of}})
			must(t, err)
			if x := list.Things[0]; x.Rev != 2 || strings.Count(string(x.Body), `"deleted_by"`) != 1 || !strings.Contains(string(x.Body), string(x.By)) {
				t.Errorf("%s %s is at rev %d: %s", kind, of, x.Rev, x.Body)
			}
		}
	}
	checkScope(t, s, "r:g1")
}

// F-11: a file deleted while somebody loads it is no file any more: what is asked from then on is refused, the rest of a running load too once the
// bytes are swept, and never ends as if it were whole. Half of the same bytes that somebody else is sending stay, and become their file.
func TestF11_DeletedWhileItMoves(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	data := noise(3*wire.PartSize, 4)
	anna.attach("r1", "f1", "film.bin", data)
	body, _, err := ben.Download(t.Context(), "f1", 0)
	must(t, err)
	defer body.Close()
	first := make([]byte, 1<<20)
	_, err = io.ReadFull(body, first)
	must(t, err)
	now = now.Add(25 * time.Hour)
	anna.renew(c, "anna")
	ben.renew(c, "ben")
	half := ben.upload("f2", "r:r1", "film.bin", data[:2*wire.PartSize], 1)
	if len(half.Missing) != 0 {
		t.Fatalf("of what is there %v is missing", half.Missing)
	}
	anna.does("d", workroom.DeleteFile{Room: "r1", File: "f1"})
	if _, _, err := ben.Download(t.Context(), "f1", 1<<20); code(err) != workroom.Gone {
		t.Errorf("the rest of it: %v", err)
	}
	// A part or a piece for it is nobody's business any more.
	if err := anna.PutPart(t.Context(), "k-k1", sha(data[2*wire.PartSize:]), data[2*wire.PartSize:]); code(err) != workroom.NoAccess {
		t.Errorf("a part of it: %v", err)
	}
	sweptTwice(t, s, &now)
	rest, err := io.ReadAll(body)
	if err == nil && len(first)+len(rest) != len(data) {
		t.Errorf("a running load ended after %d of %d bytes as if whole", len(first)+len(rest), len(data))
	}
	for i, want := range []bool{true, true, false} {
		if ok, err := s.files.Has(t.Context(), "k-k1", sha(data[i*wire.PartSize:(i+1)*wire.PartSize])); err != nil || ok != want {
			t.Errorf("part %d is here: %v, %v", i, ok, err)
		}
	}
	must(t, ben.Complete(t.Context(), "f2"))
	ben.does("m2", workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: "f2", Name: "film.bin", Size: 2 * wire.PartSize}}})
	if _, err := anna.Parts(t.Context(), "f2"); err != nil {
		t.Error(err)
	}
}

// F-11 P-21: what is deleted, alone, with its message or by the administrator, is from that step on in no answer about files, in no listing of
// parts, in no backup, and a minute later there is no preview of it.
func TestF11_DeletedIsInNoBackup(t *testing.T) {
	inAFile(t)
	now := inSlice()
	place := Place{Data: t.TempDir()}
	s, c := start(t, Config{Data: place.Data, Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	all := map[workroom.FileID][]byte{}
	for i, id := range []workroom.FileID{"alone", "message", "removed", "stays"} {
		all[id] = noise(5000, byte(10+i))
		anna.attach("r1", id, string(id)+".bin", all[id])
		if _, err := ben.Thumb(t.Context(), id, 320); code(err) != workroom.BadInput { // remembered as none
			t.Fatal(err)
		}
	}
	anna.does("d1", workroom.DeleteFile{Room: "r1", File: "alone"})
	anna.does("d2", workroom.DeleteMessage{Room: "r1", Message: "m-message"})
	ben.does("rep", workroom.MakeReport{Who: ben.id, Person: anna.id, Name: "A", Room: "r1", Message: "m-removed", Reason: workroom.Scam})
	must(t, s.DecideReport(t.Context(), ReportIn{Handle: s.handle(t, "rep"), Outcome: workroom.Removed}))

	dir := filepath.Join(t.TempDir(), "backup")
	m, err := Backup(t.Context(), place, "1.0.0", dir, "", nil)
	must(t, err)
	if m.Parts != 1 || m.Bytes != 5000 {
		t.Errorf("the backup holds %d parts of %d bytes", m.Parts, m.Bytes)
	}
	now = now.Add(2 * time.Minute)
	must(t, s.work(t.Context()))
	for id := range all {
		kept := id == "stays"
		if _, err := ben.Parts(t.Context(), id); (err == nil) != kept {
			t.Errorf("%s: %v", id, err)
		}
		var listed int
		must(t, s.store.Read(t.Context(), func(tx store.Tx) error {
			return tx.QueryRowContext(t.Context(), "SELECT count(*) FROM file WHERE id = ? AND parts <> '[]'", id).Scan(&listed)
		}))
		if (listed == 1) != kept {
			t.Errorf("%s lists parts in %d rows", id, listed)
		}
		list, err := filepath.Glob(filepath.Join(place.Data, "blobs", "t", "*"+string(id)+"*", "*"))
		if err != nil || (len(list) > 0) != kept {
			t.Errorf("%s has previews %v", id, list)
		}
	}
}

// F-11: a file stands in one message: sent a second time under the same upload it would stay in the first, whoever deletes it.
func TestF11_OneFileOneMessage(t *testing.T) {
	_, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	anna.attach("r1", "f1", "a.bin", noise(100, 1))
	again := workroom.SendMessage{Room: "r1", Text: "again", Files: []workroom.FileRef{{ID: "f1", Name: "a.bin", Size: 100}}}
	if r := anna.send(anna.command("again", again))[0]; r.Code != workroom.BadInput || r.Field != "files" {
		t.Errorf("%+v", r)
	}
}
