package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"trestle/internal/service/pgtest"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// bucket is an S3 in this process, behind a door that a test may shut.
func bucket(t *testing.T) (address string, shut *bool) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "k")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	back := s3mem.New()
	must(t, back.CreateBucket("parts"))
	s3 := gofakes3.New(back).Server()
	closed := false
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if closed {
			_, _ = io.Copy(io.Discard, r.Body)
			http.Error(w, "out of order", http.StatusInternalServerError)
			return
		}
		s3.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return "s3://parts?region=eu-west-1&use_path_style=true&endpoint=" + url.QueryEscape(srv.URL), &closed
}

// twins are two services that share everything but their machine.
func twins(t *testing.T) (a, b *Service, ca, cb *wire.Client, shut *bool, folders []string) {
	t.Helper()
	db := pgtest.New(t)
	blobs, shut := bucket(t)
	folders = []string{t.TempDir(), t.TempDir()}
	a, ca = start(t, Config{Data: folders[0], DB: db, Blobs: blobs})
	b, cb = start(t, Config{Data: folders[1], DB: db, Blobs: blobs})
	return a, b, ca, cb, shut, folders
}

// U-18: two nodes share database and bucket: parts of one file come to both, any of them completes, names and reads it, and nothing of it
// lies on either machine. A bucket out of order means later, and a part it lost is said and asked for again.
func TestU18_FilesOnTwoNodes(t *testing.T) {
	_, _, ca, cb, shut, folders := twins(t)
	anna, ben := join(t, ca, "anna"), join(t, cb, "ben")
	hire(anna, ben, "k1", "r1")
	ctx := t.Context()
	data := noise(2*wire.PartSize+999, 4)
	anna.upload("f1", "r:r1", "plan", data, 1, 2)
	other := anna.at(cb)
	sha1 := sha(data[wire.PartSize : 2*wire.PartSize])
	part := data[wire.PartSize : 2*wire.PartSize]
	// The second part comes in pieces, to one node and the other.
	for at := int64(0); at < wire.PartSize; at += wire.PieceSize {
		to := anna
		if at/wire.PieceSize%2 == 1 {
			to = other
		}
		out, err := to.NewFile(ctx, wire.NewFile{ID: "f1", Scope: "r:r1", Name: "plan", Size: int64(len(data)), Parts: shas(data)})
		must(t, err)
		if out.Held[sha1] != at || len(out.Missing) != 2 {
			t.Fatalf("held %v at %d, missing %d", out.Held, at, len(out.Missing))
		}
		must(t, to.SendPiece(ctx, out.Space, sha1, at, wire.PieceSize, wire.PartSize, bytes.NewReader(part[at:at+wire.PieceSize]), nil))
	}
	*shut = true
	for what, err := range map[string]error{
		"part":     anna.PutPart(ctx, "k-k1", sha(data[2*wire.PartSize:]), data[2*wire.PartSize:]),
		"download": func() error { _, _, err := anna.Download(ctx, "f1", 0); return err }(),
	} {
		if c := code(err); what == "part" && c != workroom.Busy || what == "download" && c != workroom.Busy && c != workroom.NoAccess {
			t.Errorf("%s with the bucket out of order: %v", what, err)
		}
	}
	*shut = false
	if out := other.upload("f1", "r:r1", "plan", data, 0, 1); len(out.Missing) != 1 {
		t.Fatalf("%+v", out)
	}
	must(t, other.Complete(ctx, "f1"))
	anna.does("m1", workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: "f1", Name: "plan", Size: int64(len(data))}}})
	for _, c := range []*wire.Client{ca, cb} {
		in, size, err := ben.at(c).Download(ctx, "f1", wire.PartSize-7)
		must(t, err)
		got, err := io.ReadAll(in)
		if err != nil || size != int64(len(data)) || !bytes.Equal(got, data[wire.PartSize-7:]) {
			t.Errorf("read %d of %d bytes, %v", len(got), size, err)
		}
		_ = in.Close()
	}
	for _, dir := range folders {
		must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				t.Errorf("on a node's disk: %s", path)
			}
			return err
		}))
	}
}

