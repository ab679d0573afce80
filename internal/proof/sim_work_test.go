package proof

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"strings"
	"time"

	"trestle/internal/courier"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// work lets one person do one thing.
func (w *simWorld) work() {
	var on []*simDevice
	for _, d := range w.devs {
		if d.on && !d.broke {
			on = append(on, d)
		}
	}
	if len(on) == 0 {
		return
	}
	d := on[w.rng.IntN(len(on))]
	if w.chance(0.3) {
		w.aim()
		return
	}
	c := w.contractOf(d)
	switch n := w.rng.IntN(100); {
	case c == nil || n < 5:
		d.offer()
	case n < 9:
		d.answerOffer()
	case n < 29:
		d.say(c)
	case n < 37:
		d.change(c)
	case n < 42:
		d.mark(c)
	case n < 50:
		d.correct(c)
	case n < 52:
		d.enqueue(workroom.SetPref{Room: c.room, Who: d.who.id, Favourite: new(w.chance(0.5))}, "", replica.EnqueueOpts{})
	case n < 55:
		d.label(c)
	case n < 62:
		d.track(c)
	case n < 76:
		d.together(c)
	case n < 80:
		d.shoot(c)
	case n < 88:
		d.decide()
	case n < 91:
		d.reword()
	case n < 94:
		d.older(c)
	case n < 96:
		w.keepBackup()
	case n < 97 && len(w.devs) < 5:
		if w.svc != nil {
			w.join(d.who)
			w.count("devices signed in")
		}
	case n < 99:
		d.step(courier.Watch(workroom.RoomScope(c.room), workroom.ContractScope(c.id)))
	default:
		d.step(courier.Sync())
	}
}

