package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// T9: what a desktop shows of an act before the service has it is what comes of it there; a copy that pulled, a copy that opens everything
// anew, and the service's SQL say the same; a rule says the same over every implementation of Rows, however often it runs.

// scene is a world in which a client and a freelancer have a contract, and nothing goes wrong.
type scene struct {
	*simWorld
	ann, ben *simDevice
	c        *simContract
}

func newScene(t testing.TB, seed uint64, dir string) *scene {
	w := newSimWorld(t, simConfig{seed: seed, faults: map[string]bool{}, frames: true}, dir)
	w.up()
	w.people = []*simPerson{{name: "ann", email: "ann@example.com"}, {name: "ben", email: "ben@example.com"}}
	s := &scene{simWorld: w}
	s.ann, s.ben = w.join(w.people[0]), w.join(w.people[1])
	return s
}

// rest lets everything go and come.
func (s *scene) rest() {
	for range 20 {
		s.settle()
		s.until(s.now.Add(20 * time.Second))
		if s.still() {
			break
		}
	}
	s.until(s.now.Add(70 * time.Second))
	if len(s.bad) > 0 {
		s.t.Fatal(words(s.bad))
	}
}

// hire makes a contract and lets it be accepted.
func (s *scene) hire() {
	s.c = &simContract{id: "k-scene", room: "room-scene", secret: "secret-scene", client: s.ann.who, freelancer: s.ben.who, made: s.ann}
	s.contracts = append(s.contracts, s.c)
	s.ann.enqueue(s.offered(s.c), "", replica.EnqueueOpts{ID: string(s.c.id)})
	s.rest()
	s.ben.enqueue(workroom.AcceptContract{Contract: s.c.id, Room: s.c.room, Who: s.ben.who.id, Name: "Ben", Secret: s.c.secret}, "", replica.EnqueueOpts{})
	s.rest()
}

func (s *scene) offered(c *simContract) workroom.CreateContract {
	return workroom.CreateContract{Contract: c.id, Who: c.client.id, Name: "Ann", Room: c.room, Title: "Work", Invitation: workroom.InvitationID(c.secret),
		Terms:      workroom.Terms{Rate: 1000, Currency: "EUR", Unlimited: true, Shots: workroom.ShotsFull, IdleMinutes: 10},
		Activities: []workroom.NewActivity{{ID: workroom.ActivityID("first-" + string(c.id)), Code: "First"}}}
}

