package workroom

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// share tries a law that is a whole story a twentieth as often as the others, so that an every-day run stays short.
func share(t *testing.T, law func(*rapid.T)) {
	t.Helper()
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	n, err := strconv.Atoi(was)
	if err == nil {
		err = flag.Set("rapid.checks", strconv.Itoa(max(1, n/20)))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := flag.Set("rapid.checks", was); err != nil {
			t.Error(err)
		}
	}()
	rapid.Check(t, law)
}

// other is another contract of the same freelancer, with another client.
const other ContractID = "the-other-contract"

// life is two weeks of two contracts of one freelancer at the service, in a random order: work on two devices that is reported bit by bit or
// days later, terms that change, pauses, an end, reviews, approvals. After each act the laws are looked at.
type life struct {
	r   *rapid.T
	tab *testing.T
	x   *table
	rnd *rand.Rand
	now time.Time
	ids int

	open map[string]ReportSlice // by device: what goes on
	kept []ReportSlice          // written down and not reported yet: somebody is offline
	ends map[string]int64       // by device: the end of its last slice
}

// begin makes both contracts, a week before the first whole one.
func begin(r *rapid.T, t *testing.T) *life {
	x := active(t)
	offer := goodOffer()
	offer.Contract, offer.Room, offer.Self, offer.Invitation = other, "other-room", false, InvitationID("another-secret")
	offer.Who = odd
	for i := range offer.Activities {
		offer.Activities[i].ID += "-there"
	}
	seed := uint64(1)
	if r != nil {
		seed = rapid.Uint64().Draw(r, "seed")
	}
	l := &life{r: r, tab: t, x: x, rnd: rand.New(rand.NewPCG(seed, 2)), now: noon.Add(2 * time.Hour), open: map[string]ReportSlice{}, ends: map[string]int64{}}
	l.does(odd, string(other), offer)
	l.does(free, "accept-other", AcceptContract{Contract: other, Room: "other-room", Who: free, Name: "Esme", Secret: "another-secret"})
	return l
}

// does runs a command twice: the second time, under an id of its own, it must change nothing, or be refused.
func (l *life) does(who AccountID, id string, c Command) bool {
	r := l.x.do(l.tab, who, id, l.now, c)
	if r != nil {
		return false
	}
	switch c.(type) {
	case CreateContract, MarkTime: // a mark is laid over the one before, and changes nothing where they agree
		return true
	}
	changes, _ := Run(c, Asked{ID: id + "-again", By: who, Device: "d", At: l.now}, l.x)
	for _, ch := range changes {
		if _, mark := ch.Thing.(*WeekMark); mark {
			continue
		}
		before, had := l.x.rows[ch.Ref]
		now, _ := Encode(ch.Thing)
		then, _ := Encode(before)
		if !had || string(now) != string(then) {
			l.r.Fatalf("%s given again changes %s", c.Op(), ch.Ref)
		}
	}
	return true
}

func (l *life) id() string { l.ids++; return fmt.Sprintf("c%d", l.ids) }

// one is an act that somebody may do, or may not: what is refused changes nothing.
func (l *life) one() {
	l.now = l.now.Add(time.Duration(1+l.rnd.IntN(9*3600)) * time.Second)
	k, client := kon, cli
	if l.rnd.IntN(4) == 0 {
		k, client = other, odd
	}
	week := WeekOf(l.now).String()
	switch l.rnd.IntN(15) {
	case 0:
		l.does(client, l.id(), PauseContract{Contract: k, Week: week, On: l.rnd.IntN(2) == 0})
	case 1, 2:
		limit := int64(600 * (1 + l.rnd.IntN(60)))
		if l.rnd.IntN(5) == 0 {
			limit = NoLimit
		}
		l.limit(client, ChangeTerms{Contract: k, Week: week, Limit: &limit})
	case 3:
		l.does(client, l.id(), ChangeTerms{Contract: k, Week: week, Rate: new(int64(5000 + l.rnd.IntN(3000))), ReviewDays: new(1 + l.rnd.IntN(8))})
	case 4:
		if l.rnd.IntN(12) == 0 {
			l.does([]AccountID{client, free}[l.rnd.IntN(2)], l.id(), EndContract{Contract: k, Week: week, Reason: EndDone})
		}
	case 5:
		l.approve(k, client)
	case 6:
		l.does(client, l.id(), CloseWeek{Contract: k, Week: WeekOf(l.now).Previous().String()})
	case 7:
		l.swap(k)
	default:
		l.work(k)
	}
}

