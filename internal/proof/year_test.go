package proof

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"trestle/internal/replica"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// The simulated year: a freelancer with two computers and two clients works through a year of virtual time, over both changes of summer time,
// with the real machine of the tracker, the real store on each computer and the real service. Computers sleep with and without a word, are
// locked, crash, stand idle, lose their network for an hour or for months; time is switched, kept, assigned, edited, swapped and deleted.

// yearDesk is one of the two computers.
type yearDesk struct {
	y      *year
	d      *simDevice
	m      *tracker.Machine
	boot   int
	open   *workroom.Slice // as the last heartbeat left it on the disk
	wake   time.Time
	since  time.Time // of the stretch that is tracked, by the script's own account
	hands  time.Time // last input
	typed  bool
	asleep bool
	want   int64 // seconds that passed while somebody worked
	slack  int64 // that a crash or a sleep without a word may have cost
}

type year struct {
	*scene
	rnd       *rand.Rand
	desks     []*yearDesk
	clients   map[workroom.ContractID]*simDevice
	contracts []workroom.ContractID
	did       map[string]int
}

// tell steps a desk's machine and does as it says.
func (k *yearDesk) tell(ev tracker.Event) {
	effects, err := k.m.Step(k.y.now, ev)
	if err != nil {
		k.y.did["refused by the machine"]++
	}
	for _, e := range effects {
		switch e := e.(type) {
		case tracker.Save:
			s := e.Slice
			if e.Report {
				k.y.did["reports"]++
				cmd := workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), Slice: s, Input: e.Inputs}
				if _, err := k.d.rep.Enqueue(simCtx, cmd, replica.EnqueueOpts{At: k.y.now}); err != nil {
					k.y.t.Fatalf("a slice was not taken: %v: %+v", err, s)
				}
			}
			k.open = nil
			if s.Close == "" {
				k.open = &s
			}
		case tracker.Drop:
			k.open = nil
		case tracker.WakeAt:
			k.wake = e.At
		}
	}
}

// input passes what was typed since.
func (k *yearDesk) input() {
	in := tracker.Input{Countable: true, Presence: true, Ago: k.y.now.Sub(k.hands)}
	if k.typed {
		in.Keys, k.typed = 20, false
	}
	k.tell(in)
}

func (k *yearDesk) starts() {
	k.boot++
	n := 0
	k.m = tracker.New(tracker.Config{Freelancer: k.y.ben.who.id, Device: k.d.id, Boot: fmt.Sprint("boot-", k.boot),
		NewID:  func() string { n++; return fmt.Sprintf("%s-%d-%d", k.d.id, k.boot, n) },
		Random: func(n int64) int64 { return n / 2 }})
	for _, id := range k.y.contracts {
		k.tell(tracker.TermsLearnt{Contract: tracker.Contract{ID: id, Active: true, Activities: map[workroom.ActivityID]bool{workroom.ActivityID("first-" + string(id)): true},
			Terms: workroom.Terms{Rate: 1000, Currency: "EUR", Unlimited: true, Shots: workroom.ShotsNone, IdleMinutes: 10}}})
	}
	if k.open != nil {
		found := *k.open
		k.tell(tracker.Found{Slice: found})
		k.open = nil
	}
}

// works says that from now on time is tracked, by the script's account, and rests that it is not.
func (k *yearDesk) works() {
	if k.m.Snapshot().State == tracker.Tracking {
		k.since = k.y.now
	}
}

func (k *yearDesk) rests(at time.Time) {
	if !k.since.IsZero() {
		k.want += max(0, at.Unix()-k.since.Unix())
	}
	k.since = time.Time{}
}

func (k *yearDesk) work() tracker.Work {
	id := k.y.contracts[k.y.rnd.IntN(len(k.y.contracts))]
	return tracker.Work{Contract: id, Activity: []workroom.ActivityID{"", workroom.ActivityID("first-" + string(id))}[k.y.rnd.IntN(2)],
		Memo: []string{"one", "two", "three"}[k.y.rnd.IntN(3)]}
}

// pass lets time go by: every desk's deadlines are kept, and who works types every two minutes or so.
func (y *year) pass(d time.Duration) {
	for end := y.now.Add(d); y.now.Before(end); {
		next := end
		for _, k := range y.desks {
			if !k.asleep && !k.wake.IsZero() && k.wake.Before(next) {
				next = k.wake
			}
		}
		if next.After(y.now) {
			y.sleepTo(next)
		}
		for _, k := range y.desks {
			if k.asleep {
				continue
			}
			if !k.since.IsZero() && y.now.Sub(k.hands) > 2*time.Minute {
				k.hands, k.typed = y.now, true
			}
			if !k.wake.IsZero() && !k.wake.After(y.now) {
				k.input()
				k.tell(tracker.Deadline{})
			}
		}
	}
}

