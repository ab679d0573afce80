package service

import (
	"errors"
	"testing"
	"time"

	"trestle/internal/service/files"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// F-11: a file that was deleted is gone for everybody at once, with a word that says so; its previews go with the next minute's work and its
// bytes with the sweep, but not a part that another file of the space lists. The message stays.
func TestF11_DeletedBytesGo(t *testing.T) {
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben, odd := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "odd")
	hire(anna, ben, "k1", "r1")
	shared := noise(wire.PartSize, 1)
	mine := append(append([]byte{}, shared...), noise(1000, 2)...)
	send := func(who *person, id workroom.FileID, name string, data []byte) {
		t.Helper()
		who.upload(id, "r:r1", name, data)
		must(t, who.Complete(t.Context(), id))
		who.does("m-"+string(id), workroom.SendMessage{Room: "r1", Text: "see " + name, Files: []workroom.FileRef{{ID: id, Name: name, Size: int64(len(data))}}})
	}
	send(anna, "f1", "plan.bin", mine)
	send(ben, "f2", "other.bin", shared)
	key := string(anna.id) + ".f1"
	if _, err := ben.Thumb(t.Context(), "f1", 320); code(err) != workroom.BadInput { // remembered as none
		t.Fatal(err)
	}
	if r := ben.send(ben.command("no", workroom.DeleteFile{Room: "r1", File: "f1"}))[0]; r.Status != wire.Rejected || r.Code != workroom.UploaderOnly {
		t.Fatalf("%+v", r)
	}
	if r := odd.send(odd.command("no", workroom.DeleteFile{Room: "r1", File: "f1"}))[0]; r.Status != wire.Rejected || r.Code != workroom.NoAccess {
		t.Fatalf("%+v", r)
	}
	if _, err := ben.Parts(t.Context(), "f1"); err != nil {
		t.Fatal(err)
	}
	now = now.Add(25 * time.Hour)
	anna.renew(c, "anna")
	ben.renew(c, "ben")
	odd.renew(c, "odd")
	anna.does("d", workroom.DeleteFile{Room: "r1", File: "f1"})
	for who, want := range map[*person]workroom.Code{anna: workroom.Gone, ben: workroom.Gone, odd: workroom.NoAccess} {
		_, err := who.Parts(t.Context(), "f1")
		_, _, down := who.Download(t.Context(), "f1", 0)
		_, thumb := who.Thumb(t.Context(), "f1", 320)
		if code(err) != want || code(down) != want || code(thumb) != want {
			t.Errorf("%s: %v, %v, %v", who.id, err, down, thumb)
		}
	}
	list, err := ben.Things(t.Context(), wire.ThingsOf{Scope: "r:r1", Kind: workroom.KindMessage, IDs: []string{"m-f1"}})
	must(t, err)
	thing, err := workroom.Decode(workroom.KindMessage, list.Things[0].Body)
	must(t, err)
	m := thing.(*workroom.Message)
	if m.Text != "see plan.bin" || m.Files[0].Deleted != now.UnixMicro() || m.Files[0].DeletedBy != anna.id || list.Things[0].By != anna.id {
		t.Errorf("%+v", m)
	}
	// It cannot be announced, completed or named again.
	_, err = anna.NewFile(t.Context(), wire.NewFile{ID: "f1", Scope: "r:r1", Name: "plan.bin", Size: int64(len(mine)), Parts: []string{sha(shared), sha(mine[wire.PartSize:])}})
	if code(err) != workroom.Gone || code(anna.Complete(t.Context(), "f1")) != workroom.Gone {
		t.Errorf("announced again: %v", err)
	}
	if r := anna.send(anna.command("again", workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: "f1", Name: "plan.bin", Size: int64(len(mine))}}}))[0]; r.Code != workroom.Gone {
		t.Errorf("named again: %+v", r)
	}
	now = now.Add(2 * time.Minute)
	must(t, s.work(t.Context()))
	none := func() *files.Reader { return s.files.Read(t.Context(), "k-k1", []string{sha([]byte("nowhere"))}, 10) }
	if _, err := s.files.Thumb(t.Context(), key, 320, none); errors.Is(err, files.ErrNoPicture) {
		t.Error("what was kept of its preview is there")
	}
	sweptTwice(t, s, &now)
	for what, want := range map[string]bool{sha(shared): true, sha(mine[wire.PartSize:]): false} {
		if ok, err := s.files.Has(t.Context(), "k-k1", what); err != nil || ok != want {
			t.Errorf("a part is here: %v, %v", ok, err)
		}
	}
	if _, err := anna.Parts(t.Context(), "f2"); err != nil {
		t.Error("the other file was harmed:", err)
	}
	// With its message the last word of it goes too.
	anna.does("m-late", workroom.EditMessage{Room: "r1", Message: "m-f1", Text: "no file any more"})
	checkScope(t, s, "r:r1")
}

// F-12: types that the operator refuses are refused by name, before a byte is sent; the service says which they are.
func TestF12_RefusedTypes(t *testing.T) {
	_, c := start(t, Config{RefuseTypes: []string{"EXE", "video/*"}})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	m, err := anna.Meta(t.Context())
	must(t, err)
	if len(m.RefuseTypes) != 2 || m.RefuseTypes[0] != ".exe" || m.RefuseTypes[1] != "video/*" {
		t.Errorf("%v", m.RefuseTypes)
	}
	announce := func(name, kind string) error {
		_, err := anna.NewFile(t.Context(), wire.NewFile{ID: workroom.FileID("f-" + sha([]byte(name))[:8]), Scope: "r:r1", Name: name, Size: 1, Type: kind, Parts: []string{sha([]byte("x"))}})
		return err
	}
	for name, kind := range map[string]string{"Setup.EXE": "application/octet-stream", "film": "video/mp4"} {
		if err := announce(name, kind); code(err) != workroom.TypeRefused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := announce("a.txt", "text/plain"); err != nil {
		t.Error(err)
	}
	var r *workroom.Refusal
	if _, err := New(Config{Data: t.TempDir(), RefuseTypes: []string{"*/*"}}); !errors.As(err, &r) || r.Code != workroom.BadInput {
		t.Errorf("a type that is none: %v", err)
	}
}
