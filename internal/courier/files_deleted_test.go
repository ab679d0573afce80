package courier

import (
	"errors"
	"math/rand"
	"net/http"
	"path/filepath"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// F-11: a file that somebody deletes while it comes leaves nothing here: neither the bytes, nor half of them, nor a picture of it. Whether the
// service still sends the rest of it, or says that it is gone, the download ends in words.
func TestF11_DeletedHalfwayDown(t *testing.T) {
	for name, cut := range map[string]bool{"the rest still comes": false, "the way breaks": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.join("Alice")
			_, room, _ := a.contract(true)
			content := make([]byte, 2*wire.PartSize+5)
			rand.New(rand.NewSource(3)).Read(content)
			_, up := a.attach(room, "big.bin", content)
			a.sync()
			b := a.second()
			b.sync()
			b.way.answer(func(r *http.Request, do next) (*http.Response, error) {
				res, err := do(r)
				if err == nil && r.URL.Path == "/v1/files/"+string(up.ID) && res.StatusCode/100 == 2 {
					body := res.Body
					res.Body = &stopping{ReadCloser: body, at: wire.PartSize + 1000, do: func() {
						a.do(workroom.DeleteFile{Room: room, File: up.ID}, replica.EnqueueOpts{})
						a.sync()
						b.sync()
						if cut {
							body.Close()
						}
					}}
				}
				return res, err
			})
			_, err := b.c.Fetch(bg, workroom.RoomScope(room), up.ID, 0)
			var e *wire.Error
			if !errors.As(err, &e) || !e.Final || e.Code != workroom.Gone || e.Text == "" {
				t.Errorf("ends with %v", err)
			}
			if b.blobs.Has(up.SHA) {
				t.Error("its bytes are kept")
			}
			if _, _, ok, err := b.rep.LocalFile(bg, string(up.ID)); ok || err != nil {
				t.Errorf("it counts as here: %v", err)
			}
			left, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(b.blobs.Path(up.SHA))), "tmp", "get-*"))
			must(t, err)
			if len(left) != 0 {
				t.Errorf("half of it stays: %v", left)
			}
		})
	}
}
