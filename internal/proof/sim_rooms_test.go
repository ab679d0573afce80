package proof

import (
	"fmt"
	"time"

	"trestle/internal/courier"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// maxTogether is how many rooms of people a run has.
const maxTogether = 5

// together lets a person do something in the rooms of people, or with what an account keeps for itself.
func (d *simDevice) together(c *simContract) {
	w := d.w
	if len(w.rooms) == 0 || len(w.rooms) < maxTogether && w.chance(0.1) {
		d.makeRoom(c)
		return
	}
	r := &simContract{room: w.rooms[w.rng.IntN(len(w.rooms))]}
	other := w.people[w.rng.IntN(len(w.people))]
	switch w.rng.IntN(25) {
	case 21:
		d.bookmark(c)
	case 0, 1, 2:
		d.enqueue(workroom.AddMember{Room: r.room, Who: other.id, Name: other.name, Via: c.room, Whole: w.chance(0.5)}, "", replica.EnqueueOpts{})
	case 3:
		d.enqueue(workroom.RemoveMember{Room: r.room, Who: other.id}, "", replica.EnqueueOpts{})
	case 4:
		d.enqueue(workroom.LeaveRoom{Room: r.room, Who: d.who.id}, "", replica.EnqueueOpts{})
	case 5:
		role := workroom.Admin
		if w.chance(0.4) {
			role = workroom.Writer
		}
		d.enqueue(workroom.SetRole{Room: r.room, Who: other.id, Role: role}, "", replica.EnqueueOpts{})
	case 6:
		d.enqueue(workroom.HandOver{Room: r.room, Who: other.id}, "", replica.EnqueueOpts{})
	case 7:
		d.enqueue(workroom.RenameRoom{Room: r.room, Name: "Room " + w.newID("n")}, "", replica.EnqueueOpts{})
	case 8:
		d.enqueue(workroom.ArchiveRoom{Room: r.room, Archived: w.chance(0.3)}, "", replica.EnqueueOpts{})
	case 9:
		d.enqueue(workroom.SetBlock{Who: d.who.id, Other: other.id, Name: other.name, On: w.chance(0.3)}, "", replica.EnqueueOpts{})
	case 10, 11:
		d.jot(c)
	case 12:
		d.enqueue(workroom.SetReceipt{Room: c.room, Who: d.who.id, N: d.cursors[workroom.RoomScope(c.room)].Msgs}, "", replica.EnqueueOpts{})
	case 13:
		d.enqueue(workroom.SetNotices{Who: d.who.id, Off: new(w.chance(0.5))}, "", replica.EnqueueOpts{})
	case 14:
		d.leave()
	case 15:
		d.enqueue(workroom.MakeReport{Who: d.who.id, Person: other.id, Name: other.name, Room: c.room, Reason: workroom.Scam}, "", replica.EnqueueOpts{})
	case 16:
		level := []workroom.Level{workroom.LevelAll, workroom.LevelMentions, workroom.LevelNone}[w.rng.IntN(3)]
		d.enqueue(workroom.SetPref{Room: r.room, Who: d.who.id, Level: &level, Hidden: new(w.chance(0.5))}, "", replica.EnqueueOpts{})
	case 17:
		d.enqueue(workroom.SetProfile{Who: d.who.id, Presence: new(w.chance(0.5)), Receipts: new(w.chance(0.8))}, "", replica.EnqueueOpts{})
	case 18:
		d.mark(r)
	case 19:
		d.step(courier.Watch(workroom.RoomScope(r.room), workroom.ReceiptScope(c.room)))
	case 20:
		d.change(r)
	default:
		d.say(r)
	}
}

// bookmark keeps a message that is on the page, or keeps it no longer.
func (d *simDevice) bookmark(c *simContract) {
	win, err := d.rep.Window(simCtx, workroom.RoomScope(c.room), workroom.KindMessage, 0, 8)
	d.w.must("read a room", err)
	if len(win.Rows) > 0 {
		m := win.Rows[d.w.rng.IntN(len(win.Rows))].ID
		d.enqueue(workroom.SetBookmark{Room: c.room, Message: m, Who: d.who.id, On: d.w.chance(0.6)}, "", replica.EnqueueOpts{})
	}
}

// makeRoom makes a group, or the direct room of two of a contract, whoever of them makes it first.
func (d *simDevice) makeRoom(c *simContract) {
	w := d.w
	if c.freelancer != nil && c.client != c.freelancer && w.chance(0.5) {
		other := c.client
		if other == d.who {
			other = c.freelancer
		}
		id := workroom.DirectID(d.who.id, other.id)
		d.enqueue(workroom.CreateDirect{Room: id, Who: d.who.id, Name: d.who.name, Other: other.id, OtherName: other.name, Via: c.room}, "", replica.EnqueueOpts{})
		w.rooms = append(w.rooms, id)
		return
	}
	id := workroom.RoomID(w.newID("group"))
	if d.enqueue(workroom.CreateRoom{Room: id, Who: d.who.id, Name: "Group " + string(id), As: d.who.name}, "", replica.EnqueueOpts{ID: w.newID("c")}) != "" {
		w.rooms = append(w.rooms, id)
	}
}

// jot writes a line into the notepad of a room, over what this device shows of it.
func (d *simDevice) jot(c *simContract) {
	base := ""
	row, known, err := d.rep.Thing(simCtx, workroom.Ref{Scope: workroom.AccountScope(d.who.id), Kind: workroom.KindNote, ID: string(c.room)})
	d.w.must("read a notepad", err)
	if n, ok := row.Thing.(*workroom.Note); ok && known == workroom.Held {
		base = n.Text
	}
	text := base + "a line of " + d.w.newID("l") + "\n"
	if d.w.chance(0.2) {
		text = "anew: " + d.w.newID("l") + "\n"
	}
	d.enqueue(workroom.NewNote(c.room, d.who.id, base, text), "", replica.EnqueueOpts{})
}

// leave switches the person's responder on for a while, or off.
func (d *simDevice) leave() {
	x := workroom.SetAway{Who: d.who.id, On: new(false)}
	if d.w.chance(0.6) {
		now := d.w.now
		x.On, x.Text = new(true), new("away as "+d.w.newID("a"))
		x.When = &workroom.Dates{First: now.Format(time.DateOnly), Last: now.AddDate(0, 0, 1).Format(time.DateOnly), Zone: "UTC",
			From: now.UnixMicro(), To: now.Add(time.Duration(1+d.w.rng.IntN(20)) * time.Hour).UnixMicro()}
	}
	d.enqueue(x, "", replica.EnqueueOpts{})
	d.note(Event{Kind: "away", Text: fmt.Sprint(*x.On)})
}