// day is a day of one computer: some sessions, and what befalls them.
func (y *year) day(k *yearDesk) {
	for range 1 + y.rnd.IntN(3) {
		y.pass(time.Duration(10+y.rnd.IntN(90)) * time.Minute)
		k.hands = y.now
		k.rests(y.now)
		k.tell(tracker.Start{Work: k.work()})
		k.works()
		for range 1 + y.rnd.IntN(4) {
			y.pass(time.Duration(3+y.rnd.IntN(40)) * time.Minute)
			k.befalls(y.rnd.IntN(8))
		}
		k.rests(y.now)
		k.input()
		k.tell(tracker.Stop{})
		for _, q := range k.m.Snapshot().Questions {
			choice := []tracker.Choice{tracker.Discard, tracker.Keep, tracker.Assign}[y.rnd.IntN(3)]
			y.did["answer "+string(choice)]++
			k.tell(tracker.Answer{Question: q.ID, Choice: choice, Work: k.work()})
		}
	}
}

// befalls does one of what happens to people and computers.
func (k *yearDesk) befalls(what int) {
	y := k.y
	tracking := k.m.Snapshot().State == tracker.Tracking
	name := []string{"switch", "lock", "sleep", "sleep without a word", "crash", "idle", "pause", "nothing"}[what]
	if !tracking {
		return
	}
	y.did[name]++
	k.input()
	switch name {
	case "switch":
		k.tell(tracker.Switch{Work: k.work()})
	case "lock", "sleep":
		leave, back := tracker.Event(tracker.Lock{}), tracker.Event(tracker.Unlock{})
		if name == "sleep" {
			leave, back = tracker.Sleeping{}, tracker.Woke{}
		}
		k.rests(y.now)
		k.tell(leave)
		k.asleep = name == "sleep"
		y.pass(time.Duration(1+y.rnd.IntN(30)) * time.Minute)
		k.asleep, k.hands = false, y.now
		k.tell(back)
		k.works()
	case "sleep without a word":
		k.rests(y.now)
		k.slack += 15
		k.asleep = true
		y.pass(time.Duration(2+y.rnd.IntN(60)) * time.Minute)
		k.asleep, k.hands = false, y.now
		k.tell(tracker.Slept{})
		k.works()
	case "crash":
		k.rests(y.now)
		k.slack += 15
		k.asleep = true
		y.pass(time.Duration(1+y.rnd.IntN(60)) * time.Minute)
		k.asleep, k.hands = false, y.now
		k.starts()
	case "idle":
		last := k.hands
		k.rests(last)
		y.pass(time.Duration(11+y.rnd.IntN(40)) * time.Minute)
		k.hands, k.typed = y.now, true
		k.input()
		k.works()
	case "pause":
		k.rests(y.now)
		k.tell(tracker.Stop{})
		y.pass(time.Duration(1+y.rnd.IntN(20)) * time.Minute)
		k.hands = y.now
		k.tell(tracker.Start{Work: k.work()})
		k.works()
	}
}

// diary is what a device's copy holds of a contract, of all weeks.
func (y *year) diary(d *simDevice, k workroom.ContractID) *workroom.Diary {
	out := workroom.NewDiary()
	for _, kind := range []workroom.Kind{workroom.KindSlice, workroom.KindMark, workroom.KindClaim} {
		rows, err := d.rep.Everywhere(simCtx, "d:"+string(k)+":", kind)
		y.must("read a diary", err)
		for _, r := range rows {
			out.Add(r.Ref, r.Thing)
		}
	}
	return out
}

// sync lets a device send and fetch what there is.
func (y *year) sync() {
	for range 40 {
		y.until(y.now.Add(20 * time.Second))
		if y.still() {
			return
		}
	}
}

