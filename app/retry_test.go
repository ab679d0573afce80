package app

import (
	"os"
	"regexp"
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// TestM23_RetryIsOfferedWhereItCanHelp: over all codes there are, for what was done in a room and a contract that are open here, in those that
// are not, and for the answer to an offer.
func TestM23_RetryIsOfferedWhereItCanHelp(t *testing.T) {
	t.Parallel()
	c, contract, room := sad(t)
	const nowhere = "019a0000-0000-7000-8000-00000000000f"
	rejected := func(cmd workroom.Command, code workroom.Code) replica.Item {
		return replica.Item{Row: outbox.Row{ID: newID(), Op: cmd.Op(), Lane: cmd.Lane(), Verdict: outbox.Rejected, Code: code}, Command: cmd}
	}
	places := func(room, contract string) []workroom.Command {
		r, k := workroom.RoomID(room), workroom.ContractID(contract)
		return []workroom.Command{
			workroom.SendMessage{Room: r, Text: "x"}, workroom.EditMessage{Room: r, Text: "x"}, workroom.DeleteMessage{Room: r},
			workroom.React{Room: r, Emoji: "x"}, workroom.SetPref{Room: r}, workroom.SetActivity{Contract: k, Code: "x"},
			workroom.ReportSlice{Slice: workroom.Slice{Contract: k}}, workroom.AddShot{Shot: workroom.Shot{Contract: k}},
		}
	}
	answers := []workroom.Command{workroom.AskOffer{}, workroom.AcceptContract{}, workroom.DeclineContract{}}
	type can struct{ open, closed, answer bool }
	always, never, whereOpen := can{true, true, true}, can{}, can{open: true}
	codes := map[workroom.Code]can{
		workroom.BadInput: never, workroom.UploaderOnly: never, workroom.TypeRefused: never, workroom.TooLarge: never, workroom.Gone: never, workroom.TooLate: never, workroom.MemoEmpty: never,
		workroom.WeekFrozen: never, workroom.WeekOver: never, workroom.Overlap: never, workroom.WeekRuns: always, workroom.ManualOff: always,
		workroom.AuthorOnly: never, workroom.ClientOnly: never, workroom.FreelancerOnly: never, workroom.WrongAddress: never,
		workroom.NoAccess: whereOpen, workroom.RoomArchived: whereOpen, workroom.ContractEnded: whereOpen,
		workroom.Moved: {true, true, false}, workroom.Expired: {true, true, false},
		workroom.Internal: always, workroom.Quota: always, workroom.Rate: always, workroom.Busy: always, workroom.SignedOut: always,
		workroom.ClientTooOld: always, workroom.DeviceCloned: always, workroom.ActivityGone: always, workroom.ActivityNeeded: always,
		workroom.CodeTaken: always, workroom.InFuture: always, workroom.IDReuse: always,
		workroom.NotArchivable: never, workroom.RoomKindNot: never, workroom.PartyStays: never, workroom.ContactDetails: never,
		// Roles, acquaintance, blocks and suspensions change.
		workroom.LeadersOnly: always, workroom.OwnerOnly: always, workroom.OwnerStays: always, workroom.NotKnown: always, workroom.RoomFull: always,
		workroom.NotRunning: always, workroom.RateCut: never, workroom.TooMany: never, workroom.OtherSide: never, // a paused contract can go on
		workroom.AccountClosed: always, workroom.OfferHeld: always, workroom.ActiveContract: always, workroom.Undeliverable: always,
		workroom.DepFailed: {}, // of a file, see below; with none left it is lost
	}
	source, err := os.ReadFile("../internal/workroom/refusal.go")
	if err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`(?m)^\t\w+ +Code = "(\w+)"|^\t\w+ += "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(all) < 20 {
		t.Fatalf("%d codes are found", len(all))
	}
	for _, m := range all {
		code := workroom.Code(m[1] + m[2])
		want, ok := codes[code]
		if !ok {
			t.Errorf("nobody said whether Retry helps after %s", code)
		}
		for _, x := range []struct {
			list []workroom.Command
			want bool
		}{{places(room, contract), want.open}, {places(nowhere, nowhere), want.closed}, {answers, want.answer}} {
			for _, cmd := range x.list {
				row := c.session.unsentRow(rejected(cmd, code), nil)
				if row.Retry != x.want || !row.Discard {
					t.Errorf("%s, %s: retry %v, discard %v", cmd.Op(), code, row.Retry, row.Discard)
				}
			}
		}
	}
	// What hangs on a file goes with it or not at all.
	file := func(code workroom.Code) map[string]replica.Item {
		u := &replica.Upload{Scope: workroom.RoomScope(workroom.RoomID(room))}
		return map[string]replica.Item{"up": {Row: outbox.Row{Op: workroom.OpUpload, Lane: "up:up", Verdict: outbox.Rejected, Code: code}, Upload: u}}
	}
	for code, want := range map[workroom.Code]bool{workroom.TooLarge: false, workroom.Gone: false, workroom.Internal: true, workroom.NoAccess: true} {
		i := rejected(workroom.SendMessage{Room: workroom.RoomID(room)}, workroom.DepFailed)
		i.After = []string{"up"}
		if row := c.session.unsentRow(i, file(code)); row.Retry != want || !row.Edit {
			t.Errorf("its file is %s: retry %v, edit %v", code, row.Retry, row.Edit)
		}
	}
}