// swap lets a slice win over what it overlaps.
func (l *life) swap(k ContractID) {
	w := WeekOf(l.now.AddDate(0, 0, -7*l.rnd.IntN(2)))
	refs, _ := l.x.All(DiaryScope(k, w.String()), KindSlice)
	if len(refs) == 0 {
		return
	}
	ref := refs[l.rnd.IntN(len(refs))]
	s := l.x.rows[ref].(*Slice)
	l.does(free, l.id(), MarkTime{Contract: k, Week: w.String(), What: MarkOwner, Spans: []MarkSpan{{s.ID, s.Start, s.Start + 1 + l.rnd.Int64N(5000)}}})
}

// work goes on with what a device tracks, or begins something; it is reported now, or when there is a way again.
func (l *life) work(k ContractID) {
	device := []string{"d1", "d2"}[l.rnd.IntN(2)]
	c, goes := l.open[device]
	if !goes {
		from := max(l.ends[device], l.now.Unix()-int64(l.rnd.IntN(4*3600)))
		id := l.id()
		c = ReportSlice{Week: weekAt(from).String(), Slice: Slice{ID: id, Freelancer: free, Contract: k, Device: device, Boot: "b", Seq: int64(l.ids), Start: from, End: from,
			Memo: "work", Kind: []SliceKind{Tracked, Tracked, KeptIdle}[l.rnd.IntN(3)]}}
	}
	c.Slice.Rev++
	c.Slice.End = max(c.Slice.End, min(l.now.Unix()-int64(l.rnd.IntN(600))+300, c.Slice.Start+MaxSlice))
	l.ends[device] = c.Slice.End
	if l.rnd.IntN(3) > 0 {
		c.Slice.Close = CloseStop
		if l.rnd.IntN(4) == 0 { // back to the last input
			c.Slice.Close, c.Slice.End = CloseIdle, c.Slice.Start+l.rnd.Int64N(c.Slice.End-c.Slice.Start+1)
		}
		delete(l.open, device)
	} else {
		l.open[device] = c
	}
	l.kept = append(l.kept, c)
	if l.rnd.IntN(4) == 0 {
		return // offline
	}
	l.rnd.Shuffle(len(l.kept), func(i, j int) { l.kept[i], l.kept[j] = l.kept[j], l.kept[i] })
	for _, c := range l.kept {
		l.does(free, l.id(), c)
	}
	l.kept = nil
}

// limit changes a limit: raised it takes nothing from what is billed, lowered it changes nothing of it.
func (l *life) limit(who AccountID, c ChangeTerms) {
	w := WeekOf(l.now)
	counts := func() int64 {
		return ReadHistory(l.x, c.Contract).Of(w).LimitOf(l.diary(c.Contract, w).Pieces(), w)
	}
	was := counts() // of a limit that was lowered: what still stands under it
	before := l.billed(c.Contract, w)
	if !l.does(who, l.id(), c) {
		return
	}
	now, after := counts(), l.billed(c.Contract, w)
	raised := now == NoLimit || was != NoLimit && now > was
	if after < before || !raised && after != before {
		l.r.Fatalf("a limit of %d s in place of %d s makes %d s of %d s", now, was, after, before)
	}
}

