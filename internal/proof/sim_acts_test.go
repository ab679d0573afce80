package proof

import (
	"slices"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// simActs is how a device does each operation on purpose, with a contract that its person knows. False says that it cannot with this one, or
// that it did something else first.
var simActs map[workroom.Op]func(d *simDevice, c *simContract) bool

func init() { // it and the acts refer to each other; in sim_late_test.go there is more
	do := func(d *simDevice, c workroom.Command) bool { return d.enqueue(c, "", replica.EnqueueOpts{}) != "" }
	simActs = map[workroom.Op]func(d *simDevice, c *simContract) bool{
		workroom.OpSendMessage: func(d *simDevice, c *simContract) bool { d.say(c); return true },
		workroom.OpUpload:      func(d *simDevice, c *simContract) bool { d.send(c, true); return true },
		workroom.OpEditMessage: func(d *simDevice, c *simContract) bool {
			m := d.own(c, false)
			return m != "" && do(d, workroom.EditMessage{Room: c.room, Message: m, Text: "other words of " + m + " " + d.w.newID("e")})
		},
		workroom.OpDeleteMessage: func(d *simDevice, c *simContract) bool {
			m := d.own(c, false)
			return m != "" && do(d, workroom.DeleteMessage{Room: c.room, Message: m})
		},
		workroom.OpReact: func(d *simDevice, c *simContract) bool {
			m := d.own(c, false)
			return m != "" && do(d, workroom.React{Room: c.room, Message: m, Emoji: "🎉", On: d.w.chance(0.6)})
		},
		workroom.OpSetBookmark: func(d *simDevice, c *simContract) bool {
			m := d.own(c, false)
			return m != "" && do(d, workroom.SetBookmark{Room: c.room, Message: m, Who: d.who.id, On: d.w.chance(0.6)})
		},
		workroom.OpDeleteFile: func(d *simDevice, c *simContract) bool {
			f := d.own(c, true)
			return f != "" && do(d, workroom.DeleteFile{Room: c.room, File: workroom.FileID(f)})
		},
		workroom.OpSetMarker: func(d *simDevice, c *simContract) bool { d.mark(c); return true },
		workroom.OpSetNote:   func(d *simDevice, c *simContract) bool { d.jot(c); return true },
		workroom.OpSetAway:   func(d *simDevice, c *simContract) bool { d.leave(); return true },
		workroom.OpSetPref: func(d *simDevice, c *simContract) bool {
			return do(d, workroom.SetPref{Room: c.room, Who: d.who.id, Favourite: new(d.w.chance(0.5))})
		},
		workroom.OpSetNotices: func(d *simDevice, _ *simContract) bool {
			return do(d, workroom.SetNotices{Who: d.who.id, Off: new(d.w.chance(0.5))})
		},
		workroom.OpSetProfile: func(d *simDevice, _ *simContract) bool {
			return do(d, workroom.SetProfile{Who: d.who.id, Presence: new(d.w.chance(0.5)), Receipts: new(d.w.chance(0.9))})
		},
		workroom.OpSetReceipt: func(d *simDevice, c *simContract) bool {
			n := d.cursors[workroom.RoomScope(c.room)].Msgs
			return n > 0 && do(d, workroom.SetReceipt{Room: c.room, Who: d.who.id, N: n})
		},
		workroom.OpMakeReport: func(d *simDevice, c *simContract) bool {
			other := c.other(d.who)
			return other != nil && do(d, workroom.MakeReport{Who: d.who.id, Person: other.id, Name: other.name, Room: c.room, Reason: workroom.Scam})
		},
		workroom.OpSetBlock: func(d *simDevice, _ *simContract) bool {
			for _, p := range d.w.people {
				if p != d.who && !d.w.shares(d.who, p) {
					return do(d, workroom.SetBlock{Who: d.who.id, Other: p.id, Name: p.name, On: d.w.chance(0.5)})
				}
			}
			return false
		},
		workroom.OpCreateDirect: func(d *simDevice, c *simContract) bool {
			other := c.other(d.who)
			if other == nil {
				return false
			}
			id := workroom.DirectID(d.who.id, other.id)
			if !slices.Contains(d.w.rooms, id) {
				d.w.rooms = append(d.w.rooms, id)
			}
			return do(d, workroom.CreateDirect{Room: id, Who: d.who.id, Name: d.who.name, Other: other.id, OtherName: other.name, Via: c.room})
		},
		workroom.OpCreateRoom: func(d *simDevice, _ *simContract) bool { return d.group() != "" },
		workroom.OpRenameRoom: func(d *simDevice, c *simContract) bool {
			r, _ := d.owned(c, false)
			return r != "" && do(d, workroom.RenameRoom{Room: r, Name: "Room " + d.w.newID("n")})
		},
		workroom.OpArchiveRoom: func(d *simDevice, c *simContract) bool {
			r, _ := d.owned(c, false)
			return r != "" && do(d, workroom.ArchiveRoom{Room: r, Archived: true}) && do(d, workroom.ArchiveRoom{Room: r})
		},
		workroom.OpAddMember: func(d *simDevice, c *simContract) bool {
			other := c.other(d.who)
			r, _ := d.owned(c, false)
			return r != "" && other != nil && do(d, workroom.AddMember{Room: r, Who: other.id, Name: other.name, Via: c.room, Whole: d.w.chance(0.5)})
		},
		workroom.OpRemoveMember: func(d *simDevice, c *simContract) bool {
			r, other := d.owned(c, true)
			return r != "" && do(d, workroom.RemoveMember{Room: r, Who: other})
		},
		workroom.OpSetRole: func(d *simDevice, c *simContract) bool {
			r, other := d.owned(c, true)
			return r != "" && do(d, workroom.SetRole{Room: r, Who: other, Role: []workroom.Role{workroom.Admin, workroom.Writer}[d.w.rng.IntN(2)]})
		},
		workroom.OpHandOver: func(d *simDevice, c *simContract) bool {
			r, other := d.owned(c, true)
			return r != "" && do(d, workroom.HandOver{Room: r, Who: other})
		},
		workroom.OpLeaveRoom: func(d *simDevice, c *simContract) bool {
			for _, r := range d.w.rooms {
				if m := d.member(r, d.who.id); !r.Direct() && m != nil && m.Role != workroom.Owner {
					return do(d, workroom.LeaveRoom{Room: r, Who: d.who.id})
				}
			}
			d.owned(c, true) // so that there will be one
			return false
		},
		workroom.OpCreateContract: func(d *simDevice, _ *simContract) bool { return d.offerTo(d.w.chance(0.5)) },
		workroom.OpAskOffer:       func(d *simDevice, _ *simContract) bool { return d.asks() },
		workroom.OpAcceptContract: func(d *simDevice, _ *simContract) bool { return d.answers(true) },
		workroom.OpDeclineContract: func(d *simDevice, _ *simContract) bool {
			return d.answers(false)
		},
		workroom.OpSetActivity: func(d *simDevice, c *simContract) bool {
			if c.client != d.who {
				return false
			}
			d.label(c)
			return true
		},
		workroom.OpChangeTerms: func(d *simDevice, c *simContract) bool {
			return c.client == d.who && c.freelancer != nil && do(d, workroom.ChangeTerms{Contract: c.id, Week: workroom.WeekOf(d.clock()).String(), KeepDays: new(7 + d.w.rng.IntN(300))})
		},
		workroom.OpPauseContract: func(d *simDevice, c *simContract) bool {
			return c.client == d.who && c.freelancer != nil && do(d, workroom.PauseContract{Contract: c.id, Week: workroom.WeekOf(d.clock()).String(), On: true}) &&
				do(d, workroom.PauseContract{Contract: c.id, Week: workroom.WeekOf(d.clock()).String()})
		},
		workroom.OpEndContract: func(d *simDevice, c *simContract) bool {
			return c.freelancer != nil && do(d, workroom.EndContract{Contract: c.id, Week: workroom.WeekOf(d.clock()).String(), Reason: workroom.EndDone})
		},
		workroom.OpReportSlice: func(d *simDevice, c *simContract) bool {
			if c.freelancer != d.who {
				return false
			}
			d.track(c)
			return true
		},
		workroom.OpAddShot: func(d *simDevice, c *simContract) bool {
			if c.freelancer != d.who {
				return false
			}
			d.shoot(c)
			return true
		},
		workroom.OpMarkTime: func(d *simDevice, c *simContract) bool {
			s := d.stretch(c)
			return s != nil && do(d, workroom.MarkTime{Contract: c.id, Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), What: workroom.MarkMemo, Value: "rather " + d.w.newID("w"),
				Spans: []workroom.MarkSpan{{Slice: s.ID, From: s.Start, To: s.End}}})
		},
		workroom.OpCutTime: func(d *simDevice, c *simContract) bool {
			s := d.stretch(c)
			return s != nil && do(d, workroom.CutTime{Contract: c.id, Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), From: s.Start, To: min(s.End, s.Start+5)})
		},
		workroom.OpAddTime: func(d *simDevice, c *simContract) bool {
			if c.freelancer != d.who || !c.manual {
				return false
			}
			from := (d.clock().Unix()/60 - int64(d.w.rng.IntN(60))) * 60
			return do(d, workroom.AddTime{Contract: c.id, Week: workroom.WeekOf(time.Unix(from, 0)).String(), Who: d.who.id,
				Entries: []workroom.ManualEntry{{ID: d.w.newID("e"), From: from, To: from + 60, Memo: "by hand"}}})
		},
		workroom.OpSetLease: func(d *simDevice, _ *simContract) bool {
			return do(d, workroom.SetLease{Who: d.who.id, Device: d.id, Since: d.clock().UnixMilli()})
		},
		workroom.OpCloseWeek: func(d *simDevice, c *simContract) bool { d.closeWeek(c); return c.freelancer != nil },
		workroom.OpNoteLooks: func(d *simDevice, c *simContract) bool {
			if c.freelancer == d.who || c.freelancer == nil {
				return false
			}
			rows, err := d.rep.Everywhere(simCtx, "d:"+string(c.id)+":", workroom.KindShot)
			d.w.must("read a diary", err)
			for _, r := range rows {
				if s, ok := r.Thing.(*workroom.Shot); ok && s.Pictured() {
					return do(d, workroom.NoteLooks{Contract: c.id, Week: r.Scope.Part(), Who: d.who.id,
						Looks: []workroom.LookAt{{Shot: r.ID, Seen: workroom.Seen{At: d.clock().Unix(), Large: d.w.chance(0.5)}}}})
				}
			}
			for _, o := range d.w.devs { // a picture is missing
				if o.on && !o.broke && o.who == c.freelancer {
					o.shoot(c)
					return true
				}
			}
			return false
		},
	}
}

