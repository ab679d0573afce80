package courier

import (
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// T-03, I4: a batch that found nobody to connect to never left this computer: what is in it is as if it had not been tried, and goes as it is
// wished by then. One that was cut off after it may have left is never changed again.
func TestT03_RefusedAtTheDoorIsNotTried(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, closed.Close())
	for name, c := range map[string]struct {
		fail func(r *http.Request, on next) (*http.Response, error)
		may  bool
	}{
		"nobody listens": {func(r *http.Request, _ next) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.URL.Host = closed.Addr().String()
			return (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		}, true},
		"the name is unknown": {func(r *http.Request, _ next) (*http.Response, error) {
			way := &http.Transport{DialContext: (&net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: (&net.Dialer{Timeout: time.Millisecond}).DialContext}}).DialContext}
			r = r.Clone(r.Context())
			r.URL.Host = "nobody.invalid:80"
			return way.RoundTrip(r)
		}, true},
		"cut off after it went": {func(r *http.Request, on next) (*http.Response, error) {
			res, err := on(r)
			if err == nil {
				_ = res.Body.Close()
			}
			return nil, &net.OpError{Op: "read", Err: net.ErrClosed}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			d := w.join("Anna")
			_, room, _ := d.contract(true)
			d.sync()
			var tried atomic.Int64
			d.way.answer(func(r *http.Request, on next) (*http.Response, error) {
				if !strings.HasSuffix(r.URL.Path, "/commands") {
					return on(r)
				}
				res, err := c.fail(r, on)
				tried.Add(1)
				return res, err
			})
			id := d.say(room, "first wording")
			wait := func(what string, is func() bool) {
				t.Helper()
				for range 2000 {
					if is() {
						return
					}
					time.Sleep(5 * time.Millisecond)
				}
				t.Fatal(what)
			}
			var row outbox.Row
			landed := func() bool {
				list, err := d.rep.Rows(bg)
				must(t, err)
				for _, x := range list {
					if x.ID == id {
						row = x
						return !x.Flying
					}
				}
				t.Fatal("it is gone")
				return false
			}
			wait("it was never tried", func() bool { return tried.Load() > 0 })
			wait("it stays under way", landed)
			if (row.Attempts == 0) != c.may {
				t.Errorf("it counts as tried %d times", row.Attempts)
			}
			_, err := d.rep.EditArgs(bg, id, workroom.SendMessage{Room: room, Text: "second wording"}, nil)
			if (err == nil) != c.may {
				t.Errorf("edited: %v", err)
			}
			d.way.answer(nil)
			d.sync()
			want := "first wording"
			if c.may {
				want = "second wording"
			}
			d.shows(room, want)
		})
	}
}
