package service

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// adjusted are what a person's copy of a week says was approved of late time.
func (p *person) adjusted(k workroom.ContractID, week string) []workroom.Interval {
	p.t.Helper()
	out, err := p.Open(p.t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.DiaryScope(k, week)}})
	must(p.t, err)
	var list []workroom.Interval
	for _, x := range out.Scopes[0].Hot {
		if t, err := workroom.Decode(x.Kind, x.Body); err == nil && x.Kind == workroom.KindAdjustment {
			list = append(list, t.(*workroom.Adjustment).Of...)
		}
	}
	return list
}

// bills are the seconds that a client is billed for in some weeks, each week from the rows that its bill is made of, and what was approved
// beside it.
func (p *person) bills(k workroom.ContractID, weeks ...string) []workroom.Interval {
	p.t.Helper()
	var out []workroom.Interval
	for _, name := range weeks {
		w, err := workroom.ParseWeek(name)
		must(p.t, err)
		d, _ := p.diary(k, w.Previous().String(), name)
		for _, x := range workroom.WalkLimit(d.Pieces(), w, workroom.NoLimit) {
			if x.Billable() {
				out = append(out, x.Interval)
			}
		}
		out = append(out, p.adjusted(k, name)...)
	}
	return out
}

// sealed looks for faults in the seals of a contract and answers how many there are.
func (p *person) sealed(k workroom.ContractID, weeks []string) (n int) {
	p.t.Helper()
	prev := ""
	for _, name := range weeks {
		w := mustWeek(p.t, name)
		out, err := p.Open(p.t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.DiaryScope(k, name)}})
		must(p.t, err)
		for _, x := range out.Scopes[0].Hot {
			if x.Kind != workroom.KindSeal {
				continue
			}
			s := bodyOf[workroom.Seal](p.t, x)
			d, _ := p.diary(k, w.Previous().String(), name)
			for _, f := range s.Faults(d, prev) {
				p.t.Errorf("%s, week of %s: %s", k, name, f)
			}
			prev, n = s.Sum, n+1
		}
	}
	return n
}

// once fails the test where a second is billed twice, on one contract or on two.
func once(t *testing.T, why string, bills ...[]workroom.Interval) {
	t.Helper()
	all := slices.Concat(bills...)
	slices.SortFunc(all, func(a, b workroom.Interval) int { return int(a.From - b.From) })
	for i := 1; i < len(all); i++ {
		if all[i].From < all[i-1].To {
			t.Fatalf("%s: %d s are billed twice: %v and %v of %v", why, min(all[i].To, all[i-1].To)-all[i].From, all[i-1], all[i], bills)
		}
	}
}

// hour is a report of an hour of the week of 2026-11-16, so many seconds after its Monday.
func hour(who workroom.AccountID, k workroom.ContractID, id, device string, after int64) workroom.ReportSlice {
	from := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC).Unix() + after
	return workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(from, 0)).String(), Slice: workroom.Slice{ID: id, Rev: 1, Freelancer: who, Device: device, Boot: "b",
		Contract: k, Start: from, End: from + 3600, Memo: "work", Kind: workroom.Tracked, Close: workroom.CloseStop}}
}

