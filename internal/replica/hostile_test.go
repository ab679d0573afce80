package replica

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// hostileBodies are what no service of ours sends: not JSON, not an object, fields of other types, numbers beyond all bounds, nothing.
var hostileBodies = []string{``, `null`, `{"deleted":"yes"}`, `[]`, `"x"`, `7`, `{}`, `{"author":null,"text":null,"at":null,"deleted":null,"files":[null],"cells":[null]}`,
	`{"at":9223372036854775807,"start":-9223372036854775808,"end":9223372036854775807,"cell":9223372036854775807,"seq":9223372036854775807,"minutes":[{"at":9223372036854775807}]}`,
	`{"at":1e308,"text":7,"files":{},"name":[],"terms":7,"minutes":"x","seed":"\u0000"}`,
	`{"role":"root","gen":-1,"root":"r:room","scope":"d:","week":"0000-00-00","contract":"../../x","device":"","file":"..","n":-1,"e":9223372036854775807}`,
	`{"text":"\ud800 \u0000","title":"\u202e","name":"\u0000","status":"","deleted":-1,"owned":[{"from":5,"to":1}]}`}

// I21: whatever a service sends as a body of whatever kind, in whatever scope, the copy takes it in or refuses it whole: nothing panics, then or
// when it is read, searched, expired, backed up and opened again, and what waits here goes on.
func TestI21_HostileRows(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "c.db")
	r := open(t, path, manual())
	openRoom(t, r)
	must(t, r.Apply(ctx, pastWeekOpen(t)))
	waits := say(t, r, "mine")
	scopes := []workroom.Scope{roomScope, mine, workroom.ContractScope("k1"), pastDiary}
	read := func(r *Replica) {
		for _, s := range scopes {
			for _, k := range workroom.Kinds() {
				_, _ = r.All(ctx, s, k)
				_, _ = r.Everywhere(ctx, "", k)
				_, _, _ = r.Thing(ctx, workroom.Ref{Scope: s, Kind: k, ID: "h0"})
			}
			_, _ = r.Window(ctx, s, workroom.KindMessage, 0, 0)
		}
		_, _ = r.Rooms(ctx)
		_, _ = r.Unread(ctx, room)
		_, _ = r.Outbox(ctx)
		_, _ = r.Expire(ctx, pastDue, true)
		_, _ = r.WeeksBehind(ctx)
		for range 100 {
			if r.Tend(ctx) > 0 {
				break
			}
		}
		hits(t, r, "nobody", "")
	}
	taken := 0
	for _, s := range scopes {
		for _, k := range workroom.Kinds() {
			for i, body := range hostileBodies {
				for _, gone := range []bool{false, true} {
					c, err := r.Cursor(ctx, s)
					must(t, err)
					x := wire.Thing{Scope: s, Kind: k, ID: fmt.Sprint("h", i), Seq: c.Seq + 1, Born: c.Seq + 1, Rev: 1, By: "you", At: 1 << 62, Gone: gone, Body: json.RawMessage(body)}
					if r.Apply(ctx, Page{Scope: s, Epoch: "e1", Gen: c.Gen, After: c.Seq, Page: wire.Page{Things: []wire.Thing{x}, Seq: c.Seq + 1}}) == nil {
						taken++
					}
				}
			}
		}
	}
	if taken < 100 {
		t.Fatalf("only %d rows were taken in: this shows nothing", taken)
	}
	read(r)
	backup, err := r.BackUp(ctx, BackupByHand)
	must(t, err)
	o := r.o
	must(t, r.Close())
	r, err = Restore(path, backup, o)
	must(t, err)
	t.Cleanup(func() { must(t, r.Close()) })
	read(r)
	list, err := r.Waiting(ctx)
	must(t, err)
	if len(list) != 1 || list[0].ID != waits {
		t.Errorf("what waited: %+v", list)
	}
}