// other is the other side of a contract of two, nil for none.
func (c *simContract) other(who *simPerson) *simPerson {
	switch {
	case c.freelancer == nil || c.freelancer == c.client:
		return nil
	case c.client == who:
		return c.freelancer
	}
	return c.client
}

// shares reports whether two people share a contract.
func (w *simWorld) shares(a, b *simPerson) bool {
	return slices.ContainsFunc(w.contracts, func(c *simContract) bool {
		return c.client == a && c.freelancer == b || c.client == b && c.freelancer == a
	})
}

// own is a message of one's own in a room, or with file one of its files; where there is none one is sent first.
func (d *simDevice) own(c *simContract, file bool) string {
	win, err := d.rep.Window(simCtx, workroom.RoomScope(c.room), workroom.KindMessage, 0, 30)
	d.w.must("read a room", err)
	for _, r := range win.Rows {
		m, ok := r.Thing.(*workroom.Message)
		if !ok || m.Deleted != 0 || m.Author != d.who.id {
			continue
		}
		if !file {
			return r.ID
		}
		for _, f := range m.Files {
			if f.Deleted == 0 {
				return string(f.ID)
			}
		}
	}
	d.send(c, file)
	return ""
}

// group makes a room of people.
func (d *simDevice) group() workroom.RoomID {
	id := workroom.RoomID(d.w.newID("group"))
	if len(d.w.rooms) >= 3*maxTogether || d.enqueue(workroom.CreateRoom{Room: id, Who: d.who.id, Name: "Group " + string(id), As: d.who.name}, "", replica.EnqueueOpts{ID: d.w.newID("c")}) == "" {
		return ""
	}
	d.w.rooms = append(d.w.rooms, id)
	return id
}