// T-13, T-22: whatever ids a program makes up, in whatever order it tells, an hour is billed to one client.
func TestT13_AnHourIsBilledOnce(t *testing.T) {
	const x, y = "contract-of-xena", "contract-of-yves"
	const day = 86400
	at := func(c workroom.ReportSlice, rev int64) workroom.ReportSlice { c.Slice.Rev = rev; return c }
	late := 8*day + 13*3600 // Tuesday of the next week
	type step struct {
		after int64 // seconds after Monday, when it is said
		by    string
		does  func(free workroom.AccountID) workroom.Command
	}
	says := func(after int64, by string, c func(workroom.AccountID) workroom.Command) step {
		return step{after, by, c}
	}
	reports := func(after int64, k workroom.ContractID, id, device string, of, rev int64) step {
		return says(after, "free", func(w workroom.AccountID) workroom.Command { return at(hour(w, k, id, device, of), rev) })
	}
	approves := func(after int64, by string, k workroom.ContractID, of int64) step {
		from := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC).Unix() + of
		return says(after, by, func(workroom.AccountID) workroom.Command {
			return workroom.ApproveTime{Contract: k, Week: "2026-11-16", Of: []workroom.Interval{{From: from, To: from + 3600}}}
		})
	}
	for name, steps := range map[string][]step{
		"one id on two contracts":              {reports(8*3600, x, "s", "d", 3600, 1), reports(8*3600, y, "s", "d", 3600, 1)},
		"the higher rev second":                {reports(8*3600, x, "s", "d", 3600, 1), reports(8*3600, y, "s", "d", 3600, 2)},
		"the higher rev first, another device": {reports(8*3600, x, "s", "d", 3600, 7), reports(8*3600, y, "s", "e", 3600, 2)},
		"one id on a contract in two weeks":    {reports(8*3600, x, "s", "d", -7200, 1), reports(8*3600, y, "t", "e", -7200, 1), reports(8*3600, x, "s", "d", 3600, 9)},
		"an owner mark for one of two of one id": {reports(8*3600, x, "s", "d", 3600, 1), reports(8*3600, y, "s", "d", 3600, 2), says(9*3600, "free", func(workroom.AccountID) workroom.Command {
			from := time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC).Unix()
			return workroom.MarkTime{Contract: y, Week: "2026-11-16", What: workroom.MarkOwner, Spans: []workroom.MarkSpan{{Slice: "s", From: from, To: from + 3600}}}
		})},
		"late time approved, then taken by an earlier start": {reports(int64(late), y, "s", "d", 3600, 1), approves(int64(late), "yves", y, 3600),
			reports(int64(late), x, "r", "d", 3000, 1), approves(int64(late), "xena", x, 3600)},
		"late time approved, then tracked before kept": {says(int64(late), "free", func(w workroom.AccountID) workroom.Command {
			c := hour(w, y, "s", "d", 3600)
			c.Slice.Kind = workroom.KeptIdle
			return c
		}), approves(int64(late), "yves", y, 3600), reports(int64(late), x, "r", "d", 3600, 1), approves(int64(late), "xena", x, 3600)},
		"late time approved, then given back by its slice": {says(int64(late), "free", func(w workroom.AccountID) workroom.Command {
			c := hour(w, y, "s", "d", 3600)
			c.Slice.Close = ""
			return c
		}), approves(int64(late), "yves", y, 3600), says(int64(late), "free", func(w workroom.AccountID) workroom.Command {
			c := hour(w, y, "s", "d", 3600)
			c.Slice.End, c.Slice.Rev = c.Slice.Start+60, 2
			return c
		}), reports(int64(late), x, "r", "d", 3600, 1), approves(int64(late), "xena", x, 3600)},
	} {
		t.Run(name, func(t *testing.T) {
			monday := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
			now := monday.AddDate(0, 0, -7)
			_, c := start(t, Config{Now: func() time.Time { return now }})
			people := map[string]*person{"xena": join(t, c, "xena"), "yves": join(t, c, "yves"), "free": join(t, c, "free")}
			hire(people["xena"], people["free"], x, "rx")
			hire(people["yves"], people["free"], y, "ry")
			for i, s := range steps {
				now = monday.Add(time.Duration(s.after) * time.Second)
				for _, r := range people[s.by].send(people[s.by].command(fmt.Sprintf("%s-%d", s.by, i), s.does(people["free"].id))) {
					t.Logf("%d: %s %s", i, r.Status, r.Code)
				}
			}
			weeks := []string{"2026-11-09", "2026-11-16", "2026-11-23"}
			bx, by := people["xena"].bills(x, weeks...), people["yves"].bills(y, weeks...)
			once(t, name, bx, by)
			if len(bx)+len(by) == 0 {
				t.Error("nothing is billed at all")
			}
		})
	}
}

