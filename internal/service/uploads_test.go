package service

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// upload announces a file and sends its parts, but for those left out.
func (p *person) upload(id workroom.FileID, s workroom.Scope, name string, data []byte, without ...int) *wire.NewFileOut {
	p.t.Helper()
	var parts []string
	for i := 0; i < len(data); i += wire.PartSize {
		parts = append(parts, sha(data[i:min(i+wire.PartSize, len(data))]))
	}
	in := wire.NewFile{ID: id, Scope: s, Name: name, Size: int64(len(data)), Parts: parts}
	out, err := p.NewFile(context.Background(), in)
	if err != nil {
		p.t.Fatal(err)
	}
	var all sync.WaitGroup
	for i, x := range parts {
		skip := false
		for _, w := range without {
			skip = skip || w == i
		}
		if skip {
			continue
		}
		all.Go(func() {
			part := data[i*wire.PartSize : min((i+1)*wire.PartSize, len(data))]
			if err := p.PutPart(context.Background(), out.Space, x, part); err != nil {
				p.t.Error(err)
			}
		})
	}
	all.Wait()
	return out
}

func noise(n int, seed byte) []byte {
	b := make([]byte, n)
	x := uint32(seed) + 1
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

// M-40: an upload that broke off goes on with the parts that are missing; the message waits for it; the reader may ask for any range.
func TestM40_UploadResumes(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben, eve := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "eve")
	w := hire(anna, ben, "k1", "r1")
	x := hire(anna, eve, "k2", "r2")
	ctx := t.Context()
	data := noise(2*wire.PartSize+12345, 7)
	out := anna.upload("f1", "r:r1", "plan.png", data, 1)
	if len(out.Missing) != 3 || out.Complete {
		t.Fatalf("announced: %+v", out)
	}
	if err := anna.Complete(ctx, "f1"); code(err) != workroom.BadInput {
		t.Fatalf("completed with a part missing: %v", err)
	}
	ref := workroom.FileRef{ID: "f1", Name: "plan.png", Size: int64(len(data))}
	msg := anna.command("m1", workroom.SendMessage{Room: w.r, Text: "see", Files: []workroom.FileRef{ref}})
	next := anna.command("m2", say(w.r, "after it"))
	if r := anna.send(msg, next); r[0].Status != wire.DepWait || r[1].Status != wire.NotRun {
		t.Fatalf("before the upload is complete: %+v", r)
	}
	again := anna.upload("f1", "r:r1", "plan.png", data, 0, 2)
	if len(again.Missing) != 1 {
		t.Fatalf("resumed: %+v", again)
	}
	if err := anna.Complete(ctx, "f1"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ben.Download(ctx, "f1", 0); code(err) != workroom.NoAccess {
		t.Fatalf("a file that no message names is read: %v", err)
	}
	if r := anna.send(msg, next); r[0].Status != wire.OK || r[1].Status != wire.OK {
		t.Fatalf("after the upload: %+v", r)
	}
	for _, from := range []int64{0, 1, wire.PartSize - 3, wire.PartSize, 2*wire.PartSize - 1, int64(len(data)) - 1} {
		in, size, err := ben.Download(ctx, "f1", from)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(in)
		if err != nil || size != int64(len(data)) || !bytes.Equal(got, data[from:]) {
			t.Fatalf("from %d: %d bytes of %d, %v", from, len(got), size, err)
		}
		_ = in.Close()
	}
	if _, _, err := eve.Download(ctx, "f1", 0); code(err) != workroom.NoAccess {
		t.Fatalf("a stranger reads it: %v", err)
	}
	// The same bytes are not sent twice inside a space, and nobody learns of them in another one.
	if o := ben.upload("f2", "r:r1", "copy.png", data, 0, 1, 2); len(o.Missing) != 0 {
		t.Fatalf("same space: %+v", o)
	}
	if o := eve.upload("f3", "r:r2", "copy.png", data, 0, 1, 2); len(o.Missing) != 3 {
		t.Fatalf("another space: %+v", o)
	}
	if err := eve.PutPart(ctx, out.Space, sha(data[:wire.PartSize]), data[:wire.PartSize]); code(err) != workroom.NoAccess {
		t.Fatalf("a part in a foreign space: %v", err)
	}
	if err := eve.PutPart(ctx, "k-k2", sha(data[:wire.PartSize]), noise(1000, 1)); code(err) != workroom.BadInput {
		t.Fatalf("a part with other bytes: %v", err)
	}
	// A file of another scope, or of another person, cannot be named.
	anna.upload("f4", "r:r1", "a.txt", []byte("text"))
	if err := anna.Complete(ctx, "f4"); err != nil {
		t.Fatal(err)
	}
	other := []workroom.FileRef{{ID: "f4", Name: "a.txt", Size: 4}}
	if r := anna.send(anna.command("m3", workroom.SendMessage{Room: x.r, Files: other})); r[0].Code != workroom.NoAccess {
		t.Fatalf("a file of another room: %+v", r)
	}
	if r := ben.send(ben.command("m4", workroom.SendMessage{Room: w.r, Files: other})); r[0].Status != wire.DepWait {
		t.Fatalf("somebody else's file: %+v", r) // as if there were none
	}
	_ = s
}

// U-01: an id tells nothing of somebody else's file, and a file announced under it takes nobody's place.
func TestU01_AFileIDTellsNothing(t *testing.T) {
	_, c := start(t, Config{})
	anna, ben, eve := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "eve")
	hire(anna, ben, "k1", "r1")
	hire(eve, ben, "k2", "r2") // ben reads both
	put := func(p *person, room workroom.RoomID, text string) {
		p.t.Helper()
		p.upload("f1", workroom.RoomScope(room), "a.txt", []byte(text))
		if err := p.Complete(t.Context(), "f1"); err != nil {
			t.Fatal(err)
		}
		p.does("m-"+string(room), workroom.SendMessage{Room: room, Files: []workroom.FileRef{{ID: "f1", Name: "a.txt", Size: int64(len(text))}}})
	}
	put(anna, "r1", "anna's")
	own := wire.NewFile{ID: "f1", Scope: workroom.AccountScope(eve.id), Name: "x", Size: 1, Parts: []string{sha([]byte("x"))}}
	free := own
	free.ID = "nobody-has-this"
	a, err1 := eve.NewFile(t.Context(), own)
	b, err2 := eve.NewFile(t.Context(), free)
	if err1 != nil || err2 != nil || len(a.Missing) != 1 || len(b.Missing) != 1 || a.Complete {
		t.Fatal(a, err1, b, err2)
	}
	if err := eve.Complete(t.Context(), "f1"); code(err) != workroom.BadInput {
		t.Fatal("somebody else's bytes count:", err)
	}
	gus := join(t, c, "gus")
	hire(gus, ben, "k3", "r3")
	put(gus, "r3", "gus's own")
	for _, x := range []struct {
		p    *person
		want string
	}{{anna, "anna's"}, {ben, "anna's"}, {gus, "gus's own"}} {
		res := x.p.raw("GET", "/v1/files/f1", nil)
		got, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || res.StatusCode != 200 || string(got) != x.want {
			t.Errorf("read %d %q, want %q", res.StatusCode, got, x.want)
		}
	}
	res := eve.raw("GET", "/v1/files/f1", nil)
	_ = res.Body.Close()
	if res.StatusCode != 404 && res.StatusCode != 403 {
		t.Errorf("eve reads: %d", res.StatusCode)
	}
}

