package workroom

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// W-35, W-23, W-38: what one side can do to a contract is limited, told in a sentence, and leaves the other side what it may do; a contract can always
// be ended, an offer accepted and a dispute withdrawn.
func TestW35_AContractIsNotToggledWithoutEnd(t *testing.T) {
	x := active(t)
	at, taken := work, 0
	for i := range 400 {
		at = at.Add(time.Minute)
		r := x.do(t, cli, fmt.Sprintf("p%d", i), at, PauseContract{Contract: kon, Week: thisWeek, On: i%2 == 0})
		if r == nil {
			taken++
			continue
		}
		wantCode(t, "too often", r, TooMany)
		break
	}
	if taken > 200 {
		t.Fatalf("it was paused and resumed %d times in a day", taken)
	}
	s := sliceOf(1, work, at, "map")
	s.Close = CloseStop
	wantCode(t, "a slice over all of it", x.do(t, free, "s", at, ReportSlice{Week: thisWeek, Slice: s}), "")
	if n := len(x.rows[first].(*Slice).Out); n > 100 {
		t.Errorf("a slice has %d stretches in which the contract was paused", n)
	}
	next := at.AddDate(0, 0, 7)
	wantCode(t, "the next week", x.do(t, cli, "p-next", next, PauseContract{Contract: kon, Week: WeekOf(next).String(), On: true}), "")
	wantCode(t, "and on again", x.do(t, cli, "r-next", next, PauseContract{Contract: kon, Week: WeekOf(next).String()}), "")
	wantCode(t, "the end", x.do(t, free, "end", at, end(at)), "")
}

func TestW23_RatesAreNotAskedForWithoutEnd(t *testing.T) {
	for name, c := range map[string]func(i int) Command{
		"a lower rate": func(i int) Command { return LowerRate{Contract: kon, Act: RateAsk, Rate: int64(1000 + i)} },
		"a limit":      func(i int) Command { return limitTo(int64(3600 + 60*i)) },
	} {
		x := active(t)
		var last *Refusal
		n := 0
		for ; n < 300 && last == nil; n++ {
			last = x.do(t, cli, fmt.Sprint("c", n), work.Add(time.Duration(n)*time.Minute), c(n))
		}
		wantCode(t, name, last, TooMany)
		if last == nil || last.Text == "" || n > 150 {
			t.Errorf("%s: %d times, %+v", name, n, last)
		}
	}
}

func limitTo(seconds int64) ChangeTerms {
	return ChangeTerms{Contract: kon, Week: thisWeek, Limit: &seconds}
}

// W-38: what is written and offered in a dispute, and how often a week is disputed, is limited for each side by itself.
func TestW38_DisputesAreLimited(t *testing.T) {
	x := tracked(t)
	at := WeekOf(work).End().Add(time.Hour)
	act := func(who AccountID, c DisputeWeek) *Refusal {
		at = at.Add(time.Minute)
		c.Contract, c.Week = kon, thisWeek
		return x.do(t, who, fmt.Sprint("a", at.Unix()), at, c)
	}
	open := func(who AccountID) (string, *Refusal) {
		r := act(who, DisputeWeek{Act: DisputeBegin, Text: "It was less."})
		return fmt.Sprint("a", at.Unix()), r
	}
	id, r := open(cli)
	wantCode(t, "open", r, "")
	full := strings.Repeat("<", MaxDisputeText)
	texts := 0
	for texts < 100 && r == nil {
		if r = act(cli, DisputeWeek{Act: DisputeWrite, Dispute: id, Text: full}); r == nil {
			texts++
		}
	}
	wantCode(t, "texts of one side", r, TooMany)
	wantCode(t, "the other side's", act(free, DisputeWeek{Act: DisputeWrite, Dispute: id, Text: full}), "")
	body, err := Encode(x.rows[Ref{DiaryScope(kon, thisWeek), KindDispute, id}])
	if err != nil || len(body) > 300_000 {
		t.Errorf("a dispute of %d bytes: %v", len(body), err)
	}
	r = nil
	offers := 0
	for offers < 300 && r == nil {
		if r = act(cli, DisputeWeek{Act: DisputePropose, Dispute: id, Amount: int64(-offers)}); r == nil {
			offers++
		}
	}
	wantCode(t, "offers of one side", r, TooMany)
	wantCode(t, "the other's offer", act(free, DisputeWeek{Act: DisputePropose, Dispute: id, Amount: -100}), "")
	d := x.rows[Ref{DiaryScope(kon, thisWeek), KindDispute, id}].(*Dispute)
	wantCode(t, "which is accepted", act(cli, DisputeWeek{Act: DisputeAccept, Dispute: id, Offer: d.Offer.At}), "")
	n := 0
	for r = nil; n < 100 && r == nil; n++ {
		if id, r = open(cli); r == nil {
			wantCode(t, "withdraw", act(cli, DisputeWeek{Act: DisputeWithdraw, Dispute: id}), "")
		}
	}
	wantCode(t, "disputes of one side", r, TooMany)
	if n > 20 {
		t.Errorf("%d disputes of one week", n)
	}
	_, r = open(free)
	wantCode(t, "the other side's dispute", r, "")
}