// T-13, T-22, T-16: a program that sends anything, in any order, from several devices, with few ids for many things, gets no second billed twice.
func TestLaw_AHostileProgramIsBilledOnce(t *testing.T) {
	const x, y = "contract-of-xena", "contract-of-yves"
	monday := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	weeks := []string{"2026-11-09", "2026-11-16", "2026-11-23"}
	for seed := range int64(6) {
		rnd := rand.New(rand.NewSource(seed))
		now := monday.AddDate(0, 0, -7)
		_, c := start(t, Config{Now: func() time.Time { return now }})
		xena, yves, free := join(t, c, "xena"), join(t, c, "yves"), join(t, c, "free")
		hire(xena, free, x, "rx")
		hire(yves, free, y, "ry")
		now = monday.Add(4 * time.Hour)
		took, told := 0, 0
		act := func() {
			told++
			k, client := workroom.ContractID(x), xena
			if rnd.Intn(2) == 0 {
				k, client = y, yves
			}
			from := monday.Unix() - 5400 + rnd.Int63n(4)*2700
			id := fmt.Sprintf("s%d", rnd.Intn(12))
			if rnd.Intn(8) == 0 {
				id += "-late"
			}
			week := workroom.WeekOf(time.Unix(from, 0)).String()
			who, cmd := free, workroom.Command(nil)
			switch rnd.Intn(10) {
			case 0, 1:
				who, cmd = client, workroom.ApproveTime{Contract: k, Week: week, Of: []workroom.Interval{{From: from, To: min(from+1+rnd.Int63n(5000), mustWeek(t, week).End().Unix())}}}
			case 2:
				cmd = workroom.MarkTime{Contract: k, Week: week, What: workroom.MarkOwner, Spans: []workroom.MarkSpan{{Slice: id, From: from, To: from + 1 + rnd.Int63n(5000)}}}
			case 3:
				to := min(from+60*(1+rnd.Int63n(60)), mustWeek(t, week).End().Unix())
				cmd = workroom.AddTime{Contract: k, Week: week, Who: free.id, Entries: []workroom.ManualEntry{{ID: id, From: from / 60 * 60, To: to / 60 * 60, Memo: "work"}}}
			default:
				s := workroom.Slice{ID: id, Rev: 1 + rnd.Int63n(5), Freelancer: free.id, Device: []string{"d", "e"}[rnd.Intn(2)], Boot: "b",
					Contract: k, Start: from, End: from + 1 + rnd.Int63n(6000), Memo: "work", Kind: []workroom.SliceKind{workroom.Tracked, workroom.KeptIdle}[rnd.Intn(2)]}
				if rnd.Intn(3) == 0 {
					s.Close = workroom.CloseIdle
				}
				cmd = workroom.ReportSlice{Week: week, Slice: s}
			}
			for _, r := range who.send(who.command(fmt.Sprintf("c-%d-%d", seed, told), cmd)) {
				if r.Status == wire.OK {
					took++
				}
			}
		}
		for n := range 120 {
			switch n { // what comes of the first week is late from here on, and of the second from there on
			case 40:
				now = monday.Add(15 * time.Hour)
			case 80:
				now = monday.AddDate(0, 0, 7).Add(15 * time.Hour)
			}
			act()
			if n%10 == 9 {
				once(t, fmt.Sprintf("seed %d, after %d", seed, n), xena.bills(x, weeks...), yves.bills(y, weeks...))
			}
		}
		now = now.AddDate(0, 0, 14)
		for _, w := range weeks {
			xena.send(xena.command("seal-x-"+w, workroom.CloseWeek{Contract: x, Week: w}))
			yves.send(yves.command("seal-y-"+w, workroom.CloseWeek{Contract: y, Week: w}))
		}
		for range 30 {
			act()
		}
		once(t, fmt.Sprintf("seed %d, sealed", seed), xena.bills(x, weeks...), yves.bills(y, weeks...))
		if n := xena.sealed(x, weeks) + yves.sealed(y, weeks); n < 4 {
			t.Fatalf("seed %d: %d seals", seed, n)
		}
		if took < 20 {
			t.Fatalf("only %d of 120 were taken", took)
		}
	}
}

func mustWeek(t testing.TB, name string) workroom.Week {
	t.Helper()
	w, err := workroom.ParseWeek(name)
	must(t, err)
	return w
}

// T-13: who accepts a second contract and reports time on it in one go has one timeline from the first second on.
func TestT13_AcceptedAndReportedInOneGo(t *testing.T) {
	monday := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	now := monday.AddDate(0, 0, -7)
	_, c := start(t, Config{Now: func() time.Time { return now }})
	xena, yves, free := join(t, c, "xena"), join(t, c, "yves"), join(t, c, "free")
	hire(xena, free, "contract-of-xena", "rx")
	now = monday.Add(time.Hour)
	free.does("x", hour(free.id, "contract-of-xena", "s", "d", 300))
	yves.does("contract-of-yves", offer(yves, "contract-of-yves", "ry", "secret of yves"))
	report := hour(free.id, "contract-of-yves", "t", "e", 3300)
	report.Slice.End = report.Slice.Start + 600
	for _, r := range free.send(
		free.command("accept", workroom.AcceptContract{Contract: "contract-of-yves", Room: "ry", Who: free.id, Name: "Free", Secret: "secret of yves"}),
		free.command("report", report)) {
		if r.Status != wire.OK {
			t.Fatalf("%+v", r)
		}
	}
	weeks := []string{"2026-11-09", "2026-11-16"}
	once(t, "in one go", xena.bills("contract-of-xena", weeks...), yves.bills("contract-of-yves", weeks...))
}

// T-13, I10: who says to accept somebody else's contract beside a report learns nothing of it, and takes nothing from it.
func TestT13_ASupposedContractTellsNothing(t *testing.T) {
	monday := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	now := monday.AddDate(0, 0, -7)
	_, c := start(t, Config{Now: func() time.Time { return now }})
	xena, yves, free, foe := join(t, c, "xena"), join(t, c, "yves"), join(t, c, "free"), join(t, c, "foe")
	hire(xena, free, "contract-of-xena", "rx")
	hire(yves, foe, "contract-of-yves", "ry")
	now = monday.Add(3 * time.Hour)
	free.does("x", hour(free.id, "contract-of-xena", "s", "d", 3600))
	foe.send(foe.command("accept", workroom.AcceptContract{Contract: "contract-of-xena", Room: "rx", Who: foe.id, Name: "Foe", Secret: "no secret"}),
		foe.command("report", hour(foe.id, "contract-of-yves", "t", "e", 1800)))
	for _, k := range []struct {
		p  *person
		id workroom.ContractID
	}{{xena, "contract-of-xena"}, {yves, "contract-of-yves"}} {
		if d, _ := k.p.diary(k.id, "2026-11-16"); len(d.Claims) > 0 || len(d.Slices) != 1 {
			t.Errorf("%s: %d slices, claims %v", k.id, len(d.Slices), d.Claims)
		}
	}
}