// acts gives each op a command that will be accepted, by whom, and what goes with it; n tells one from the other.
func (s *scene) acts(op workroom.Op, n int) (*simDevice, workroom.Command, replica.EnqueueOpts) {
	id := fmt.Sprint(strings.ToLower(string(op)), "-", n)
	o := replica.EnqueueOpts{ID: id}
	now := s.now.Unix()
	week := workroom.WeekOf(s.now).String()
	slice := workroom.Slice{ID: "slice", Rev: int64(n + 1), Freelancer: s.ben.who.id, Contract: "k-scene", Device: s.ben.id, Boot: "boot", Start: s.start.Unix() + 600, End: now, Memo: "working", Kind: workroom.Tracked}
	switch op {
	case workroom.OpSendMessage:
		return s.ben, workroom.SendMessage{Room: "room-scene", Text: "words " + id}, o
	case workroom.OpEditMessage, workroom.OpDeleteMessage, workroom.OpReact, workroom.OpDeleteFile:
		u := s.ben.attach("r:room-scene", "b.txt", "text/plain", []byte("for "+id))
		m := "m-" + id
		s.ben.enqueue(workroom.SendMessage{Room: "room-scene", Text: "words for " + id, Files: []workroom.FileRef{{ID: u.ID, Name: u.Name, Size: u.Size, Type: u.Type}}},
			"", replica.EnqueueOpts{ID: m, Uploads: []replica.Upload{u}})
		s.rest()
		switch op {
		case workroom.OpEditMessage:
			return s.ben, workroom.EditMessage{Room: "room-scene", Message: m, Text: "other words for " + id}, o
		case workroom.OpDeleteMessage:
			return s.ben, workroom.DeleteMessage{Room: "room-scene", Message: m}, o
		case workroom.OpDeleteFile:
			return s.ben, workroom.DeleteFile{Room: "room-scene", File: u.ID}, o
		}
		return s.ann, workroom.React{Room: "room-scene", Message: m, Emoji: "👍", On: true}, o
	case workroom.OpUpload: // a message with a file
		u := s.ann.attach("r:room-scene", "a.txt", "text/plain", []byte(id))
		o.Uploads = []replica.Upload{u}
		return s.ann, workroom.SendMessage{Room: "room-scene", Text: "see " + id, Files: []workroom.FileRef{{ID: u.ID, Name: u.Name, Size: u.Size, Type: u.Type}}}, o
	case workroom.OpSetMarker:
		s.ids++ // always later than the one before
		return s.ann, workroom.SetMarker{Room: "room-scene", Who: s.ann.who.id, N: int64(n), E: int64(s.ids), Head: 1}, o
	case workroom.OpSetPref:
		return s.ben, workroom.SetPref{Room: "room-scene", Who: s.ben.who.id, Favourite: new(n%2 == 0)}, o
	case workroom.OpSetReceipt:
		s.ids++ // always further than the one before
		return s.ben, workroom.SetReceipt{Room: "room-scene", Who: s.ben.who.id, N: int64(s.ids)}, o
	case workroom.OpSetNote:
		return s.ben, workroom.NewNote("room-scene", s.ben.who.id, "", "a line of "+id), o
	case workroom.OpSetProfile:
		return s.ben, workroom.SetProfile{Who: s.ben.who.id, Zone: &id}, o
	case workroom.OpSetNotices:
		return s.ben, workroom.SetNotices{Who: s.ben.who.id, Off: new(n%2 == 0)}, o
	case workroom.OpSetAway:
		return s.ben, workroom.SetAway{Who: s.ben.who.id, On: new(false), Text: &id}, o
	case workroom.OpSetBookmark:
		return s.ben, workroom.SetBookmark{Room: "room-scene", Message: "m-" + id, Who: s.ben.who.id, On: true}, o
	case workroom.OpMakeReport:
		return s.ben, workroom.MakeReport{Who: s.ben.who.id, Person: s.ann.who.id, Name: "Ann", Room: "room-scene", Reason: workroom.Threats}, o
	case workroom.OpSetBlock:
		third := s.third()
		was := s.truth.Things[workroom.AccountScope(s.ann.who.id)]["block/"+string(third)]
		return s.ann, workroom.SetBlock{Who: s.ann.who.id, Other: third, Name: "cleo", On: !strings.Contains(was.Body, `"mine"`)}, o
	case workroom.OpCreateDirect:
		return s.ann, workroom.CreateDirect{Room: workroom.DirectID(s.ann.who.id, s.ben.who.id), Who: s.ann.who.id, Name: s.ann.who.name, Other: s.ben.who.id,
			OtherName: s.ben.who.name, Via: "room-scene"}, o
	case workroom.OpCreateRoom:
		return s.ann, workroom.CreateRoom{Room: workroom.RoomID("g-" + id), Who: s.ann.who.id, Name: "Room " + id, As: s.ann.who.name}, o
	case workroom.OpRenameRoom, workroom.OpArchiveRoom, workroom.OpAddMember, workroom.OpRemoveMember, workroom.OpLeaveRoom, workroom.OpSetRole, workroom.OpHandOver:
		d, c := s.inGroup(op, workroom.RoomID("g-"+id))
		return d, c, o
	case workroom.OpCreateContract:
		c := &simContract{id: workroom.ContractID(id), room: workroom.RoomID("room-" + id), secret: "s" + id, client: s.ann.who}
		return s.ann, s.offered(c), o
	case workroom.OpAskOffer, workroom.OpAcceptContract, workroom.OpDeclineContract:
		c := &simContract{id: workroom.ContractID("for-" + id), room: workroom.RoomID("room-" + id), secret: "s" + id, client: s.ann.who}
		s.ann.enqueue(s.offered(c), "", replica.EnqueueOpts{ID: string(c.id)})
		s.rest()
		if op == workroom.OpAskOffer || n%2 == 1 {
			asks := workroom.AskOffer{Contract: c.id, Room: c.room, Who: s.ben.who.id, Name: s.ben.who.name, Secret: c.secret}
			if op == workroom.OpAskOffer {
				return s.ben, asks, o
			}
			s.ben.enqueue(asks, "", replica.EnqueueOpts{})
			s.rest()
			c.secret = "" // answered from the room
		}
		if op == workroom.OpDeclineContract && n%4 == 1 { // withdrawn
			return s.ann, workroom.DeclineContract{Contract: c.id, Room: c.room, Who: s.ann.who.id}, o
		}
		if op == workroom.OpDeclineContract {
			return s.ben, workroom.DeclineContract{Contract: c.id, Who: s.ben.who.id, Secret: c.secret}, o
		}
		return s.ben, workroom.AcceptContract{Contract: c.id, Room: c.room, Who: s.ben.who.id, Name: "Ben", Secret: c.secret}, o
	case workroom.OpSetActivity:
		c := workroom.SetActivity{Contract: "k-scene", ID: "first-k-scene", Code: fmt.Sprint("Code ", n), Archived: n%2 == 1}
		switch n / 100 % 4 { // the same one on the contract, in the list as well, taken off this contract alone, in the list alone
		case 1:
			c.Who, c.Archived = s.ann.who.id, false
		case 2:
			c.Who, c.Here, c.ID = s.ann.who.id, true, workroom.ActivityID("here-"+id)
		case 3:
			c.Who, c.Contract, c.ID = s.ann.who.id, "", workroom.ActivityID("list-"+id)
		}
		return s.ann, c, o
	case workroom.OpReportSlice:
		k := uint16(n)
		return s.ben, workroom.ReportSlice{Week: week, Slice: slice, Input: []workroom.CellInput{{Device: s.ben.id, Cell: now / 600, Minutes: []workroom.Minute{{At: now / 60, Keys: &k}}}}}, o
	case workroom.OpAddShot:
		s.ben.enqueue(workroom.ReportSlice{Week: week, Slice: slice}, "", replica.EnqueueOpts{})
		s.rest()
		u := s.ben.attach("k:k-scene", "s.jpg", "image/jpeg", picture(n))
		o.Uploads = []replica.Upload{u}
		return s.ben, workroom.AddShot{Week: week, Who: s.ben.who.id, Shot: workroom.Shot{Slice: "slice", Contract: "k-scene", Device: s.ben.id, Cell: now / 600, At: now, File: u.ID, W: 8, H: 8, Displays: 1}}, o
	case workroom.OpNoteLooks: // at a picture of a device of its own, or the one before would be in the way
		slice.ID, slice.Device = "slice-"+id, "camera-"+id
		s.ben.enqueue(workroom.ReportSlice{Week: week, Slice: slice}, "", replica.EnqueueOpts{})
		shot := workroom.Shot{Slice: slice.ID, Contract: "k-scene", Device: slice.Device, Cell: now / 600, At: now, Seed: []byte{0xff, 0xd8, 0xff}}
		s.ben.enqueue(workroom.AddShot{Week: week, Who: s.ben.who.id, Shot: shot}, "", replica.EnqueueOpts{})
		s.rest()
		return s.ann, workroom.NoteLooks{Contract: "k-scene", Week: week, Who: s.ann.who.id,
			Looks: []workroom.LookAt{{Shot: workroom.CellID(slice.Device, now/600), Seen: workroom.Seen{At: now}}}}, o
	case workroom.OpMarkTime:
		s.ben.enqueue(workroom.ReportSlice{Week: week, Slice: slice}, "", replica.EnqueueOpts{})
		s.rest()
		return s.ben, workroom.MarkTime{Contract: "k-scene", Week: week, What: workroom.MarkMemo, Value: "rather " + id,
			Spans: []workroom.MarkSpan{{Slice: "slice", From: slice.Start, To: slice.Start + 60}}}, o
	case workroom.OpCutTime:
		s.ben.enqueue(workroom.ReportSlice{Week: week, Slice: slice}, "", replica.EnqueueOpts{})
		s.rest()
		return s.ben, workroom.CutTime{Contract: "k-scene", Week: week, From: slice.Start + int64(n%10)*10, To: slice.Start + int64(n%10)*10 + 10}, o
	case workroom.OpAddTime: // on a contract with oneself that allows it
		k := workroom.ContractID("own-" + id)
		own := s.offered(&simContract{id: k, room: workroom.RoomID("room-" + id), client: s.ben.who})
		own.Self, own.Invitation, own.Terms.Manual = true, "", true
		s.ben.enqueue(own, "", replica.EnqueueOpts{ID: string(k)})
		from := now / 60 * 60
		s.rest()
		return s.ben, workroom.AddTime{Contract: k, Week: workroom.WeekOf(time.Unix(from, 0)).String(), Who: s.ben.who.id,
			Entries: []workroom.ManualEntry{{ID: "entry-" + id, From: from, To: from + 60, Memo: "by hand"}}}, o
	case workroom.OpSetLease:
		return s.ben, workroom.SetLease{Who: s.ben.who.id, Device: s.ben.id, Since: now * 1000}, o
	case workroom.OpChangeTerms:
		return s.ann, workroom.ChangeTerms{Contract: "k-scene", Week: week, Limit: new(int64(3600 * (1 + n%40))), Manual: new(n%2 == 0)}, o
	case workroom.OpLowerRate:
		return s.ann, workroom.LowerRate{Contract: "k-scene", Act: workroom.RateAsk, Rate: 1 + int64(n%500)}, o
	case workroom.OpPauseContract, workroom.OpEndContract: // a contract with oneself, or nothing could be tracked on the other any more
		k := workroom.ContractID("own-" + id)
		own := s.offered(&simContract{id: k, room: workroom.RoomID("room-" + id), client: s.ben.who})
		own.Self, own.Invitation = true, ""
		s.ben.enqueue(own, "", replica.EnqueueOpts{ID: string(k)})
		s.rest()
		if op == workroom.OpEndContract {
			return s.ben, workroom.EndContract{Contract: k, Week: week, Reason: workroom.EndDone}, o
		}
		return s.ben, workroom.PauseContract{Contract: k, Week: week, On: true}, o
	case workroom.OpApproveTime, workroom.OpDisputeWeek: // of long ago, in a week of its own
		w := workroom.WeekOf(s.now.AddDate(0, 0, -7*(400+n)))
		old := slice
		old.ID, old.Start, old.End, old.Flags = "slice-"+id, w.Start().Unix(), w.Start().Unix()+600, []string{workroom.FlagLate}
		s.operate("late work of long ago", s.ben.who.id, []workroom.Change{
			{Ref: workroom.Ref{Scope: workroom.DiaryScope("k-scene", w.String()), Kind: workroom.KindSlice, ID: old.ID}, Thing: &old},
			{Ref: workroom.Ref{Scope: workroom.ContractScope("k-scene"), Kind: workroom.KindWeek, ID: w.String()}, Thing: &workroom.WeekMark{}},
		})
		s.rest()
		if op == workroom.OpDisputeWeek {
			return s.ben, workroom.DisputeWeek{Contract: "k-scene", Week: w.String(), Act: workroom.DisputeBegin, Text: "words of " + id}, o
		}
		return s.ann, workroom.ApproveTime{Contract: "k-scene", Week: w.String(), Of: []workroom.Interval{{From: old.Start, To: old.End}}}, o
	case workroom.OpCloseWeek: // of long ago, as if there had been work
		w := workroom.WeekOf(s.now.AddDate(0, 0, -7*(10+n)))
		old := slice
		old.ID, old.Start, old.End = "slice-"+id, w.Start().Unix(), w.Start().Unix()+600
		s.operate("work of long ago", s.ben.who.id, []workroom.Change{
			{Ref: workroom.Ref{Scope: workroom.DiaryScope("k-scene", w.String()), Kind: workroom.KindSlice, ID: old.ID}, Thing: &old},
			{Ref: workroom.Ref{Scope: workroom.ContractScope("k-scene"), Kind: workroom.KindWeek, ID: w.String()}, Thing: &workroom.WeekMark{}},
		})
		s.rest()
		return s.ann, workroom.CloseWeek{Contract: "k-scene", Week: w.String()}, o
	}
	s.t.Fatalf("%s is new: give T9 a command of it", op)
	return nil, nil, o
}

