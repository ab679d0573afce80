package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/memblob"
	_ "gocloud.dev/blob/s3blob"

	"trestle/internal/wire"
)

// stores opens one store of each kind, new and empty: in memory, a folder, an S3 in process, and a real S3 where TRESTLE_TEST_S3 is its URL.
func stores(t *testing.T) map[string]func(t *testing.T) *Files {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", cmp(os.Getenv("AWS_ACCESS_KEY_ID"), "k"))
	t.Setenv("AWS_SECRET_ACCESS_KEY", cmp(os.Getenv("AWS_SECRET_ACCESS_KEY"), "s"))
	by := func(address func(t *testing.T) string) func(t *testing.T) *Files {
		return func(t *testing.T) *Files {
			f, err := OpenURL(t.Context(), address(t))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = f.Close() })
			return f
		}
	}
	out := map[string]func(t *testing.T) *Files{
		"mem":  by(func(*testing.T) string { return "mem://" }),
		"file": by(func(t *testing.T) string { return "file://" + t.TempDir() + "/a%20b/blobs?no_tmp_dir=true" }),
		"s3":   by(fakeS3),
		"s3 below a prefix": by(func(t *testing.T) string {
			return fakeS3(t) + "&prefix=trestle/one"
		}),
	}
	if real := os.Getenv("TRESTLE_TEST_S3"); real != "" {
		out["real s3"] = by(func(t *testing.T) string {
			u, err := url.Parse(real)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			q.Set("prefix", "suite-"+hexSHA([]byte(t.Name() + time.Now().String()))[:12])
			u.RawQuery = q.Encode()
			return u.String()
		})
	} else {
		t.Log("a real S3 server was left out: TRESTLE_TEST_S3 is not set")
	}
	return out
}

func cmp(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func fakeS3(t *testing.T) string {
	t.Helper()
	back := s3mem.New()
	if err := back.CreateBucket("parts"); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(gofakes3.New(back).Server())
	t.Cleanup(srv.Close)
	return "s3://parts?region=eu-west-1&use_path_style=true&endpoint=" + url.QueryEscape(srv.URL)
}

func noise(n int, seed uint32) []byte {
	b := make([]byte, n)
	for i := range b {
		seed = seed*1664525 + 1013904223
		b[i] = byte(seed >> 24)
	}
	return b
}

// U-18: one suite for every kind of store.
func TestU18_Stores(t *testing.T) {
	for name, open := range stores(t) {
		t.Run(name, func(t *testing.T) { suite(t, open(t)) })
	}
}

func suite(t *testing.T, f *Files) {
	ctx := t.Context()
	size := func(b []byte, want int64) {
		t.Helper()
		n, ok, err := f.Size(ctx, "s", hexSHA(b))
		if err != nil || ok != (want >= 0) || ok && n != want {
			t.Fatalf("size %d, there %v, %v; want %d", n, ok, err, want)
		}
	}
	first, last := noise(wire.PartSize, 1), noise(12345, 2)
	size(first, -1)
	for range 2 { // the second time it is there already, which counts as done
		for _, b := range [][]byte{first, last} {
			if err := f.Put(ctx, "s", hexSHA(b), int64(len(b)), plain{bytes.NewReader(b)}); err != nil {
				t.Fatal(err)
			}
			size(b, int64(len(b)))
		}
	}
	// Wrong bytes, too many, too few, a length that is none, and a sender that breaks off: nothing stays.
	wrong := noise(5000, 3)
	broken := errors.New("the sender is gone")
	for what, x := range map[string]struct {
		size int64
		r    io.Reader
		want error
	}{
		"another byte": {5000, bytes.NewReader(noise(5000, 4)), ErrMismatch},
		"too many":     {4999, bytes.NewReader(wrong), ErrMismatch},
		"too few":      {5001, bytes.NewReader(wrong), ErrMismatch},
		"none":         {0, bytes.NewReader(nil), ErrMismatch},
		"too large":    {wire.PartSize + 1, bytes.NewReader(wrong), ErrMismatch},
		"broken off":   {5000, io.MultiReader(bytes.NewReader(wrong[:100]), failing{broken}), broken},
	} {
		if err := f.Put(ctx, "s", hexSHA(wrong), x.size, x.r); !errors.Is(err, x.want) {
			t.Errorf("%s: %v", what, err)
		}
		size(wrong, -1)
	}
	// A part that is there cannot be claimed without its bytes, and is not harmed by the try.
	if err := f.Put(ctx, "s", hexSHA(first), wire.PartSize, bytes.NewReader(noise(wire.PartSize, 9))); !errors.Is(err, ErrMismatch) {
		t.Errorf("claimed: %v", err)
	}
	// Ranges, over the boundary of two parts too.
	whole := append(bytes.Clone(first), last...)
	parts := []string{hexSHA(first), hexSHA(last)}
	for _, at := range [][2]int64{{0, 10}, {wire.PartSize - 3, 6}, {wire.PartSize, 100}, {int64(len(whole)) - 1, 1}, {0, int64(len(whole))}} {
		r := f.Read(ctx, "s", parts, int64(len(whole)))
		if _, err := r.Seek(at[0], io.SeekStart); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, at[1])
		if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, whole[at[0]:at[0]+at[1]]) {
			t.Errorf("range %v: %v", at, err)
		}
		_ = r.Close()
	}
	// A part that was lost, or lost its end, says so, and is whole again when it is sent again.
	for what, harm := range map[string]func(){
		"lost": func() { must(t, f.Remove(ctx, "s", parts[1])) },
		"cut":  func() { must(t, f.bucket.WriteAll(ctx, partKey("s", parts[1]), last[:100], nil)) },
	} {
		harm()
		r := f.Read(ctx, "s", parts, int64(len(whole)))
		_, err := r.Seek(wire.PartSize+200, io.SeekStart)
		must(t, err)
		if _, err := r.Read(make([]byte, 10)); !errors.Is(err, ErrLost) || r.Lost != parts[1] || !errors.Is(r.Err, ErrLost) {
			t.Errorf("%s: %v, %q", what, err, r.Lost)
		}
		_ = r.Close()
		if err := f.Put(ctx, "s", parts[1], int64(len(last)), plain{bytes.NewReader(last)}); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		size(last, int64(len(last)))
	}
	pieces(t, f)
	list := map[string]int64{}
	must(t, f.Parts(ctx, func(o Stored) error {
		list[o.Space+"/"+o.SHA] = o.Size
		if age := time.Since(o.At); age < -time.Minute || age > time.Hour {
			t.Errorf("came %v ago", age)
		}
		return nil
	}))
	if len(list) != 3 || list["s/"+parts[1]] != int64(len(last)) {
		t.Errorf("list: %v", list)
	}
	for range 2 {
		must(t, f.Remove(ctx, "s", parts[0]))
	}
	size(first, -1)
	must(t, f.Check(ctx))
}