func (d *simDevice) member(r workroom.RoomID, who workroom.AccountID) *workroom.Member {
	row, known, err := d.rep.Thing(simCtx, workroom.Ref{Scope: workroom.RoomScope(r), Kind: workroom.KindMember, ID: string(who)})
	d.w.must("read a member", err)
	m, ok := row.Thing.(*workroom.Member)
	if known != workroom.Held || !ok || m.Left != 0 {
		return nil
	}
	return m
}

// owned is a group of one's own, with the other side of a contract in it where that is asked for; what is missing is made first.
func (d *simDevice) owned(c *simContract, with bool) (workroom.RoomID, workroom.AccountID) {
	other := c.other(d.who)
	if with && other == nil {
		return "", ""
	}
	last := workroom.RoomID("")
	for _, r := range d.w.rooms {
		if m := d.member(r, d.who.id); r.Direct() || m == nil || m.Role != workroom.Owner {
			continue
		}
		if last = r; !with {
			return r, ""
		}
		if d.member(r, other.id) != nil {
			return r, other.id
		}
	}
	if last == "" {
		last = d.group()
	}
	if with && last != "" {
		d.enqueue(workroom.AddMember{Room: last, Who: other.id, Name: other.name, Via: c.room, Whole: true}, "", replica.EnqueueOpts{})
	}
	return "", ""
}