func (l *life) approve(k ContractID, client AccountID) {
	w := WeekOf(l.now.AddDate(0, 0, -7*(1+l.rnd.IntN(2))))
	late := l.diary(k, w).Late(w)
	if len(late) == 0 {
		return
	}
	one := late[l.rnd.IntN(len(late))]
	l.does(client, l.id(), ApproveTime{Contract: k, Week: w.String(), Of: []Interval{{one.From, one.From + 1 + l.rnd.Int64N(one.Seconds())}}})
}

// diary is what the service has of a week, with what it tells of the freelancer's other contracts.
func (l *life) diary(k ContractID, w Week) *Diary {
	return ReadDiary(l.x, DiaryScope(k, w.Previous().String()), DiaryScope(k, w.String()))
}

func (l *life) billed(k ContractID, w Week) int64 {
	h, d := ReadHistory(l.x, k), l.diary(k, w)
	pieces := d.Pieces()
	return BilledSeconds(WalkLimit(pieces, w, h.Of(w).LimitOf(pieces, w)), d.Ties(k), h.Of(w))
}

// arbitrate does as the service after each change of time: it tells each diary what the others leave of its slices.
func (l *life) arbitrate() {
	all := NewDiary()
	for ref, t := range l.x.rows {
		if ref.Scope.Kind() == "d" {
			all.Add(ref, t)
		}
	}
	claims := Arbitrate(all.Slices, all.Edits())
	for _, s := range all.Slices {
		k := s.Key()
		ref := Ref{DiaryScope(k.Contract, k.Week.String()), KindClaim, ClaimID(s.ID)}
		delete(l.x.rows, ref)
		if c := claims[k]; c != nil {
			l.x.rows[ref] = c
		}
	}
}

// laws are what holds after every act.
func (l *life) laws() {
	l.arbitrate()
	cells := map[Cell]int64{}
	for _, k := range []ContractID{kon, other} {
		h := ReadHistory(l.x, k)
		for w := WeekOf(noon).Previous(); !w.Start().After(l.now); w = w.Next() {
			d := l.diary(k, w)
			limit, billed := h.Limit(w), l.billed(k, w)
			if limit != NoLimit && billed > limit {
				l.r.Fatalf("%s: %d s are billed in %s, the limit is %d s", k, billed, w, limit)
			}
			stops := h.Stops()
			for _, p := range WalkLimit(d.Pieces(), w, limit) {
				for c, part := range cellsOf(p.Interval) {
					cells[c] += part.Seconds()
				}
				for _, s := range stops {
					if in, ok := s.meet(p.Interval); ok && p.Billable() {
						l.r.Fatalf("%s: %d s in a pause or after the end are billed", k, in.Seconds())
					}
				}
			}
			l.adjustments(k, w, d)
		}
	}
	for c, n := range cells {
		if n > CellSeconds {
			l.r.Fatalf("segment %d holds %d s", c, n)
		}
	}
	l.apart()
}

// adjustments are of late time, each second once, and leave a sealed bill as it is.
func (l *life) adjustments(k ContractID, w Week, d *Diary) {
	s := DiaryScope(k, w.String())
	var once intervals
	for _, a := range ReadAdjustments(l.x, s) {
		var n int64
		for _, in := range a.Of {
			for _, free := range once.claim(in) {
				n += free.Seconds()
			}
		}
		if n != a.Seconds {
			l.r.Fatalf("%s: of %d s that were approved in %s only %d s were not approved before", k, a.Seconds, w, n)
		}
	}
	seal, _ := l.x.rows[Ref{s, KindSeal, w.String()}].(*Seal)
	if seal != nil {
		if f := seal.Faults(d, seal.Prev); len(f) > 0 {
			l.r.Fatalf("%s: the sealed week %s: %v", k, w, f)
		}
	}
}

// apart looks for the other contract in what a client reads: its own contract and diary.
func (l *life) apart() {
	for ref, t := range l.x.rows {
		if ref.Scope != ContractScope(kon) && !strings.HasPrefix(string(ref.Scope), "d:"+string(kon)+":") {
			continue
		}
		body, err := Encode(t)
		if err != nil {
			l.r.Fatal(err)
		}
		if strings.Contains(string(body), string(other)) || strings.Contains(string(body), "-there") || strings.Contains(string(body), string(odd)) {
			l.r.Fatalf("%s names the other contract: %s", ref, body)
		}
	}
}