// edit changes something of the last days, as people do who look at their diary.
func (y *year) edit() {
	d := y.desks[0].d
	id := y.contracts[y.rnd.IntN(len(y.contracts))]
	var recent []*workroom.Slice
	for _, s := range y.diary(d, id).Slices {
		if !workroom.Frozen(time.Unix(s.Start, 0), y.now.Add(time.Hour)) && s.Close != "" && s.End > s.Start {
			recent = append(recent, s)
		}
	}
	if len(recent) == 0 {
		return
	}
	s := recent[y.rnd.IntN(len(recent))]
	week := workroom.WeekOf(time.Unix(s.Start, 0)).String()
	mark := workroom.MarkTime{Contract: id, Week: week, Spans: []workroom.MarkSpan{{Slice: s.ID, From: s.Start, To: s.Start + 1 + y.rnd.Int64N(s.End-s.Start)}}}
	who, cmd := d, workroom.Command(nil)
	switch y.rnd.IntN(5) {
	case 0:
		mark.What, mark.Value = workroom.MarkMemo, "another memo"
		cmd = mark
	case 1:
		mark.What, mark.Value = workroom.MarkCode, "first-"+string(id)
		cmd, who = mark, y.clients[id]
	case 2:
		mark.What = workroom.MarkOwner
		cmd = mark
	default:
		cell := s.Start / 600
		cmd = workroom.CutTime{Contract: id, Week: workroom.WeekOf(time.Unix(cell*600, 0)).String(), From: cell * 600, To: cell*600 + 600}
	}
	if _, err := who.rep.Enqueue(simCtx, cmd, replica.EnqueueOpts{}); err == nil {
		y.did["edit "+string(cmd.Op())]++
	}
}

// seals asks for the seals of the weeks that are over.
func (y *year) seals() {
	for id, client := range y.clients {
		row, _, err := client.rep.Thing(simCtx, workroom.Ref{Scope: workroom.ContractScope(id), Kind: workroom.KindContract, ID: string(id)})
		y.must("read a contract", err)
		h := workroom.HistoryOf(row.Thing.(*workroom.Contract), nil)
		weeks, err := client.rep.Weeks(simCtx, id)
		y.must("read weeks", err)
		for _, r := range weeks {
			w, err := workroom.ParseWeek(r.ID)
			y.must("read a week", err)
			_, known, err := client.rep.Thing(simCtx, workroom.Ref{Scope: workroom.DiaryScope(id, r.ID), Kind: workroom.KindSeal, ID: r.ID})
			y.must("read a seal", err)
			if known == workroom.Held || !workroom.SealDue(h, w, y.now) {
				continue
			}
			_, err = client.rep.Enqueue(simCtx, workroom.CloseWeek{Contract: id, Week: r.ID}, replica.EnqueueOpts{})
			y.must("ask for a seal", err)
		}
	}
}

// judge compares all that anybody can see with each other and with the script's own account.
func (y *year) judge() (seconds int64, late int64, sealed int) {
	all := &workroom.Diary{}
	byDevice := map[string]int64{}
	for _, id := range y.contracts {
		d := y.diary(y.desks[0].d, id)
		if other := y.diary(y.desks[1].d, id); !reflect.DeepEqual(other.Pieces(), d.Pieces()) {
			y.t.Errorf("%s: the two computers differ", id)
		}
		all.Slices, all.Marks = append(all.Slices, d.Slices...), append(all.Marks, d.Marks...)
	}
	for _, s := range all.Slices {
		if s.Kind == workroom.Tracked {
			byDevice[s.Device] += s.Seconds()
		}
	}
	for _, k := range y.desks {
		if got := byDevice[k.d.id]; got > k.want || got < k.want-k.slack {
			y.t.Errorf("%s recorded %d s, %d passed while it tracked, of which %d may be lost", k.d.name, got, k.want, k.slack)
		}
	}
	pieces := all.Pieces()
	cells := map[int64]int64{}
	perContract := map[workroom.ContractID][]workroom.Piece{}
	for _, p := range pieces {
		perContract[p.Contract] = append(perContract[p.Contract], p)
		seconds += p.Seconds()
		if p.Late {
			late += p.Seconds()
		}
		for at := p.From; at < p.To; {
			end := min(p.To, (at/600+1)*600)
			cells[at/600] += end - at
			at = end
		}
	}
	for c, n := range cells {
		if n > 600 {
			y.t.Errorf("cell %d holds %d s", c, n)
		}
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	y.must("load a zone", err)
	var days int64
	for _, n := range workroom.SecondsByDay(pieces, berlin) {
		days += n
	}
	if days != seconds {
		y.t.Errorf("the days of Berlin hold %d s, the year %d", days, seconds)
	}
	for id, client := range y.clients {
		d := y.diary(client, id)
		if got, want := d.Pieces(), perContract[id]; !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
			y.t.Errorf("%s: its client sees %d pieces, the freelancer %d", id, len(got), len(want))
		}
		sealed += y.verify(client, id)
		if n := y.verify(y.desks[0].d, id); n == 0 && sealed > 0 {
			y.t.Errorf("%s: the freelancer has no seals", id)
		}
	}
	return seconds, late, sealed
}