// contractOf picks a contract that a device's person is part of, as far as they know.
func (w *simWorld) contractOf(d *simDevice) *simContract {
	var list []*simContract
	for _, c := range w.contracts {
		if (c.client == d.who || c.freelancer == d.who) && (c.made == d || d.cursors[workroom.ContractScope(c.id)].Hold == replica.Whole || w.chance(0.05)) {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list[w.rng.IntN(len(list))]
}

// enqueue does something on a device and remembers that it was told it is safe.
func (d *simDevice) enqueue(c workroom.Command, text string, o replica.EnqueueOpts) string {
	w := d.w
	if o.ID == "" {
		o.ID = w.newID("c")
	}
	id, err := d.rep.Enqueue(simCtx, c, o)
	var no *workroom.Refusal
	switch {
	case errors.As(err, &no):
		w.count("refused at once")
		d.note(Event{Kind: "refused", Op: string(c.Op()), ID: o.ID, Status: string(no.Code)})
		return ""
	case d.broke:
		d.note(Event{Kind: "lost", Op: string(c.Op()), ID: o.ID})
		return ""
	}
	w.must("enqueue "+string(c.Op()), err)
	w.count("acts")
	d.note(Event{Kind: "did", Op: string(c.Op()), ID: id, Lane: c.Lane()})
	k := &simKept{op: c.Op(), lane: c.Lane(), text: text, after: o.After, about: aboutOf(c, id)}
	d.kept[id] = k
	for _, u := range o.Uploads {
		d.kept[string(u.ID)] = &simKept{op: workroom.OpUpload, file: u.ID}
		k.after = append(k.after, string(u.ID))
	}
	d.places()
	return id
}

// places learns where each row stands, and which new id stands for an old one.
func (d *simDevice) places() {
	rows, err := d.look.Waiting()
	d.w.must("read the outbox", err)
	at := map[int64]string{}
	for id, k := range d.kept {
		if k.pos != 0 {
			at[k.pos] = id
		}
	}
	for _, r := range rows {
		if k := d.kept[r.ID]; k != nil {
			k.pos = r.Pos
		} else if old, ok := at[r.Pos]; ok && !slices.ContainsFunc(rows, func(x outbox.Row) bool { return x.ID == old }) {
			d.kept[r.ID] = d.kept[old]
			d.kept[r.ID].again = d.kept[old].again || d.w.ever[string(d.who.id)+" "+old]
			delete(d.kept, old)
			for _, k := range d.kept {
				if i := slices.Index(k.after, old); i >= 0 {
					k.after[i] = r.ID
				}
			}
		}
	}
}

func (d *simDevice) offer() {
	if len(d.w.contracts) < 8 {
		d.offerTo(d.w.chance(0.4))
	}
}

// mostContracts is how many contracts a run has, those made on purpose included.
const mostContracts = 14

// offerTo offers a contract to whoever answers it, or makes one with oneself.
func (d *simDevice) offerTo(self bool) bool {
	w := d.w
	if len(w.contracts) >= mostContracts {
		return false
	}
	c := &simContract{id: workroom.ContractID(w.newID("k")), room: workroom.RoomID(w.newID("room")), secret: w.newID("secret"), client: d.who, made: d, manual: w.chance(0.5)}
	x := workroom.CreateContract{Contract: c.id, Who: d.who.id, Name: d.who.name, Room: c.room, Title: "Work " + string(c.id), Self: self,
		Terms: workroom.Terms{Rate: 1000, Currency: "EUR", Unlimited: true, Shots: workroom.ShotsFull, Manual: c.manual, IdleMinutes: 10}}
	if x.Self {
		c.freelancer = d.who
	} else {
		x.Invitation = workroom.InvitationID(c.secret)
	}
	if w.chance(0.5) {
		a := workroom.ActivityID(w.newID("act"))
		x.Activities = []workroom.NewActivity{{ID: a, Code: "A" + string(a)}}
		c.activities = append(c.activities, a)
	}
	if d.enqueue(x, "", replica.EnqueueOpts{ID: string(c.id)}) == "" {
		return false
	}
	w.contracts = append(w.contracts, c)
	return true
}

// answerOffer accepts or declines an offer of somebody else, whose link one has.
func (d *simDevice) answerOffer() {
	w := d.w
	for _, c := range w.contracts {
		if c.client == d.who || c.freelancer != nil {
			continue
		}
		if w.chance(0.75) {
			c.freelancer = d.who
			d.enqueue(workroom.AcceptContract{Contract: c.id, Room: c.room, Who: d.who.id, Name: d.who.name, Secret: c.secret}, "", replica.EnqueueOpts{})
		} else {
			c.freelancer = d.who
			d.enqueue(workroom.DeclineContract{Contract: c.id, Who: d.who.id, Secret: c.secret}, "", replica.EnqueueOpts{})
		}
		return
	}
}

func (d *simDevice) say(c *simContract) { d.send(c, d.w.chance(0.15)) }

// send says something, with a file or without.
func (d *simDevice) send(c *simContract, file bool) {
	w := d.w
	id := w.newID("m")
	text := "words of " + id
	if w.chance(0.1) {
		text += strings.Repeat(" and more", w.rng.IntN(400))
	}
	o := replica.EnqueueOpts{ID: id, ClearDraft: c.room}
	x := workroom.SendMessage{Room: c.room, Text: text}
	if file {
		u := d.attach(workroom.RoomScope(c.room), "notes.txt", "text/plain", []byte("bytes of "+id))
		o.Uploads = []replica.Upload{u}
		x.Files = []workroom.FileRef{{ID: u.ID, Name: u.Name, Size: u.Size, Type: u.Type}}
	}
	d.enqueue(x, text, o)
}

// change edits, deletes or marks with an emoji a message that stands in a room, one's own mostly; also one that waits, as far as a rule lets.
func (d *simDevice) change(c *simContract) {
	w := d.w
	win, err := d.rep.Window(simCtx, workroom.RoomScope(c.room), workroom.KindMessage, 0, 30)
	w.must("read a room", err)
	var list []replica.Row
	for _, r := range win.Rows {
		if m, ok := r.Thing.(*workroom.Message); ok && m.Deleted == 0 && (m.Author == d.who.id || w.chance(0.3)) {
			list = append(list, r)
		}
	}
	if len(list) == 0 {
		d.say(c)
		return
	}
	var x workroom.Command
	row := list[w.rng.IntN(len(list))]
	id := row.ID
	if files := row.Thing.(*workroom.Message).Files; len(files) > 0 && w.chance(0.3) {
		d.enqueue(workroom.DeleteFile{Room: c.room, File: files[w.rng.IntN(len(files))].ID}, "", replica.EnqueueOpts{})
		return
	}
	switch w.rng.IntN(4) {
	case 0:
		x = workroom.EditMessage{Room: c.room, Message: id, Text: "other words of " + id + strings.Repeat("!", w.rng.IntN(4))}
	case 1:
		x = workroom.DeleteMessage{Room: c.room, Message: id}
	default:
		x = workroom.React{Room: c.room, Message: id, Emoji: []string{"👍", "🎉", "❤️"}[w.rng.IntN(3)], On: w.chance(0.7)}
	}
	d.enqueue(x, "", replica.EnqueueOpts{})
}

func (d *simDevice) attach(s workroom.Scope, name, kind string, b []byte) replica.Upload {
	sha, size, err := d.blobs.Put(bytes.NewReader(b))
	d.w.must("keep bytes", err)
	parts, err := d.blobs.Parts(sha)
	d.w.must("hash bytes", err)
	return replica.Upload{ID: workroom.FileID(d.w.newID("f")), Scope: s, Name: name, Size: size, Type: kind, SHA: sha, Parts: parts}
}

func (d *simDevice) mark(c *simContract) {
	w := d.w
	h := d.cursors[workroom.RoomScope(c.room)]
	row, known, err := d.rep.Thing(simCtx, workroom.Ref{Scope: workroom.AccountScope(d.who.id), Kind: workroom.KindMarker, ID: string(c.room)})
	w.must("read the marker", err)
	x := workroom.SetMarker{Room: c.room, Who: d.who.id, N: h.Msgs, Head: h.Msgs, E: 1}
	if known == workroom.Held {
		if m, ok := row.Thing.(*workroom.Marker); ok {
			x.E = m.E
		}
	}
	switch w.rng.IntN(5) {
	case 0:
		x.E, x.N = x.E+1, max(0, h.Msgs-2) // mark unread
	case 1:
		x.N = max(0, h.Msgs-1) // an older window
	}
	d.enqueue(x, "", replica.EnqueueOpts{})
}

func (d *simDevice) label(c *simContract) {
	w := d.w
	a := workroom.ActivityID("")
	if len(c.activities) > 0 && w.chance(0.6) {
		a = c.activities[w.rng.IntN(len(c.activities))]
	} else {
		a = workroom.ActivityID(w.newID("act"))
		c.activities = append(c.activities, a)
	}
	d.enqueue(workroom.SetActivity{Contract: c.id, ID: a, Code: fmt.Sprint("CODE", w.rng.IntN(6)), Archived: w.chance(0.2)}, "", replica.EnqueueOpts{})
}

// track reports a stretch of time, a new one or the one that is open.
func (d *simDevice) track(c *simContract) {
	w := d.w
	now := d.clock().Unix()
	s := d.slice[c.id]
	if s == nil || w.chance(0.2) || s.Close != "" || now < s.Start {
		s = &workroom.Slice{ID: w.newID("s"), Freelancer: d.who.id, Contract: c.id, Device: d.id, Boot: fmt.Sprint("boot", d.boot), Start: now - int64(w.rng.IntN(60)), Memo: "working", Kind: workroom.Tracked}
		if len(c.activities) > 0 && w.chance(0.3) {
			s.Activity = c.activities[0]
		}
		d.slice[c.id] = s
	}
	s.Rev++
	s.End = max(s.End, now)
	if w.chance(0.15) {
		s.Close = workroom.CloseStop
	}
	x := workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), Slice: *s}
	if w.chance(0.5) {
		n := uint16(w.rng.IntN(50))
		x.Input = []workroom.CellInput{{Device: d.id, Cell: now / 600, Minutes: []workroom.Minute{{At: now / 60, Keys: &n, Clicks: &n}}}}
	}
	d.enqueue(x, "", replica.EnqueueOpts{})
}