// T-15, T-16, W-24, W-35: in whatever order terms change, pauses begin and time arrives, no more is billed than the limit of the week, nothing in
// a pause, no second twice; what is given again changes nothing; and no client reads a word of another contract.
func TestLaw_TwoContractsTwoWeeks(t *testing.T) {
	share(t, func(r *rapid.T) {
		l := begin(r, t)
		for range 10 + l.rnd.IntN(40) {
			l.one()
			l.laws()
		}
	})
}

// W-35, §6: while a week can still be corrected, what its slices come down to is the same whatever order they, the pauses and the end arrived in.
func TestLaw_TheOrderOfArrivalDoesNotMatter(t *testing.T) {
	share(t, func(r *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 3))
		type act struct {
			at  int64 // second of its week, when it happens
			who AccountID
			id  string
			cmd Command
		}
		base := WeekOf(work).Next().Start()
		moment := func(s int64) time.Time { return base.Add(time.Duration(s) * time.Second) }
		var turns, reports []act
		on := true
		for s := int64(rnd.IntN(7200)); s < 80_000 && len(turns) < 6; s += int64(1 + rnd.IntN(20_000)) {
			turns = append(turns, act{s, cli, fmt.Sprintf("p%d", s), pause(moment(s), on)})
			on = !on
		}
		for i := range 1 + rnd.IntN(5) {
			from := int64(rnd.IntN(70_000))
			rev, end := int64(0), from
			for last := 1 + rnd.IntN(3); last > 0; last-- {
				rev, end = rev+1, end+int64(1+rnd.IntN(9000))
				s := Slice{ID: fmt.Sprintf("s%d", i), Rev: rev, Freelancer: free, Contract: kon, Device: fmt.Sprintf("d%d", i%2), Boot: "b", Seq: int64(i), Start: moment(from).Unix(), End: moment(end).Unix(), Memo: "work", Kind: Tracked}
				if last == 1 {
					s.Close = CloseStop
				}
				reports = append(reports, act{end, free, fmt.Sprintf("r%d-%d", i, rev), ReportSlice{Week: WeekOf(base).String(), Slice: s}})
			}
		}
		tell := func(delay func(act) int64) string {
			x := active(t)
			list := append(slices.Clone(turns), reports...)
			when := map[string]int64{}
			for _, a := range list {
				when[a.id] = a.at
				if a.who == free {
					when[a.id] += delay(a)
				}
			}
			slices.SortStableFunc(list, func(a, b act) int { return int(when[a.id] - when[b.id]) })
			for _, a := range list {
				if r := x.do(t, a.who, a.id, moment(when[a.id]), a.cmd); r != nil {
					t.Fatalf("%s: %s", a.id, r.Text)
				}
			}
			var out strings.Builder
			for _, p := range ReadDiary(x, DiaryScope(kon, thisWeek), DiaryScope(kon, WeekOf(base).String())).Pieces() {
				fmt.Fprintf(&out, "%s %d-%d %v\n", p.Slice, p.From-base.Unix(), p.To-base.Unix(), p.AfterEnd)
			}
			return out.String()
		}
		want := tell(func(act) int64 { return 200_000 }) // all at the end
		for name, delay := range map[string]func(act) int64{
			"as it happens":              func(act) int64 { return 0 },
			"some of it later":           func(act) int64 { return int64(rnd.IntN(3)) * 50_000 },
			"by clocks that run ahead":   func(act) int64 { return -int64(rnd.IntN(300)) },
			"each slice at another time": func(a act) int64 { return int64(a.cmd.(ReportSlice).Slice.Seq) * 30_000 },
		} {
			if got := tell(delay); got != want {
				r.Fatalf("%s:\n%s\nall at the end:\n%s", name, got, want)
			}
		}
	})
}
