//go:build unix

package app

import (
	"strings"
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// TestU14_LetInAgainItGoesAtOnce: what was written while the account was suspended waits, and was tried often enough to wait long; once this
// computer hears that the account is let in, nothing of it waits for its next try any more.
func TestU14_LetInAgainItGoesAtOnce(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	admin := realProgram(t)
	admin.data = h.dir
	suspended := func(on bool) bool {
		v, err := (&Safety{c}).Standing()
		return err == nil && (v.Suspended != "") == on
	}
	h.stop()
	admin.must("", "admin", "suspend", "esme@x.example", "Too many links.")
	h.again()
	eventually(t, "she hears of it", func() bool { return suspended(true) })
	id := write(t, c, room, "kept")
	row := func() (outbox.Row, outbox.State) {
		t.Helper()
		list, err := c.session.replica.Waiting(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range list {
			if i.ID == id {
				return i.Row, i.State
			}
		}
		return outbox.Row{}, ""
	}
	eventually(t, "it was tried and put off a few times", func() bool { r, state := row(); return r.Attempts > 2 && state == outbox.Later })
	if r, _ := row(); r.Code != workroom.AccountClosed || !strings.Contains(messageOf(t, c, room, id).Reason, "suspended") {
		t.Errorf("%+v", r)
	}
	h.stop()
	admin.must("", "admin", "suspend", "esme@x.example", "--off")
	h.again()
	eventually(t, "she hears that it is over", func() bool { return suspended(false) })
	if r, state := row(); state == outbox.Later && r.Code == workroom.AccountClosed {
		t.Errorf("it still waits for its next try: %+v", r)
	}
	eventually(t, "it is sent", func() bool { return messageOf(t, c, room, id).State == "sent" })
}