// third is the account of somebody else, with whom nobody has a contract.
func (s *scene) third() workroom.AccountID {
	if len(s.people) < 3 {
		s.people = append(s.people, &simPerson{name: "cleo", email: "cleo@example.com"})
		s.join(s.people[2])
		s.rest()
	}
	return s.people[2].id
}

// inGroup is a command about a group room of ann's in which ben is, unless he is to be added.
func (s *scene) inGroup(op workroom.Op, room workroom.RoomID) (*simDevice, workroom.Command) {
	ben := s.ben.who.id
	add := workroom.AddMember{Room: room, Who: ben, Name: s.ben.who.name, Via: "room-scene", Whole: op == workroom.OpLeaveRoom}
	s.ann.enqueue(workroom.CreateRoom{Room: room, Who: s.ann.who.id, Name: "Group", As: s.ann.who.name}, "", replica.EnqueueOpts{})
	s.rest()
	if op == workroom.OpAddMember {
		return s.ann, add
	}
	s.ann.enqueue(add, "", replica.EnqueueOpts{})
	s.rest()
	switch op {
	case workroom.OpRenameRoom:
		return s.ann, workroom.RenameRoom{Room: room, Name: "Another"}
	case workroom.OpArchiveRoom:
		return s.ann, workroom.ArchiveRoom{Room: room, Archived: true}
	case workroom.OpRemoveMember:
		return s.ann, workroom.RemoveMember{Room: room, Who: ben}
	case workroom.OpLeaveRoom:
		return s.ben, workroom.LeaveRoom{Room: room, Who: ben}
	case workroom.OpSetRole:
		return s.ann, workroom.SetRole{Room: room, Who: ben, Role: workroom.Admin}
	}
	return s.ann, workroom.HandOver{Room: room, Who: ben}
}