// pieces: a part comes in pieces of its sender alone, with an overlap, and is a part once all are there.
func pieces(t *testing.T, f *Files) {
	ctx := t.Context()
	b := noise(2*wire.PieceSize+777, 5)
	sha := hexSHA(b)
	put := func(at, n int64) error { return f.PutPiece(ctx, "anna", sha, at, n, bytes.NewReader(b[at:at+n])) }
	held := func(want int64) {
		t.Helper()
		m, err := f.Held(ctx, "anna")
		if err != nil || m[sha] != want {
			t.Fatalf("held %v, %v; want %d", m, err, want)
		}
		if other, err := f.Held(ctx, "ben"); len(other) != 0 || err != nil {
			t.Fatal("somebody else's pieces", other, err)
		}
	}
	held(0)
	must(t, put(wire.PieceSize, wire.PieceSize)) // a gap before it
	held(0)
	must(t, put(0, 1000))
	held(1000)
	must(t, put(0, wire.PieceSize))
	held(2 * wire.PieceSize)
	if err := f.Join(ctx, "anna", "s", sha, int64(len(b))); !errors.Is(err, ErrMismatch) {
		t.Fatal("joined with a piece missing", err)
	}
	held(0) // nothing of it can be trusted
	for at := int64(0); at < int64(len(b)); at += wire.PieceSize {
		must(t, put(at, min(wire.PieceSize, int64(len(b))-at)))
	}
	must(t, f.Join(ctx, "anna", "s", sha, int64(len(b))))
	if n, ok, err := f.Size(ctx, "s", sha); n != int64(len(b)) || !ok || err != nil {
		t.Fatal(n, ok, err)
	}
	held(0)
	if err := f.PutPiece(ctx, "anna", sha, 0, 100, bytes.NewReader(b[:50])); !errors.Is(err, ErrMismatch) {
		t.Error("a short piece", err)
	}
	must(t, put(0, 10))
	if n, err := f.DropPieces(ctx, time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Error(n, err)
	}
	if n, err := f.DropPieces(ctx, time.Now().Add(time.Hour)); n != 1 || err != nil {
		t.Error(n, err)
	}
}

// plain hides what else a reader can do, as the body of a request does.
type plain struct{ io.Reader }

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// U-18: a node whose bucket does not exist is not ready.
func TestU18_NoSuchBucket(t *testing.T) {
	f, err := OpenURL(t.Context(), strings.Replace(fakeS3(t), "s3://parts", "s3://other", 1))
	must(t, err)
	defer func() { _ = f.Close() }()
	if err := f.Check(t.Context()); !errors.Is(err, ErrAway) {
		t.Errorf("ready: %v", err)
	}
}

// An address that cannot be opened says why in words.
func TestOpenURL(t *testing.T) {
	if _, err := OpenURL(context.Background(), "gs://bucket"); !errors.As(err, new(*NoDriver)) || err.Error() != "this build has no gs driver" {
		t.Error(err)
	}
	for _, bad := range []string{"file://host/dir", "file://", "s3://parts?nonsense=1", "://", "blobs"} {
		if f, err := OpenURL(context.Background(), bad); err == nil {
			t.Errorf("%s opened: %+v", bad, f)
		}
	}
	_ = blob.DefaultURLMux
}
