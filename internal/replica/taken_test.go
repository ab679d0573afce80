package replica

import (
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// M-23: what was written into a room that is taken away says from which one its author was removed, whether the service refused it a moment
// before, it still waited, was under way, or stood in the box. The name is nowhere else afterwards (I11).
func TestM23_WhatIsTakenSaysItsName(t *testing.T) {
	for _, x := range []struct{ name, want string }{
		{"Salt Road", "You are no longer in Salt Road."},
		{"", workroom.Refuse(workroom.NoAccess).Text},
		{"Salt\u202eRoad\n", "You are no longer in " + workroom.SafeLabel("Salt\u202eRoad\n", workroom.MaxTitle) + "."},
	} {
		r := joined(t)
		page(t, r, roomScope, wire.Thing{Scope: roomScope, Kind: workroom.KindRoom, ID: string(room), Seq: 3, Rev: 1, Body: body(t, &workroom.Room{Name: x.name})})
		refused := say(t, r, "refused")
		other := say(t, r, "too large")
		answer(t, r, wire.Result{ID: refused, Status: wire.Rejected, Code: workroom.NoAccess, Text: workroom.Refuse(workroom.NoAccess).Text})
		answer(t, r, wire.Result{ID: other, Status: wire.Rejected, Code: workroom.TooLarge, Text: "too large"})
		say(t, r, "waiting")
		asked := say(t, r, "under way")
		if _, err := r.Attempt(ctx, asked); err != nil {
			t.Fatal(err)
		}
		must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "in the box"}))
		must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
		// The service's word on what was under way comes after its room is gone, and says less.
		answer(t, r, wire.Result{ID: asked, Status: wire.Rejected, Code: workroom.NoAccess, Text: workroom.Refuse(workroom.NoAccess).Text})
		list, err := r.NotSent(ctx)
		must(t, err)
		if len(list) != 5 {
			t.Fatalf("%d are kept", len(list))
		}
		for _, i := range list {
			want, code := x.want, workroom.NoAccess
			if i.ID == other {
				want, code = "too large", workroom.TooLarge
			}
			if i.Verdict != outbox.Rejected || i.Code != code || i.Text != want {
				t.Errorf("%q: %s %q, want %q", i.Command.(workroom.SendMessage).Text, i.Code, i.Text, want)
			}
		}
	}
}