// A download is an attachment that nothing runs, whatever it is called.
func TestDownloadHeaders(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	anna.upload("f1", "r:r1", "Ünïcode & b.html", []byte("<script>alert(1)</script>"))
	if err := anna.Complete(t.Context(), "f1"); code(err) != "" {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/v1/files/f1", nil)
	r.Header.Set("Authorization", "Bearer "+anna.Token)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	h := w.Header()
	if w.Code != 200 || h.Get("Content-Type") != "application/octet-stream" || h.Get("X-Content-Type-Options") != "nosniff" ||
		h.Get("Content-Security-Policy") != "sandbox; default-src 'none'" || h.Get("Content-Disposition")[:10] != "attachment" {
		t.Fatalf("%d %v", w.Code, h)
	}
}

// F-04: a message says of its files the names and sizes that their uploads had, a picture is one, and a screenshot is a JPEG by its bytes.
func TestF04_AFileIsWhatItIsCalled(t *testing.T) {
	_, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	ben.does("slice1", slice(ben.id, "slice1"))
	send := func(p *person, id workroom.FileID, s workroom.Scope, kind string, data []byte) error {
		p.t.Helper()
		out, err := p.NewFile(t.Context(), wire.NewFile{ID: id, Scope: s, Name: "a", Size: int64(len(data)), Type: kind, Parts: []string{sha(data)}})
		if err == nil && len(out.Missing) > 0 {
			err = p.PutPart(t.Context(), out.Space, sha(data), data)
		}
		if err != nil {
			t.Fatal(err)
		}
		return p.Complete(t.Context(), id)
	}
	png, jpeg := []byte("\x89PNG\r\n\x1a\nrest"), []byte("\xff\xd8\xff\xe0rest")
	for id, x := range map[workroom.FileID]struct {
		kind string
		data []byte
		want workroom.Code
	}{
		"png": {"image/png", png, ""}, "text": {"text/plain", []byte("text"), ""}, "page": {"image/png", []byte("<html><script>"), workroom.BadInput},
		"other": {"image/png", jpeg, workroom.BadInput}, "none": {"image/", png, workroom.BadInput}, "new": {"image/x-unheard-of", png, workroom.BadInput},
	} {
		if err := send(anna, id, "r:r1", x.kind, x.data); code(err) != x.want {
			t.Errorf("%s: %v, want %q", id, err, x.want)
		}
	}
	good := workroom.FileRef{ID: "png", Name: "a", Size: int64(len(png)), Type: "image/png", W: 5, H: 5}
	for what, change := range map[string]func(*workroom.FileRef){
		"name": func(f *workroom.FileRef) { f.Name = "invoice.pdf" },
		"size": func(f *workroom.FileRef) { f.Size++ },
	} {
		f := good
		change(&f)
		if r := anna.send(anna.command("m-"+what, workroom.SendMessage{Room: w.r, Files: []workroom.FileRef{f}}))[0]; r.Code != workroom.BadInput || r.Field != "files" {
			t.Errorf("another %s: %+v", what, r)
		}
	}
	anna.does("m", workroom.SendMessage{Room: w.r, Files: []workroom.FileRef{good}})

	const diary = "d:k1:2001-09-03"
	for id, x := range map[workroom.FileID]struct {
		kind string
		data []byte
		want workroom.Code
	}{"shot": {"image/jpeg", jpeg, ""}, "drawn": {"image/png", png, workroom.BadInput}, "plain": {"", jpeg, ""}} {
		if err := send(ben, id, diary, x.kind, x.data); err != nil {
			t.Fatal(err)
		}
		cmd := workroom.AddShot{Week: "2001-09-03", Who: ben.id, Shot: workroom.Shot{Slice: "slice1", Contract: "k1", Device: "d", Cell: 1_000_000_000 / 600, At: 1e9, File: id}}
		if r := ben.send(ben.command("add-"+string(id), cmd))[0]; r.Code != x.want {
			t.Errorf("%s: %+v, want %q", id, r, x.want)
		}
	}
}

// F-05: a file is complete when its bytes are there, not when a table says so: what was lost or cut before is missing again, comes anew, and
// those who already had the file whole have it again. A reader of what is lost hears so, once and for all.
func TestF05_CompleteLooksAtTheStore(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	ctx := t.Context()
	data := noise(wire.PartSize+5000, 6)
	first, last := sha(data[:wire.PartSize]), sha(data[wire.PartSize:])
	for what, lose := range map[string]func() error{
		"lost": func() error { return s.files.Remove(ctx, "k-k1", last) },
		"cut":  func() error { return os.Truncate(filepath.Join(s.cfg.Data, "blobs", "p", "k-k1", last), 100) },
	} {
		id := workroom.FileID("f" + what)
		anna.upload(id, "r:r1", "plan", data)
		must(t, lose())
		err := anna.Complete(ctx, id)
		var e *wire.Error
		if !errors.As(err, &e) || e.Final || e.Code != workroom.Busy || e.Field != "parts" {
			t.Fatalf("%s: completed: %v", what, err)
		}
		if out := anna.upload(id, "r:r1", "plan", data, 0); len(out.Missing) != 1 || out.Missing[0] != last {
			t.Fatalf("%s: announced again: %+v", what, out)
		}
		must(t, anna.Complete(ctx, id))
	}
	anna.does("m1", workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: "flost", Name: "plan", Size: int64(len(data))}}})
	must(t, s.files.Remove(ctx, "k-k1", first))
	_, _, err := ben.Download(ctx, "flost", 0)
	var e *wire.Error
	if !errors.As(err, &e) || !e.Final || e.Code != workroom.Gone {
		t.Fatalf("read what is lost: %v", err)
	}
	if out := ben.upload("copy", "r:r1", "copy", data); len(out.Missing) != 1 || out.Missing[0] != first {
		t.Fatalf("the same bytes come anew: %+v", out)
	}
	in, _, err := ben.Download(ctx, "flost", 0)
	must(t, err)
	defer in.Close()
	if got, err := io.ReadAll(in); err != nil || !bytes.Equal(got, data) {
		t.Fatalf("not healed: %d bytes, %v", len(got), err)
	}
}

// A preview that cannot be made because bytes are lost makes the service ask for them too.
func TestF05_APreviewFindsWhatIsLost(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	ctx := t.Context()
	data := noise(5000, 9)
	anna.upload("f1", "r:r1", "a", data)
	must(t, anna.Complete(ctx, "f1"))
	must(t, s.files.Remove(ctx, "k-k1", sha(data)))
	if _, err := anna.Thumb(ctx, "f1", 320); code(err) != workroom.Gone && code(err) != workroom.BadInput {
		t.Fatalf("preview: %v", err)
	}
	if out := anna.upload("f2", "r:r1", "b", data); len(out.Missing) != 1 {
		t.Fatalf("the same bytes come anew: %+v", out)
	}
}