func (d *simDevice) shoot(c *simContract) {
	w := d.w
	s := d.slice[c.id]
	if s == nil {
		d.track(c)
		return
	}
	at := s.End
	x := workroom.AddShot{Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), Who: d.who.id,
		Shot: workroom.Shot{Slice: s.ID, Contract: c.id, Device: d.id, Cell: at / 600, At: at}}
	o := replica.EnqueueOpts{}
	if w.chance(0.6) {
		u := d.attach(workroom.ContractScope(c.id), "shot.jpg", "image/jpeg", picture(w.rng.IntN(200)))
		o.Uploads = []replica.Upload{u}
		x.Shot.File, x.Shot.W, x.Shot.H, x.Shot.Displays = u.ID, 8, 8, 1
	} else {
		x.Shot.Reason = workroom.ShotLocked
	}
	d.enqueue(x, "", o)
}

func picture(shade int) []byte {
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		m.Pix[i] = color.Gray{Y: uint8(shade)}.Y
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, nil) // into memory
	return b.Bytes()
}

// decide is the person's word on something in Not sent.
func (d *simDevice) decide() {
	w := d.w
	list, err := d.rep.NotSent(simCtx)
	w.must("read Not sent", err)
	if len(list) == 0 {
		return
	}
	x := list[w.rng.IntN(len(list))]
	switch w.rng.IntN(3) {
	case 0:
		err = d.rep.Discard(simCtx, x.ID)
		if err == nil {
			delete(d.kept, x.ID)
			w.count("discarded")
		}
		d.note(Event{Kind: "did", Op: "discard", ID: x.ID})
	case 1:
		m, ok := x.Command.(workroom.SendMessage)
		if !ok {
			return
		}
		m.Text += " again"
		_, err = d.rep.EditArgs(simCtx, x.ID, m, x.After)
		d.note(Event{Kind: "did", Op: "edit", ID: x.ID})
		if k := d.kept[x.ID]; err == nil && k != nil {
			k.text = m.Text
			w.count("edited")
		}
	default:
		_, err = d.rep.Retry(simCtx, x.ID)
		d.note(Event{Kind: "did", Op: "retry", ID: x.ID})
		if err == nil {
			w.count("retried")
		}
	}
	d.said(err)
	d.places()
}

