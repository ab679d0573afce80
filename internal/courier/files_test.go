package courier

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func unix(s int64) time.Time { return time.Unix(s, 0) }

func (d *device) attach(room workroom.RoomID, name string, content []byte) (string, replica.Upload) {
	d.t.Helper()
	sha, size, err := d.blobs.Put(bytes.NewReader(content))
	must(d.t, err)
	parts, err := d.blobs.Parts(sha)
	must(d.t, err)
	f := workroom.FileRef{ID: workroom.FileID(newID()), Name: name, Size: size, Type: "application/octet-stream"}
	up := replica.Upload{ID: f.ID, Scope: workroom.RoomScope(room), Name: name, Size: size, Type: f.Type, SHA: sha, Parts: parts}
	id := d.do(workroom.SendMessage{Room: room, Text: name, Files: []workroom.FileRef{f}}, replica.EnqueueOpts{Uploads: []replica.Upload{up}})
	return id, up
}

// F-05: something on the way that takes parts, and says so in the service's name, costs time: what the service does not have at the end is
// sent again, and the message goes. So does what was lost at the service before the file was complete; earlier services say that otherwise.
func TestF05_PartsThatAreMissingAreSentAgain(t *testing.T) {
	for name, swallow := range map[string]func(w *world, r *http.Request, do next) (*http.Response, error){
		"an answer of another shape": func(w *world, r *http.Request, _ next) (*http.Response, error) {
			return said(r, w, 200, "application/json", `{"results":[],"things":[],"scopes":[],"epoch":""}`), nil
		},
		"nothing in it": func(w *world, r *http.Request, _ next) (*http.Response, error) {
			return said(r, w, 200, "application/json", ``), nil
		},
		"the very answer": func(w *world, r *http.Request, _ next) (*http.Response, error) {
			return said(r, w, 200, "application/json", `{}`), nil
		},
		"lost at the service": func(w *world, r *http.Request, do next) (*http.Response, error) {
			res, err := do(r)
			if err == nil {
				err = os.RemoveAll(filepath.Join(w.data, "blobs", "p"))
			}
			return res, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.join("Alice")
			_, room, _ := a.contract(true)
			a.sync()
			var puts atomic.Int64
			var old atomic.Bool
			a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
				if r.Method == http.MethodPut && puts.Add(1) == 1 {
					return swallow(w, r, do)
				}
				res, err := do(r)
				if err == nil && strings.HasSuffix(r.URL.Path, "/complete") && res.StatusCode == http.StatusServiceUnavailable && !old.Swap(true) {
					res.Body.Close()
					return said(r, w, 422, wire.ProblemType, `{"status":422,"code":"bad_input","retry":"never","field":"parts","detail":"1 parts of the file are missing."}`), nil
				}
				return res, err
			})
			a.attach(room, "a.txt", []byte("the bytes of "+name))
			a.say(room, "after")
			a.sync()
			if list, err := a.rep.NotSent(bg); err != nil || len(list) > 0 {
				t.Fatalf("Not sent: %+v, %v", list, err)
			}
			if puts.Load() < 2 {
				t.Errorf("%d parts were sent", puts.Load())
			}
			b := a.second()
			b.sync()
			b.shows(room, "a.txt", "after")
		})
	}
}

// said is an answer in the service's name.
func said(r *http.Request, w *world, status int, kind, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{wire.HeaderService: {w.svc.Load().ID()}, "Content-Type": {kind}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r}
}

// F-05: a message whose file the service does not know, though the upload seemed to be taken, brings the file again; nothing waits behind it
// for ever. Where the bytes are gone since, the person is told.
func TestF05_AnUnknownFileIsOfferedAgain(t *testing.T) {
	for name, lose := range map[string]func(a *device, up replica.Upload){
		"the bytes are here": nil,
		"the bytes are gone": func(a *device, up replica.Upload) { must(a.t, a.blobs.Remove(up.SHA)) },
		"they were let go":   func(a *device, up replica.Upload) { must(a.t, a.rep.ForgetFile(bg, string(up.ID))) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.join("Alice")
			_, room, _ := a.contract(true)
			a.sync()
			var up replica.Upload
			var lies, asked atomic.Int64
			a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
				if r.URL.Path == wire.OpNewFile.Path && lies.Add(1) == 1 {
					return said(r, w, 200, "application/json", `{"space":"k-k","missing":[],"complete":true}`), nil
				}
				if r.URL.Path == wire.OpCommands.Path && asked.Add(1) == 1 && lose != nil {
					lose(a, up)
				}
				return do(r)
			})
			a.way.down.Store(true)
			_, up = a.attach(room, "a.txt", []byte("never asked for"))
			a.say(room, "after")
			a.way.down.Store(false)
			a.sync()
			list, err := a.rep.NotSent(bg)
			must(t, err)
			if lose != nil {
				if len(list) == 0 || list[len(list)-1].Code != workroom.DepFailed {
					t.Fatalf("Not sent: %+v", list)
				}
				return
			}
			b := a.second()
			b.sync()
			b.shows(room, "a.txt", "after")
			if len(list) > 0 {
				t.Fatalf("Not sent: %+v", list)
			}
		})
	}
}
