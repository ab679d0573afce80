package files

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/wire"
)

// moody is an S3 that has moods: as it is, failing with 500, hanging before it answers, or hanging in the middle of an object.
type moody struct {
	mood atomic.Value
	*httptest.Server
}

func newMoody(t *testing.T) (*moody, *Files) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "k")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	address := fakeS3(t)
	_, real, _ := strings.Cut(address, "endpoint=")
	real, err := url.QueryUnescape(real)
	must(t, err)
	to, err := url.Parse(real)
	must(t, err)
	m := &moody{}
	m.mood.Store("")
	way := httputil.NewSingleHostReverseProxy(to)
	gone := make(chan struct{})
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch m.mood.Load() {
		case "500":
			_, _ = io.Copy(io.Discard, r.Body)
			http.Error(w, "something went wrong", http.StatusInternalServerError)
			return
		case "hang":
			select {
			case <-r.Context().Done():
			case <-gone:
			}
			return
		case "hang inside":
			w.Header().Set("Content-Length", "8388608")
			_, _ = w.Write(make([]byte, 1000))
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-gone:
			}
			return
		}
		way.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { close(gone); m.CloseClientConnections(); m.Close() })
	f, err := OpenURL(t.Context(), "s3://parts?region=eu-west-1&use_path_style=true&endpoint="+url.QueryEscape(m.URL))
	must(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return m, f
}

// U-18: a store that fails or hangs is told as away, by every act, and everything works again when it is back.
func TestU18_StoreIsAway(t *testing.T) {
	m, f := newMoody(t)
	ctx := t.Context()
	b := noise(wire.PartSize, 1)
	sha := hexSHA(b)
	must(t, f.Put(ctx, "s", sha, wire.PartSize, plain{bytes.NewReader(b)}))
	other := noise(50_000, 2)
	f.patrol = 100 * time.Millisecond
	for _, mood := range []string{"500", "hang"} {
		m.mood.Store(mood)
		for what, do := range map[string]func() error{
			"put":    func() error { return f.Put(ctx, "s", hexSHA(other), 50_000, bytes.NewReader(other)) },
			"piece":  func() error { return f.PutPiece(ctx, "anna", sha, 0, 10, bytes.NewReader(b[:10])) },
			"held":   func() error { _, err := f.Held(ctx, "anna"); return err },
			"has":    func() error { _, err := f.Has(ctx, "s", sha); return err },
			"remove": func() error { return f.Remove(ctx, "s", sha) },
			"list":   func() error { return f.Parts(ctx, func(Stored) error { return nil }) },
			"check":  func() error { return f.Check(ctx) },
			"read": func() error {
				r := f.Read(ctx, "s", []string{sha}, wire.PartSize)
				defer r.Close()
				_, err := r.Read(make([]byte, 10))
				return err
			},
			"thumb": func() error {
				_, err := f.Thumb(ctx, "x", 320, func() *Reader { return f.Read(ctx, "s", []string{sha}, wire.PartSize) })
				return err
			},
		} {
			if err := do(); !errors.Is(err, ErrAway) || errors.Is(err, ErrLost) || errors.Is(err, ErrMismatch) {
				t.Errorf("%s, %s: %v", mood, what, err)
			}
		}
	}
	m.mood.Store("hang inside")
	r := f.Read(ctx, "s", []string{sha}, wire.PartSize)
	if _, err := io.ReadAll(r); !errors.Is(err, ErrAway) {
		t.Errorf("hangs inside an object: %v", err)
	}
	_ = r.Close()
	m.mood.Store("")
	f.patrol = patience
	r = f.Read(ctx, "s", []string{sha}, wire.PartSize)
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, b) {
		t.Errorf("back again: %v", err)
	}
	must(t, r.Close())
	must(t, f.Put(ctx, "s", hexSHA(other), 50_000, bytes.NewReader(other)))
}