// timeless takes out of a body what the service stamps with its own clock or counter.
func timeless(kind workroom.Kind, body string) any {
	var m map[string]any
	if json.Unmarshal([]byte(body), &m) != nil {
		return body
	}
	for _, k := range []string{"made", "since", "started", "ended", "expires", "archived", "edited", "deleted", "left", "mine", "theirs"} {
		if v, ok := m[k]; ok {
			m[k] = v != 0.0
		}
	}
	switch kind {
	case workroom.KindMessage, workroom.KindFile, workroom.KindNote, workroom.KindReport, workroom.KindMark, workroom.KindSeal, workroom.KindTurn, workroom.KindAdjustment, workroom.KindDispute:
		delete(m, "at")
	}
	texts, _ := m["texts"].([]any)
	for _, x := range texts {
		if x, ok := x.(map[string]any); ok {
			delete(x, "at")
		}
	}
	files, _ := m["files"].([]any)
	for _, f := range files {
		if f, ok := f.(map[string]any); ok && f["deleted"] != nil {
			f["deleted"] = true
		}
	}
	if kind == workroom.KindWeek {
		delete(m, "seq")
	}
	if kind == workroom.KindGrant { // which right it is, and from where it opens, are the service's to say
		delete(m, "gen")
		delete(m, "from_born")
	}
	return m
}