// F-06: ranges over the boundary of parts, If-Range, the tag and 304, and what becomes of a part that was lost.
func TestF06_Ranges(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	ctx := t.Context()
	data := noise(wire.PartSize+5000, 6)
	anna.upload("f1", "r:r1", "plan", data)
	must(t, anna.Complete(ctx, "f1"))
	anna.does("m1", workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: "f1", Name: "plan", Size: int64(len(data))}}})
	get := func(head ...string) (*http.Response, []byte) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, "GET", c.Base+"/v1/files/f1", nil)
		must(t, err)
		r.Header.Set("Authorization", "Bearer "+ben.Token)
		for i := 0; i < len(head); i += 2 {
			r.Header.Set(head[i], head[i+1])
		}
		res, err := c.HTTP.Do(r)
		must(t, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			b = []byte("cut: " + err.Error())
		}
		return res, b
	}
	res, all := get()
	tag := res.Header.Get("ETag")
	if res.StatusCode != 200 || !bytes.Equal(all, data) || len(tag) != 34 {
		t.Fatal(res.StatusCode, len(all), tag)
	}
	over := fmt.Sprintf("bytes=%d-%d", wire.PartSize-10, wire.PartSize+9)
	for name, x := range map[string]struct {
		head   []string
		status int
		want   []byte
	}{
		"over the boundary":  {[]string{"Range", over}, 206, data[wire.PartSize-10 : wire.PartSize+10]},
		"the end":            {[]string{"Range", "bytes=-7"}, 206, data[len(data)-7:]},
		"the same file":      {[]string{"Range", over, "If-Range", tag}, 206, data[wire.PartSize-10 : wire.PartSize+10]},
		"another file":       {[]string{"Range", over, "If-Range", `"another"`}, 200, data},
		"nothing new":        {[]string{"If-None-Match", tag}, 304, nil},
		"something new":      {[]string{"If-None-Match", `"another"`}, 200, data},
		"behind the end":     {[]string{"Range", "bytes=99999999-"}, 416, nil},
		"a range of nothing": {[]string{"Range", "bytes=x-y"}, 416, nil},
	} {
		res, got := get(x.head...)
		if res.StatusCode != x.status || x.status < 400 && !bytes.Equal(got, x.want) {
			t.Errorf("%s: %d, %d bytes", name, res.StatusCode, len(got))
		}
	}
	last := sha(data[wire.PartSize:])
	must(t, s.files.Remove(ctx, "k-k1", last))
	if _, got := get(); !strings.HasPrefix(string(got), "cut") {
		t.Errorf("a file that lost its end looks whole: %d bytes", len(got))
	}
	res, got := get("Range", fmt.Sprintf("bytes=%d-", wire.PartSize))
	if res.StatusCode != http.StatusGone || res.Header.Get("Content-Type") != wire.ProblemType || !strings.Contains(string(got), "lost") ||
		res.Header.Get("ETag") != "" || res.Header.Get("Content-Range") != "" {
		t.Errorf("the lost part: %d %s %v", res.StatusCode, got, res.Header)
	}
	if res, got := get("Range", "bytes=0-99"); res.StatusCode != 206 || !bytes.Equal(got, data[:100]) {
		t.Error("what is there can still be read", res.StatusCode)
	}
	// Somebody who has the bytes sends a file with them: the lost part is asked for, and both files are whole again.
	if o := ben.upload("f2", "r:r1", "copy", data); len(o.Missing) != 1 || o.Missing[0] != last {
		t.Errorf("not asked for what was lost: %+v", o)
	}
	if res, got := get(); res.StatusCode != 200 || !bytes.Equal(got, data) {
		t.Error("not healed", res.StatusCode, len(got))
	}
}

