package replica

import (
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// asks is a copy that joined a contract, wrote in its room, and was told that the service has neither any more.
func asks(t *testing.T) (r *Replica, accept, msg string) {
	t.Helper()
	r = joined(t)
	k := workroom.ContractScope("k1")
	accept, err := r.Enqueue(ctx, workroom.AcceptContract{Contract: "k1", Room: room, Who: me, Name: "Me", Secret: "s"}, EnqueueOpts{About: "k1"})
	must(t, err)
	answer(t, r, wire.Result{ID: accept, Status: wire.OK})
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: k, Gen: 1, Seq: 5, Hot: []wire.Thing{
		thing(t, k, "k1", 5, &workroom.Contract{Title: "Work", Status: workroom.Active, Client: "you", Freelancer: me, Room: room})}}}}))
	msg = acked(t, r, 3, "behind it")
	must(t, r.Apply(ctx, Epoch{"e2"}))
	must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{{Scope: mine, Gen: 1, Seq: 1, Hot: []wire.Thing{thing(t, mine, "me", 1, &workroom.Account{Name: "Me"})}}}}))
	return r, accept, msg
}

// I6: while the person is asked whether a lost acceptance still holds, what it opened is missing in the heads and what waits behind it is not
// refused for that; once they say that it does not, both go, with the text kept.
func TestI6_WaitsAsLongAsTheQuestion(t *testing.T) {
	k := workroom.ContractScope("k1")
	missing := map[string]Change{
		"in the heads": Gone{[]workroom.Scope{k, roomScope}},
		"when opened":  Opened{"e2", []wire.Opened{{Scope: k, Gone: true}, {Scope: roomScope, Gone: true}}},
	}
	for name, gone := range missing {
		t.Run(name, func(t *testing.T) {
			r, accept, msg := asks(t)
			must(t, r.Apply(ctx, gone))
			list, err := r.NotSent(ctx)
			must(t, err)
			if len(list) != 1 || list[0].ID != accept || list[0].State != outbox.Asking {
				t.Fatalf("Not sent: %+v", list)
			}
			if list, _ := r.Waiting(ctx); len(list) != 1 || list[0].ID != msg || list[0].State != outbox.Waiting {
				t.Errorf("waits: %+v", list)
			}
			if list, _ := r.Contracts(ctx); len(list) != 1 || list[0].Archive {
				t.Errorf("the contract asked about is not on screen: %+v", list)
			}
			must(t, r.Discard(ctx, accept))
			must(t, r.Apply(ctx, gone))
			if list, _ := r.NotSent(ctx); len(list) != 1 || list[0].ID != msg || list[0].Code != workroom.DepFailed {
				t.Errorf("let go: %+v", list)
			}
			if list, _ := r.Contracts(ctx); len(list) != 0 {
				t.Errorf("I11: still there: %+v", list)
			}
		})
	}
}

// I11: where the present history tells that the right was taken away, the question keeps nothing.
func TestI11_TakenAwayInSpiteOfTheQuestion(t *testing.T) {
	r, _, msg := asks(t)
	grant := thing(t, mine, string(roomScope), 2, &workroom.Grant{})
	grant.Gone, grant.Body = true, nil
	must(t, r.Apply(ctx, Page{Scope: mine, Epoch: "e2", Gen: 1, After: 1, Page: wire.Page{Things: []wire.Thing{grant}, Seq: 2}}))
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	if list, _ := r.NotSent(ctx); len(list) != 2 || list[1].ID != msg || list[1].Code != workroom.NoAccess {
		t.Errorf("Not sent: %+v", list)
	}
	expect(t, r, "")
}
