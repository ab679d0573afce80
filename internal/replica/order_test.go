package replica

import (
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// chosen is what would go out of the room now.
func chosen(t *testing.T, r *Replica) []string {
	t.Helper()
	rows, err := r.Rows(ctx)
	must(t, err)
	var ids []string
	for _, b := range outbox.Next(rows, 1<<62, nil) {
		for _, x := range b {
			ids = append(ids, x.ID)
		}
	}
	return ids
}

// I7: between the look a batch is chosen from and its attempt something else may be stored. What stands behind it then does not go.
func TestI7_NothingPassesWhatCameBetween(t *testing.T) {
	f := workroom.FileRef{ID: "file1", Name: "a.txt", Size: 3, Type: "text/plain"}
	up := Upload{ID: f.ID, Scope: roomScope, Name: f.Name, Size: 3, Type: f.Type, SHA: "ab", Parts: []string{"ab"}}
	for name, tt := range map[string]struct {
		between func(r *Replica, first, second string)
		goes    []string // of first and second
	}{
		"nothing": {func(*Replica, string, string) {}, []string{"first", "second"}},
		"a refusal of the first, which holds": {func(r *Replica, first, _ string) {
			answer(t, r, wire.Result{ID: first, Status: wire.Rejected, Code: workroom.TooLarge})
		}, nil},
		"a refusal of the second": {func(r *Replica, _, second string) {
			answer(t, r, wire.Result{ID: second, Status: wire.Rejected, Code: workroom.TooLarge})
		}, []string{"first"}},
		"the first is thrown away":             {func(r *Replica, first, _ string) { must(t, r.Discard(ctx, first)) }, []string{"second"}},
		"a loss of what was acked before them": {func(r *Replica, _, _ string) { must(t, r.Apply(ctx, Epoch{"e2"})) }, nil},
		"another behind them": {func(r *Replica, _, _ string) {
			_, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Files: []workroom.FileRef{f}}, EnqueueOpts{Uploads: []Upload{up}})
			must(t, err)
		}, []string{"first", "second"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := joined(t)
			acked(t, r, 3, "before")
			ids := map[string]string{}
			ids[say(t, r, "first")], ids[say(t, r, "second")] = "first", "second"
			list := chosen(t, r)
			if len(list) != 2 {
				t.Fatalf("chosen: %v", list)
			}
			tt.between(r, list[0], list[1])
			rows, err := r.Attempt(ctx, list...)
			must(t, err)
			var gone []string
			for _, x := range rows {
				gone = append(gone, ids[x.ID])
			}
			if len(gone) != len(tt.goes) || len(gone) > 0 && gone[0] != tt.goes[0] {
				t.Errorf("goes: %v, want %v", gone, tt.goes)
			}
			all, err := r.Waiting(ctx)
			must(t, err)
			for _, x := range all {
				if x.State == outbox.Sending && len(tt.goes) == 0 {
					t.Errorf("under way: %+v", x)
				}
			}
		})
	}
}