// asks comes into the room of an offer of somebody else with its link, or makes one that can be asked about. Now and then the client takes it
// back, which of the two comes first is the service's to say.
func (d *simDevice) asks() bool {
	for _, c := range d.w.contracts {
		if c.freelancer != nil {
			continue
		}
		if c.client != d.who {
			return d.enqueue(workroom.AskOffer{Contract: c.id, Room: c.room, Who: d.who.id, Name: d.who.name, Secret: c.secret}, "", replica.EnqueueOpts{}) != ""
		}
		if d.w.chance(0.2) {
			c.freelancer = c.client // nobody's any more
			d.enqueue(workroom.DeclineContract{Contract: c.id, Room: c.room, Who: d.who.id}, "", replica.EnqueueOpts{})
		}
	}
	return d.offerTo(false)
}

// answers accepts or declines an offer of somebody else, or makes one that can be answered.
func (d *simDevice) answers(yes bool) bool {
	for _, c := range d.w.contracts {
		if c.client == d.who || c.freelancer != nil {
			continue
		}
		c.freelancer = d.who
		if yes {
			return d.enqueue(workroom.AcceptContract{Contract: c.id, Room: c.room, Who: d.who.id, Name: d.who.name, Secret: c.secret}, "", replica.EnqueueOpts{}) != ""
		}
		return d.enqueue(workroom.DeclineContract{Contract: c.id, Who: d.who.id, Secret: c.secret}, "", replica.EnqueueOpts{}) != ""
	}
	return d.offerTo(false)
}

// stretch is time of one's own on a contract that lasted a while; where there is none it is recorded first.
func (d *simDevice) stretch(c *simContract) *workroom.Slice {
	if c.freelancer != d.who {
		return nil
	}
	if s := d.slice[c.id]; s != nil && s.End > s.Start {
		return s
	}
	d.track(c)
	return nil
}
