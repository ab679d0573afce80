package service

import (
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// F-12: a changed program may call a file what it likes: the service looks at its bytes. What the operator refuses is refused when it is whole,
// with its name, and no message can name it; whatever else it is, everybody reads its true type and is warned of a program.
func TestF12_ARenamedProgram(t *testing.T) {
	_, c := start(t, Config{RefuseTypes: []string{".exe", "video/*", "application/zip"}})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	for id, x := range map[workroom.FileID]struct {
		name, kind, data, is string
		refused              bool
	}{
		"exe":    {"notes.txt", "text/plain", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "", true},
		"nobody": {"notes", "", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "", true},
		"film":   {"song.mp3", "audio/mpeg", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "", true},
		"zip":    {"plan.pdf", "application/pdf", "PK\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00\x00\x00abcdefghijklmnopqrst", "", true},
		"elf":    {"photo.jpg", "text/plain", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x3e\x00", "application/x-executable", false},
		"script": {"readme.txt", "image/svg+xml; charset=utf-8", "#!/bin/sh\nrm -rf /\n", "", false},
		"text":   {"a.txt", "application/x-made-up", "words and words", "text/plain", false},
		"pdf":    {"a.pdf", "", "%PDF-1.7\nrest", "application/pdf", false},
	} {
		data := []byte(x.data)
		out, err := anna.NewFile(t.Context(), wire.NewFile{ID: id, Scope: "r:r1", Name: x.name, Size: int64(len(data)), Type: x.kind, Parts: []string{sha(data)}})
		must(t, err)
		must(t, anna.PutPart(t.Context(), out.Space, sha(data), data))
		err = anna.Complete(t.Context(), id)
		send := anna.command("m-"+string(id), workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: id, Name: x.name, Size: int64(len(data)), Type: "image/png", W: 10, H: 10}}})
		if x.refused || id == "script" { // announced as a picture, it is none
			want := workroom.TypeRefused
			if id == "script" {
				want = workroom.BadInput
			}
			if code(err) != want {
				t.Errorf("%s: %v", id, err)
			}
			if r := anna.send(send)[0]; r.Status == wire.OK {
				t.Errorf("%s was sent", id)
			}
			continue
		}
		must(t, err)
		r := anna.send(send)[0]
		if r.Status != wire.OK {
			t.Fatalf("%s: %+v", id, r)
		}
		for _, thing := range r.Things {
			var f workroom.FileRef
			switch thing.Kind {
			case workroom.KindMessage:
				f = bodyOf[workroom.Message](t, thing).Files[0]
			case workroom.KindFile:
				f = bodyOf[workroom.File](t, thing).FileRef
			}
			if f.ID != id || f.Type != x.is || f.W != 0 || f.H != 0 || workroom.IsProgram(f.Name, f.Type) != (id == "elf") {
				t.Errorf("%s: others read %+v", id, f)
			}
		}
	}
}
