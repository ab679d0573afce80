package workroom

import (
	"testing"
	"time"
)

// given runs a command asked at one moment that counts as given at another.
func (t *table) given(who AccountID, id string, at, given time.Time, c Command) *Refusal {
	changes, r := Run(c, Asked{ID: id, By: who, Device: "d", At: at, Given: given}, t)
	for _, x := range changes {
		t.rows[x.Ref] = x.Thing
	}
	return r
}

// T-21, I16: a contract that is given back after the service was restored begins when it began, so that what was worked on it meanwhile
// counts; but never before its offer was made nor later than now.
func TestT21_ARestoredContractBeginsWhenItBegan(t *testing.T) {
	back := noon.Add(48 * time.Hour) // the offer is of noon, if the service still has it
	none := time.Time{}
	for what, x := range map[string]struct {
		offered, offerGiven time.Time // zero given: as it is asked
		given, start        time.Time
	}{
		"accepted in time":                         {noon, none, none, back},
		"the acceptance was lost":                  {noon, none, noon.Add(time.Hour), noon.Add(time.Hour)},
		"the offer too":                            {back, noon.Add(time.Minute), noon.Add(time.Hour), noon.Add(time.Hour)},
		"said to be older than the offer":          {noon, none, noon.Add(-time.Hour), noon},
		"older than the offer, lost too":           {back, noon, noon.AddDate(0, 0, -20), noon},
		"the offer is not of the lost time":        {back, none, noon.Add(time.Hour), back},
		"in the future":                            {noon, none, back.Add(time.Hour), back},
		"accepted in time, the invitation is over": {noon, none, noon.Add(time.Hour), noon.Add(time.Hour)},
	} {
		now := back
		if what == "accepted in time, the invitation is over" {
			now = noon.Add(InvitationLife + time.Hour)
		}
		rows := newTable()
		for _, who := range []AccountID{cli, free} {
			rows.rows[Ref{AccountScope(who), KindAccount, string(who)}] = &Account{Name: string(who), Email: string(who) + "@x.example"}
		}
		wantCode(t, what, rows.given(cli, string(kon), x.offered, x.offerGiven, goodOffer()), "")
		wantCode(t, what, rows.given(free, "a", now, x.given, accept()), "")
		n := rows.rows[Ref{ContractScope(kon), KindContract, string(kon)}].(*Contract)
		if got := time.UnixMicro(n.Started).UTC(); !got.Equal(x.start) {
			t.Errorf("%s: it began %s, want %s", what, got, x.start)
		}
		worked := func(at time.Time) *Refusal {
			s := sliceOf(1, at, at.Add(time.Minute), "map")
			s.ID = "s" + at.Format("150405")
			return rows.do(t, free, "c"+s.ID, now.Add(time.Hour), ReportSlice{Week: WeekOf(at).String(), Slice: s})
		}
		wantCode(t, what+", time on it", worked(x.start.Add(time.Second)), "")
		wantCode(t, what+", time before it", worked(x.start.Add(-10*time.Minute)), BadInput)
	}
	wantCode(t, "an invitation that is over", offered(t).given(free, "a", noon.Add(InvitationLife+time.Hour), none, accept()), Expired)

	own := goodOffer()
	own.Self, own.Invitation = true, ""
	rows := newTable()
	wantCode(t, "one's own", rows.given(cli, string(kon), back, noon, own), "")
	if n := rows.rows[Ref{ContractScope(kon), KindContract, string(kon)}].(*Contract); n.Started != noon.UnixMicro() {
		t.Errorf("one's own began %d", n.Started)
	}
}

// T-21: an acceptance keeps the moment it was given, whatever id it goes under.
func TestT21_AnAcceptanceKeepsItsMoment(t *testing.T) {
	for _, c := range []Composer{accept(), goodOffer()} {
		once, _ := EncodeCommand(c.ComposedAt(5))
		again, _ := EncodeCommand(c.ComposedAt(5).(Composer).ComposedAt(9))
		if string(once) != string(again) || string(once) == "" {
			t.Errorf("%s became %s", once, again)
		}
	}
}