// told is what a rule changes, by ref.
func told(list []workroom.Change) map[string]any {
	out := map[string]any{}
	for _, c := range list {
		if c.Thing == nil {
			out[c.Ref.String()] = nil
			continue
		}
		b, _ := workroom.Encode(c.Thing)
		out[c.Ref.String()] = timeless(c.Ref.Kind, string(b))
	}
	return out
}

// TestT9_EveryOp does each op in three states: the first thing there is, after some other acts, and once more.
func TestT9_EveryOp(t *testing.T) {
	rounds := Size(1, 1, 1, 50)
	ops := slices.Sorted(maps.Keys(workroom.Ops))
	done, compared := 0, 0
	for round := range rounds {
		dir := simDir(t)
		synctest.Test(t, func(t *testing.T) {
			s := newScene(t, uint64(round+1), dir)
			defer s.end()
			s.hire()
			s.until(s.start.Add(20 * time.Minute))
			for state := range 3 {
				for i, op := range ops {
					if state == 1 {
						for range 3 + s.rng.IntN(3) { // other acts lie between
							d, c, o := s.acts(ops[s.rng.IntN(len(ops))], 1000+100*round+s.dice.n)
							d.enqueue(c, "", o)
						}
						s.rest()
					}
					compared += s.one(op, 1+state*100+i)
					done++
				}
			}
			s.same()
		})
	}
	Report(t, "T9", "%d ops in 3 states, %d rounds: %d acts, %d rows compared", len(ops), rounds, done, compared)
}

