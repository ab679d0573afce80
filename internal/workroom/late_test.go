package workroom

import (
	"reflect"
	"testing"
	"time"
)

var frozen = WeekOf(work).FreezeAt()

// lateWeek is a table with an hour and a half tracked in time, and half an hour that came after the freeze.
func lateWeek(t *testing.T) *table {
	x := tracked(t)
	s := sliceOf(1, work.Add(3*time.Hour), work.Add(3*time.Hour+30*time.Minute), "map")
	s.ID, s.Close = "s3", CloseStop
	wantCode(t, "late report", x.do(t, free, "late", frozen.Add(time.Hour), ReportSlice{Week: thisWeek, Slice: s}), "")
	return x
}

func approve(of ...Interval) ApproveTime { return ApproveTime{Contract: kon, Week: thisWeek, Of: of} }

// from so many minutes after the start of work to so many.
func minutes(from, to int64) Interval { return Interval{work.Unix() + from*60, work.Unix() + to*60} }

func adjusted(x *table) []*Adjustment { return ReadAdjustments(x, DiaryScope(kon, thisWeek)) }

// T-16: who may approve which late time.
func TestT16_WhoMayApproveLateTime(t *testing.T) {
	at := frozen.Add(2 * time.Hour)
	next := Interval{WeekOf(work).End().Unix(), WeekOf(work).End().Unix() + 60}
	for name, c := range map[string]struct {
		who    AccountID
		does   ApproveTime
		want   Code
		amount int64 // of the only adjustment, at 52 an hour
	}{
		"all of it":                {cli, approve(minutes(180, 210)), "", 2600},
		"some of it":               {cli, approve(minutes(185, 191)), "", 520},
		"more than there is":       {cli, approve(minutes(0, 240)), "", 2600},
		"two stretches, one twice": {cli, approve(minutes(180, 186), minutes(183, 186), minutes(204, 210)), "", 1040},
		"by the freelancer":        {free, approve(minutes(180, 210)), ClientOnly, 0},
		"by a stranger":            {odd, approve(minutes(180, 210)), NoAccess, 0},
		"where nothing is late":    {cli, approve(minutes(0, 60)), Gone, 0},
		"of no stretch":            {cli, approve(), BadInput, 0},
		"backwards":                {cli, approve(minutes(210, 180)), BadInput, 0},
		"of another week":          {cli, approve(next), BadInput, 0},
		"of a contract not there":  {cli, ApproveTime{Contract: "other", Week: thisWeek, Of: []Interval{minutes(180, 210)}}, NoAccess, 0},
	} {
		x := lateWeek(t)
		wantCode(t, name, x.do(t, c.who, "a", at, c.does), c.want)
		var got int64
		for _, a := range adjusted(x) {
			got += a.Amount
			if a.By != cli || a.Kind != AdjustLate || a.Rate != 5200 || a.Seconds*5200/3600 != a.Amount {
				t.Errorf("%s: %+v", name, a)
			}
		}
		if got != c.amount {
			t.Errorf("%s: %d, want %d", name, got, c.amount)
		}
	}
}

// T-16: an approval stands beside the bill, which never changes; nothing is approved twice, and what arrives later is approved by itself.
func TestT16_ApprovalsStandBesideTheBill(t *testing.T) {
	x := lateWeek(t)
	wantCode(t, "seal", seal(t, x, cli, overReview, thisWeek), "")
	was := *sealIn(x, thisWeek)
	at := overReview.Add(time.Hour)
	open := func() []Interval { return Open(diaryOf(x).Late(WeekOf(work)), adjusted(x)) }
	wantCode(t, "a part", x.do(t, cli, "a1", at, approve(minutes(190, 200))), "")
	if got := open(); !reflect.DeepEqual(got, []Interval{minutes(180, 190), minutes(200, 210)}) {
		t.Errorf("open %v", got)
	}
	wantCode(t, "over it", x.do(t, cli, "a2", at, approve(minutes(180, 195))), "")
	wantCode(t, "once more", x.do(t, cli, "a3", at, approve(minutes(180, 200))), "")
	list := adjusted(x)
	if len(list) != 2 || list[0].Seconds != 600 || list[1].Seconds != 600 || len(open()) != 1 {
		t.Fatalf("%d adjustments, open %v", len(list), open())
	}
	s := sliceOf(1, work.Add(4*time.Hour), work.Add(5*time.Hour), "map")
	s.ID, s.Close = "s4", CloseStop
	wantCode(t, "more late time", x.do(t, free, "l2", at, ReportSlice{Week: thisWeek, Slice: s}), "")
	if got := open(); !reflect.DeepEqual(got, []Interval{minutes(200, 210), minutes(240, 300)}) {
		t.Errorf("open %v", got)
	}
	if now := sealIn(x, thisWeek); now.Sum != was.Sum || now.Amount != was.Amount || len(now.Faults(diaryOf(x), "")) != 0 {
		t.Errorf("the bill became %+v: %v", now, now.Faults(diaryOf(x), ""))
	}
}

// T-16, W-35: late time after the contract's end is not late alone, and is not approved.
func TestT16_NotAfterTheEnd(t *testing.T) {
	x := tracked(t)
	stop := work.Add(3*time.Hour + 10*time.Minute)
	wantCode(t, "end", x.do(t, cli, "e", stop, end(stop)), "")
	s := sliceOf(1, work.Add(3*time.Hour), work.Add(3*time.Hour+30*time.Minute), "map")
	s.ID, s.Close = "s3", CloseStop
	wantCode(t, "late report", x.do(t, free, "late", frozen.Add(time.Hour), ReportSlice{Week: thisWeek, Slice: s}), "")
	if got := diaryOf(x).Late(WeekOf(work)); !reflect.DeepEqual(got, []Interval{minutes(180, 190)}) {
		t.Errorf("late %v", got)
	}
	wantCode(t, "approve", x.do(t, cli, "a", frozen.Add(2*time.Hour), approve(minutes(180, 210))), "")
	if got := adjusted(x); len(got) != 1 || got[0].Seconds != 600 {
		t.Errorf("%+v", got)
	}
}