// reword changes a message that has not gone yet, or takes it back.
func (d *simDevice) reword() {
	w := d.w
	list, err := d.rep.Waiting(simCtx)
	w.must("read the outbox", err)
	for _, x := range list {
		m, ok := x.Command.(workroom.SendMessage)
		if !ok || w.chance(0.3) {
			continue
		}
		if w.chance(0.3) {
			err = d.rep.Discard(simCtx, x.ID)
			if err == nil {
				delete(d.kept, x.ID)
			}
		} else {
			m.Text += " reworded"
			_, err = d.rep.EditArgs(simCtx, x.ID, m, x.After)
			if k := d.kept[x.ID]; err == nil && k != nil {
				k.text = m.Text
			}
		}
		d.note(Event{Kind: "did", Op: "reword", ID: x.ID})
		d.said(err)
		return
	}
}

// said takes in the answer to something a person did: a refusal is an answer too.
func (d *simDevice) said(err error) {
	var no *workroom.Refusal
	if err != nil && !errors.As(err, &no) && !d.broke {
		d.w.must("do what a person wants", err)
	}
}

// older brings older messages of a room, with the answer on its way for a while.
func (d *simDevice) older(c *simContract) {
	w := d.w
	s := workroom.RoomScope(c.room)
	want, more, err := d.rep.BeginHistory(simCtx, s)
	if d.broke {
		return
	}
	w.must("ask for history", err)
	if !more {
		return
	}
	w.answerDelay = 0
	out, err := d.client().Range(simCtx, wire.Range{Scope: s, Before: want.Before, Limit: 1 + w.rng.IntN(10), Min: want.Min})
	h := replica.History{Want: want, Failed: err != nil}
	if err == nil {
		h.RangeOut = *out
	}
	life := d.life
	w.count("ranges")
	w.after(w.span(time.Millisecond, 3*time.Second)+w.answerDelay, func() {
		if !d.on || d.life != life {
			return
		}
		if w.faulty && w.cfg.faults["failpoint"] && w.chance(0.2) {
			d.armed = "replica." + replica.PointHistory
		}
		err := d.rep.Apply(simCtx, h)
		if !d.broke {
			w.must("store history", err)
		}
		d.note(Event{Kind: "stored", Op: "range", Scope: string(s)})
	})
}