// one does one act and compares its three faces: effect, acked row, row at the service.
func (s *scene) one(op workroom.Op, n int) (compared int) {
	d, c, o := s.acts(op, n)
	if m, ok := c.(workroom.SendMessage); ok && m.Above == 0 { // else the desktop fills it in
		m.Above = 1
		c = m
	}
	asked := workroom.Asked{ID: o.ID, By: d.who.id, Device: d.id, At: s.now}
	there, twice := s.over(c, asked, TruthRows{s.truth}), s.over(c, asked, TruthRows{s.truth})
	here := s.over(c, asked, newFold(d.look))
	if !reflect.DeepEqual(there, twice) {
		s.t.Errorf("%s: the rule says another thing the second time", op)
	}
	waiting := workroom.Ops[c.Op()].Class == workroom.Waiting
	if !waiting && !reflect.DeepEqual(there, here) {
		s.t.Errorf("%s: over the copy the rule says\n%v\nover the service's rows\n%v", op, here, there)
	}
	id, err := d.rep.Enqueue(simCtx, c, o)
	s.must("enqueue "+string(op), err)
	rows, err := d.look.Waiting()
	s.must("read the outbox", err)
	at := slices.IndexFunc(rows, func(r outbox.Row) bool { return r.ID == id })
	effects, err := d.look.Effects()
	s.must("read effects", err)
	names := map[int64]workroom.Scope{}
	list, err := d.look.Names()
	s.must("read scopes", err)
	for _, x := range list {
		h, err := d.look.Scope(x)
		s.must("read scopes", err)
		names[h.SC] = x
	}
	shown := map[string]any{}
	for _, e := range effects {
		if e.N == rows[at].N {
			ref := workroom.Ref{Scope: names[e.SC], Kind: workroom.Kind(e.Kind), ID: e.ID}
			shown[ref.String()] = timeless(ref.Kind, e.Body)
			if e.Gone {
				shown[ref.String()] = nil
			}
		}
	}
	if waiting && len(shown) > 0 {
		s.t.Errorf("%s: shown as done while it waits: %v", op, shown)
	}
	if !waiting && !reflect.DeepEqual(shown, here) {
		s.t.Errorf("%s: the copy shows\n%v\nthe rule says\n%v", op, shown, here)
	}
	s.rest()
	for ref, want := range there {
		p := strings.SplitN(ref, "/", 3)
		r, ok := s.truth.Things[workroom.Scope(p[0])][p[1]+"/"+p[2]]
		if !ok || r.Gone != (want == nil) || want != nil && !reflect.DeepEqual(timeless(r.Kind, r.Body), want) {
			s.t.Errorf("%s: %s is at the service\n%v\nthe rule said\n%v", op, ref, timeless(r.Kind, r.Body), want)
		}
		if right, may := s.truth.Rights[d.who.id][workroom.Scope(p[0]).Root()]; may && !right.Gone {
			h, err := d.look.Scope(workroom.Scope(p[0]))
			s.must("read a scope", err)
			if x := h.Rows[p[1]+"/"+p[2]]; x.Seq != r.Seq || !sameText(x.Body, r.Body) {
				s.t.Errorf("%s: %s is here at %d, at the service at %d", op, ref, x.Seq, r.Seq)
			}
		}
		compared++
	}
	if len(there) == 0 {
		s.t.Errorf("%s changes nothing", op)
	}
	return compared
}

func (s *scene) over(c workroom.Command, a workroom.Asked, in workroom.Rows) map[string]any {
	list, no := workroom.Run(c, a, in)
	if no != nil {
		s.t.Fatalf("%s is refused: %s", c.Op(), no.Text)
	}
	return told(list)
}