// T-16: late time approved in pieces comes to what it comes to at once, to the minor unit; there is an end to the pieces, but what is left can be
// approved at once.
func TestT16_PiecesComeToTheSame(t *testing.T) {
	at := frozen.Add(2 * time.Hour)
	for _, step := range []int64{7, 31, 100, 1800} { // seconds a piece
		x := lateWeek(t)
		from, until := minutes(180, 210).From, minutes(180, 210).To
		var r *Refusal
		n := 0
		for ; from < until && r == nil; from += step {
			n++
			r = x.do(t, cli, fmt.Sprint("a", n), at.Add(time.Duration(n)*time.Second), approve(Interval{from, min(until, from+step)}))
		}
		if step < 10 {
			wantCode(t, "too many pieces", r, TooMany)
			wantCode(t, "the rest", x.do(t, cli, "rest", at.Add(time.Hour), approve(minutes(180, 210))), "")
		} else {
			wantCode(t, "in pieces", r, "")
		}
		var sum, seconds, told int64
		for _, a := range adjusted(x) {
			sum, seconds = sum+a.Amount, seconds+a.Seconds
		}
		for ref, row := range x.rows {
			if turn, ok := row.(*Turn); ok && ref.Scope == ContractScope(kon) && turn.What == TurnApproved {
				told += turn.Amount
			}
		}
		if sum != Amount(5200, 1800) || seconds != 1800 || told != sum {
			t.Errorf("pieces of %d s come to %d of %d s, %d are told; at once it is %d", step, sum, seconds, told, Amount(5200, 1800))
		}
	}
}

// W-24: a lowered limit leaves what was within it then; what of that is deleted later makes no room for new time beyond the limit as it is now.
func TestW24_DeletedTimeMakesNoRoomUnderALoweredLimit(t *testing.T) {
	x := active(t)
	worked(t, x, "a", work, 4*time.Hour)
	lowered := work.Add(5 * time.Hour)
	wantCode(t, "lowered", x.do(t, cli, "low", lowered, change(lowered, hours(1))), "")
	w := WeekOf(work)
	bills := func() int64 {
		s := SealOf(w, diaryOf(x), historyOf(x).Of(w), Chain{})
		walked := WalkLimit(diaryOf(x).Pieces(), w, historyOf(x).Of(w).LimitOf(diaryOf(x).Pieces(), w))
		if n := BillableSeconds(walked); n != s.Billable {
			t.Errorf("the walk has %d s, the seal %d", n, s.Billable)
		}
		return s.Billable
	}
	worked(t, x, "b", work.Add(6*time.Hour), 2*time.Hour)
	if n := bills(); n != 4*3600 {
		t.Errorf("%d s are billed; what was within the limit stays", n)
	}
	cut := CutTime{Contract: kon, Week: thisWeek, From: work.Unix(), To: work.Unix() + 2*3600}
	wantCode(t, "deleted", x.do(t, free, "cut", lowered.Add(4*time.Hour), cut), "")
	if n := bills(); n != 2*3600 {
		t.Errorf("%d s are billed after two hours were deleted", n)
	}
	cut.From, cut.To = cut.To, cut.To+2*3600-600
	wantCode(t, "more deleted", x.do(t, free, "cut2", lowered.Add(4*time.Hour), cut), "")
	if n := bills(); n != 3600 {
		t.Errorf("%d s are billed; the limit as it is now is an hour", n)
	}
	if n := historyOf(x).Limit(w); n != 4*3600 {
		t.Errorf("the most of the week is %d s", n)
	}
}

// a contract holds so many codes, whether or not the client's list is kept along; those that are there can be changed all the same.
func TestA02_AContractHoldsSoManyCodes(t *testing.T) {
	x := active(t)
	var r *Refusal
	n := 0
	for ; n < 2*MaxCodes && r == nil; n++ {
		x.rows[Ref{ContractScope(kon), KindActivity, fmt.Sprint("x", n)}] = &Activity{Code: fmt.Sprint("X", n)}
		if n > MaxCodes-10 {
			r = x.do(t, cli, fmt.Sprint("c", n), work, SetActivity{Contract: kon, ID: ActivityID(fmt.Sprint("y", n)), Code: fmt.Sprint("Y", n)})
		}
	}
	wantCode(t, "one too many", r, TooMany)
	if n > MaxCodes+1 {
		t.Errorf("%d codes", n)
	}
	wantCode(t, "another name", x.do(t, cli, "n", work, SetActivity{Contract: kon, ID: "map", Code: "Maps"}), "")
}