// verify computes all seals of a contract anew from a device's rows.
func (y *year) verify(d *simDevice, id workroom.ContractID) int {
	rows, err := d.rep.Everywhere(simCtx, "d:"+string(id)+":", workroom.KindSeal)
	y.must("read seals", err)
	seals := map[int64]*workroom.Seal{}
	for _, r := range rows {
		s := r.Thing.(*workroom.Seal)
		seals[s.N] = s
	}
	prev := ""
	for n := int64(1); n <= int64(len(seals)); n++ {
		s := seals[n]
		if s == nil {
			y.t.Errorf("%s: seal %d is missing", id, n)
			return len(seals)
		}
		w, err := workroom.ParseWeek(s.Week)
		y.must("read a week", err)
		two := workroom.NewDiary()
		for _, at := range []workroom.Week{w.Previous(), w} {
			for _, kind := range []workroom.Kind{workroom.KindSlice, workroom.KindMark, workroom.KindClaim} {
				rows, err := d.rep.All(simCtx, workroom.DiaryScope(id, at.String()), kind)
				y.must("read a diary", err)
				for _, r := range rows {
					two.Add(r.Ref, r.Thing)
				}
			}
		}
		for _, f := range s.Faults(two, prev) {
			y.t.Errorf("%s, week of %s, on %s: %s", id, s.Week, d.name, f)
		}
		prev = s.Sum
	}
	return len(seals)
}

// TestYear lives some weeks in every run, and a year for `make properties` and `make prove`. The second computer has no network from some
// week on for two months; what it recorded meanwhile is late, and no seal changes by it.
func TestYear(t *testing.T) {
	days, rounds := Size(24, 60, 366, 366), 1
	if n, err := strconv.Atoi(os.Getenv("TRESTLE_YEARS")); err == nil {
		days, rounds = 366, n
	}
	for round := range rounds {
		dir := simDir(t)
		synctest.Test(t, func(t *testing.T) {
			y := &year{scene: newScene(t, uint64(1000+round), dir), rnd: rand.New(rand.NewPCG(uint64(round), 3)), did: map[string]int{}, clients: map[workroom.ContractID]*simDevice{}}
			defer y.end()
			cleo := &simPerson{name: "cleo", email: "cleo@example.com"}
			y.people = append(y.people, cleo)
			other := y.join(cleo)
			tower := y.join(y.ben.who)
			for _, c := range []struct {
				id     workroom.ContractID
				client *simDevice
			}{{"k-ann", y.ann}, {"k-cleo", other}} {
				k := &simContract{id: c.id, room: workroom.RoomID("room-" + c.id), secret: "secret-" + string(c.id), client: c.client.who, freelancer: y.ben.who, made: c.client}
				y.scene.contracts = append(y.scene.contracts, k)
				c.client.enqueue(y.offered(k), "", replica.EnqueueOpts{ID: string(c.id)})
				y.rest()
				y.ben.enqueue(workroom.AcceptContract{Contract: c.id, Room: k.room, Who: y.ben.who.id, Name: "Ben", Secret: k.secret}, "", replica.EnqueueOpts{})
				y.rest()
				y.contracts, y.clients[c.id] = append(y.contracts, c.id), c.client
			}
			for _, d := range []*simDevice{y.ben, tower} {
				k := &yearDesk{y: y, d: d}
				y.desks = append(y.desks, k)
				k.starts()
			}
			y.faulty = true // no other fault is among those of the scene
			begin := y.now
			for day := range days {
				k := y.desks[day%2]
				if y.rnd.IntN(7) > 1 {
					y.day(k)
				}
				if day == min(40, days/4) {
					tower.offline = y.now.Add(time.Duration(max(12, min(60, days/3))) * 24 * time.Hour)
				}
				if y.rnd.IntN(3) == 0 {
					y.edit()
				}
				if y.rnd.IntN(2) == 0 || day == days-1 {
					y.sync()
					y.seals()
				}
				if next := begin.Add(time.Duration(day+1) * 24 * time.Hour); next.After(y.now) {
					y.pass(next.Sub(y.now))
				}
			}
			y.faulty = false
			y.rest()
			y.seals()
			y.rest()
			seconds, late, sealed := y.judge()
			for _, d := range y.devs {
				list, err := d.rep.Waiting(simCtx)
				y.must("read the outbox", err)
				for _, i := range list {
					if _, ok := i.Command.(workroom.ReportSlice); ok && i.Verdict != "" {
						t.Errorf("time was refused: %+v", i)
					}
				}
			}
			if seconds == 0 || late == 0 || sealed == 0 {
				t.Errorf("%d s, %d late, %d seals: nothing was tried", seconds, late, sealed)
			}
			Report(t, "year", "%d days, %d s on two contracts, %d s late, %d weeks sealed; %v", days, seconds, late, sealed, y.did)
		})
	}
}