// same compares a copy that pulled all along, one that opens everything now, and the service.
func (s *scene) same() {
	ann, ben := s.join(s.ann.who), s.join(s.ben.who)
	s.rest()
	for _, x := range [][2]*simDevice{{s.ann, ann}, {s.ben, ben}} {
		for _, d := range x {
			v, err := CheckI9Convergence(d.look, s.truth)
			s.must("compare", err)
			if len(v) > 0 {
				s.t.Errorf("%s:\n%s", d.name, words(v))
			}
		}
		names, err := x[0].look.Names()
		s.must("compare", err)
		for _, n := range names {
			a, err := x[0].look.Scope(n)
			s.must("compare", err)
			b, err := x[1].look.Scope(n)
			s.must("compare", err)
			if a.State != replica.Whole {
				continue // only named by a command
			}
			if b == nil || a.State != b.State {
				s.t.Errorf("%s: held here and not there", n)
				continue
			}
			for k, r := range a.Rows {
				if o, ok := b.Rows[k]; !r.Gone && (!r.Kind.Dated() || b.In(r.Born)) && (!ok || o != r) {
					s.t.Errorf("%s %s: pulled %+v, opened %+v", n, k, r, o)
				}
			}
		}
	}
}

// TestI17_CompactionLaw keeps the state of a room at every number, compacts, and asks from each of them: what is answered,
// laid over that state, is the state now; or the service says to open anew.
func TestI17_CompactionLaw(t *testing.T) {
	cuts, resets := 0, 0
	dir := simDir(t)
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, 7, dir)
		defer s.end()
		s.hire()
		scope := workroom.RoomScope(s.c.room)
		states := map[int64]map[string]Row{}
		keep := func() { states[s.truth.Heads[scope].Seq] = maps.Clone(s.truth.Things[scope]) }
		keep()
		for i := range 40 {
			if i%3 == 2 {
				var live []string
				for k, r := range s.truth.Things[scope] {
					if r.Kind == workroom.KindMessage && !r.Gone {
						live = append(live, k)
					}
				}
				slices.Sort(live)
				r := s.truth.Things[scope][live[s.rng.IntN(len(live))]]
				s.operate("delete a message", r.By, []workroom.Change{{Ref: workroom.Ref{Scope: scope, Kind: r.Kind, ID: r.ID}}})
			} else {
				s.ann.say(s.c)
				s.rest()
			}
			keep()
			if i == 25 { // what is deleted until now is purged, the rest not
				s.must("compact", s.svc.Compact(context.Background(), s.now.Add(90*24*time.Hour)))
				s.until(s.now.Add(24 * time.Hour))
			}
		}
		s.must("compact", s.svc.Compact(context.Background(), s.now.Add(90*24*time.Hour-time.Hour)))
		fresh, err := OpenTruth(s.dbPath())
		s.must("read the service's database", err)
		defer fresh.Close()
		if fresh.Heads[scope].Floor == 0 {
			t.Error("nothing was compacted")
		}
		gen := s.truth.Rights[s.ann.who.id][scope].Gen
		for _, c := range slices.Sorted(maps.Keys(states)) {
			cuts++
			have := maps.Clone(states[c])
			p := wire.Pull{Scope: scope, Epoch: s.truth.Epoch, Gen: gen, After: c, Tag: s.truth.Tags[scope][c], Limit: 2}
			for more := true; more; {
				page, err := s.ann.client().Pull(simCtx, p)
				s.must("pull", err)
				if page.Reset != "" {
					resets++
					have = nil
					break
				}
				for _, x := range page.Things {
					have[string(x.Kind)+"/"+x.ID] = Row{Kind: x.Kind, ID: x.ID, Seq: x.Seq, Born: x.Born, Rev: x.Rev, Num: x.Num, Gone: x.Gone, By: x.By, At: x.At, Body: string(x.Body)}
				}
				p.After, p.Tag, more = page.Seq, page.Tag, page.More
			}
			if have == nil {
				continue
			}
			if v := CheckI17Compaction(scope, c, have, fresh.Things[scope]); len(v) > 0 {
				t.Error(words(v))
			}
		}
	})
	if resets == 0 || resets == cuts {
		t.Errorf("%d of %d cuts are answered by a reset", resets, cuts)
	}
	Report(t, "T9", "compaction law: %d cuts, %d of them before the floor", cuts, resets)
}