// Pieces of a part come from strangers too: what does not fit is refused, whatever it claims, and the part still comes.
func TestHostilePieces(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	ctx := t.Context()
	data := noise(wire.PieceSize+100, 8)
	out, err := anna.NewFile(ctx, wire.NewFile{ID: "f1", Scope: "r:r1", Name: "a", Size: int64(len(data)), Parts: shas(data)})
	must(t, err)
	put := func(p *person, space, where string, body []byte) workroom.Code {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, "PUT", c.Base+"/v1/parts/"+space+"/"+sha(data), bytes.NewReader(body))
		must(t, err)
		r.Header.Set("Authorization", "Bearer "+p.Token)
		r.Header.Set("Content-Range", where)
		res, err := c.HTTP.Do(r)
		must(t, err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		must(t, err)
		var problem wire.Problem
		if res.StatusCode != 200 && (json.Unmarshal(b, &problem) != nil || problem.Code == "" || strings.Contains(string(b), where)) {
			t.Errorf("%s: %d %s", where, res.StatusCode, b)
		}
		return problem.Code
	}
	size := len(data)
	for where, body := range map[string][]byte{
		"bytes":                                  data[:10],
		"bytes 0-9/*":                            data[:10],
		"bytes -5-4/1000":                        data[:10],
		"bytes 9-0/1048676":                      data[:10],
		"bytes 0-9/10":                           data[:10], // another size
		fmt.Sprintf("bytes 0-%d/%d", size, size): data,      // behind the end
		fmt.Sprintf("bytes 0-%d/%d", size-1, size): data, // longer than a piece may be
		"bytes 0-99999999999999999999/1048676":     data[:10],
		fmt.Sprintf("bytes 0-9/%d", size):          data[:9], // shorter than it says
		fmt.Sprintf("bytes 0-8/%d", size):          data[:10],
	} {
		if got := put(anna, out.Space, where, body); got != workroom.BadInput {
			t.Errorf("%s: %q", where, got)
		}
	}
	first := fmt.Sprintf("bytes 0-%d/%d", wire.PieceSize-1, size)
	if got := put(ben, out.Space, first, data[:wire.PieceSize]); got != workroom.NoAccess {
		t.Errorf("who did not announce it: %q", got)
	}
	if got := put(anna, "k-other", first, data[:wire.PieceSize]); got != workroom.NoAccess {
		t.Errorf("another space: %q", got)
	}
	wrong := bytes.Clone(data[:wire.PieceSize])
	wrong[5]++
	must(t, anna.SendPiece(ctx, out.Space, sha(data), 0, wire.PieceSize, int64(size), bytes.NewReader(wrong), nil))
	if err := anna.SendPiece(ctx, out.Space, sha(data), wire.PieceSize, 100, int64(size), bytes.NewReader(data[wire.PieceSize:]), nil); code(err) != workroom.BadInput {
		t.Errorf("joined to something else: %v", err)
	}
	if ok, err := s.files.Has(ctx, out.Space, sha(data)); ok || err != nil {
		t.Error("kept", err)
	}
	must(t, anna.SendPiece(ctx, out.Space, sha(data), 0, wire.PieceSize, int64(size), bytes.NewReader(data), nil))
	must(t, anna.SendPiece(ctx, out.Space, sha(data), wire.PieceSize, 100, int64(size), bytes.NewReader(data[wire.PieceSize:]), nil))
	must(t, anna.Complete(ctx, "f1"))
}

func shas(data []byte) (out []string) {
	for i := 0; i < len(data); i += wire.PartSize {
		out = append(out, sha(data[i:min(i+wire.PartSize, len(data))]))
	}
	return out
}

// A program that was built without a driver says so in words.
func TestU18_NoDriver(t *testing.T) {
	for address, want := range map[string]workroom.Code{"gs://parts": NoDriver, "file://host/x": BlobsUnusable} {
		_, err := New(Config{Data: t.TempDir(), Blobs: address})
		var r *workroom.Refusal
		if !errors.As(err, &r) || r.Code != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}
