package service

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// kindProbes are the questions about rooms that a contract has, beside those about every room.
var kindProbes = []roleProbe{
	{name: "RemoveMember of the client", command: func(x roleCell) workroom.Command {
		return workroom.RemoveMember{Room: x.room, Who: x.by["owner"].id}
	}},
	{name: "RemoveMember of the freelancer", command: func(x roleCell) workroom.Command {
		return workroom.RemoveMember{Room: x.room, Who: x.by["freelancer"].id}
	}},
	{name: "SetRole of the freelancer", command: func(x roleCell) workroom.Command {
		return workroom.SetRole{Room: x.room, Who: x.by["freelancer"].id, Role: workroom.Admin}
	}},
	{name: "AddMember by the room itself", command: func(x roleCell) workroom.Command { return add(x.room, x.by["nobody"], x.room, true) }},
	{name: "CreateContract over it", command: func(x roleCell) workroom.Command {
		return offer(x.me, "new-"+x.id, string(x.room), "secret of "+x.id)
	}},
	{name: "AskOffer with its secret", command: func(x roleCell) workroom.Command {
		return workroom.AskOffer{Contract: workroom.ContractID("k-" + string(x.room)), Room: x.room, Who: x.me.id, Name: "F", Secret: "secret " + string(x.room)}
	}},
	{name: "AskOffer without", command: func(x roleCell) workroom.Command {
		return workroom.AskOffer{Contract: workroom.ContractID("k-" + string(x.room)), Room: x.room, Who: x.me.id, Name: "F", Secret: "guessed"}
	}},
	{name: "AcceptContract with its secret", command: func(x roleCell) workroom.Command {
		return workroom.AcceptContract{Contract: workroom.ContractID("k-" + string(x.room)), Room: x.room, Who: x.me.id, Name: "F", Secret: "secret " + string(x.room)}
	}},
	{name: "AcceptContract without", command: func(x roleCell) workroom.Command {
		return workroom.AcceptContract{Contract: workroom.ContractID("k-" + string(x.room)), Room: x.room, Who: x.me.id, Name: "F", Secret: "guessed"}
	}},
	{name: "DeclineContract without its secret", command: func(x roleCell) workroom.Command {
		return workroom.DeclineContract{Contract: workroom.ContractID("k-" + string(x.room)), Who: x.me.id, Secret: "guessed"}
	}},
	{name: "AcceptContract with no secret", command: func(x roleCell) workroom.Command {
		return workroom.AcceptContract{Contract: workroom.ContractID("k-" + string(x.room)), Room: x.room, Who: x.me.id, Name: "F"}
	}},
	{name: "DeclineContract with no secret", command: func(x roleCell) workroom.Command {
		return workroom.DeclineContract{Contract: workroom.ContractID("k-" + string(x.room)), Room: x.room, Who: x.me.id}
	}},
	{name: "SetActivity of its contract", command: func(x roleCell) workroom.Command {
		return workroom.SetActivity{Contract: workroom.ContractID("k-" + string(x.room)), ID: workroom.ActivityID("act-" + x.id), Code: x.id}
	}},
	{name: "ReportSlice of its contract", command: func(x roleCell) workroom.Command {
		s := slice(x.me.id, "slice-"+x.id)
		s.Slice.Contract, s.Slice.Activity = workroom.ContractID("k-"+string(x.room)), workroom.ActivityID("k-"+string(x.room)+"-dev")
		return s
	}},
	{name: "pull its diary", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/d:k-%s:2001-09-03/pull?gen=1", x.room), ""
	}},
	{name: "pull the contract", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/k:k-%s/pull?gen=1", x.room), ""
	}},
	{name: "pull the client's side", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/k:k-%s:c/pull?gen=1", x.room), ""
	}},
}

// kindColumns are the kinds of rooms with the roles that people have in them.
var kindColumns = []struct{ kind, role string }{
	{"direct", "either"}, {"direct", "blocked"}, {"direct", "suspended"}, {"direct", "outsider"},
	{"interview", "client"}, {"interview", "admin"}, {"interview", "member"}, {"interview", "removed"}, {"interview", "outsider"}, {"interview", "asker"},
	{"contract", "client"}, {"contract", "freelancer"}, {"contract", "admin"}, {"contract", "member"}, {"contract", "removed"},
	{"contract", "suspended"}, {"contract", "outsider"},
}

// M-01 M-02 M-03 M-05 M-06 M-07 M-08 M-27 F-06 F-11 P-24 U-14 I10: what each role of a direct, an interview and a contract room may do and read,
// files too, against a table that a person has read; whoever may not read the room gets not one byte of it. Commands are each given in a room
// of their own where a pair may have several.
func TestM01_KindsTable(t *testing.T) {
	s, c := start(t, Config{Now: inSlice, Limits: Limits{Commands: -1, SignUps: -1, Rooms: -1}})
	by := map[string]*person{}
	for _, n := range []string{"owner", "freelancer", "second", "target", "nobody", "admin", "member", "removed", "suspended", "outsider", "asker", "either", "blocked"} {
		by[n] = join(t, c, n)
	}
	by["client"] = by["owner"]
	owner := by["owner"]
	owner.does("all", workroom.CreateRoom{Room: "all", Who: owner.id, Name: "All", As: "O"})
	for n, p := range by {
		if p != owner && n != "outsider" && n != "asker" {
			hire(owner, p, "k-"+n, "r-"+n)
			owner.does("all-"+n, add("all", p, workroom.RoomID("r-"+n), true))
		}
	}
	by["second"].does("private", workroom.CreateRoom{Room: "private", Who: by["second"].id, Name: "Private", As: "S"})
	by["second"].does("private-n", add("private", by["nobody"], "all", true))
	rooms := map[string]workroom.RoomID{} // of two people there is one, whatever is asked
	for _, n := range []string{"either", "blocked", "suspended"} {
		p, other := by[n], by["target"]
		rooms[n] = workroom.DirectID(p.id, other.id)
		p.does("d-"+n, workroom.CreateDirect{Room: rooms[n], Who: p.id, Name: "N", Other: other.id, OtherName: "O", Via: "all"})
		x := roleCell{room: rooms[n], by: by, me: p, id: n, own: n}
		x.write(true, true)
	}
	probes := append(append([]roleProbe{}, roleProbes...), kindProbes...)
	for i, probe := range probes { // what was said before the block can be taken away after it
		if j := slices.IndexFunc(kindColumns, func(c struct{ kind, role string }) bool { return c.role == "blocked" }); strings.Contains(probe.name, "one's own") {
			x := roleCell{room: rooms["blocked"], by: by, me: by["blocked"], own: fmt.Sprintf("x-%d-%d", i, j)}
			x.writeOwn(t, probe, "either")
		}
	}
	rooms["outsider"] = rooms["either"]
	by["target"].does("block", block(by["target"], by["blocked"], true))
	must(t, s.Suspend(t.Context(), SuspendIn{Email: "suspended@example.com", Text: "Too many links."}))

	var b strings.Builder
	b.WriteString("operation or command")
	for _, col := range kindColumns {
		b.WriteString("\t" + col.kind + " " + col.role)
	}
	b.WriteString("\n")
	for i, probe := range probes {
		if probe.archived { // only group rooms are, and "ArchiveRoom" asks who can
			continue
		}
		b.WriteString(probe.name)
		for j, col := range kindColumns {
			x := roleCell{by: by, me: by[col.role], id: fmt.Sprintf("x-%d-%d", i, j)}
			x.own = x.id
			quiet := probe.request != nil || x.me == by["removed"] || x.me == by["suspended"] || x.me == by["outsider"]
			switch name := col.kind + " " + col.role; {
			case col.kind == "direct":
				x.room = rooms[col.role]
				x.writeOwn(t, probe, col.role)
			case quiet && !strings.HasPrefix(probe.name, "AcceptContract") && !strings.HasPrefix(probe.name, "AskOffer"): // what changes nothing is asked in one room
				x.room, x.own = workroom.RoomID(strings.ReplaceAll(name, " ", "-")), strings.ReplaceAll(name, " ", "-")
				if rooms[name] == "" {
					rooms[name] = x.room
					x.contract(col.kind, col.role, true)
				}
			default:
				x.room = workroom.RoomID(fmt.Sprintf("%s-%d-%d", col.kind[:1], i, j))
				x.contract(col.kind, col.role, probe.files)
			}
			answer := roleAnswer(t, x, probe.request, probe.command)
			if (col.role == "removed" || col.role == "outsider") && !strings.HasSuffix(probe.name, "with its secret") && strings.Contains(answer, needle) {
				t.Errorf("%s: %s of a %s room was told %s", probe.name, col.role, col.kind, answer)
			}
			b.WriteString("\t" + verdictOf(t, probe.name, probe.command != nil, answer))
		}
		b.WriteString("\n")
	}
	compareTable(t, "kinds.tsv", b.String())
}

// writeOwn puts a message of whoever asks into a direct room, for a question about it, if they may still write there.
func (x roleCell) writeOwn(t *testing.T, probe roleProbe, role string) {
	t.Helper()
	if role != "either" || !strings.Contains(probe.name, "one's own") {
		return
	}
	m := say(x.room, needle+" of my own")
	if probe.files {
		f := workroom.FileID("fo-" + x.own)
		x.me.upload(f, workroom.RoomScope(x.room), "a.bin", noise(100, 2))
		must(t, x.me.Complete(t.Context(), f))
		m.Files = []workroom.FileRef{{ID: f, Name: "a.bin", Size: 100}}
	}
	x.me.all(x.me.command("own-"+x.own, m))
}

// contract makes the room of a cell with its contract: offered, or accepted by the freelancer.
func (x roleCell) contract(kind, role string, files bool) {
	owner, free, r := x.by["owner"], x.by["freelancer"], string(x.room)
	o := offer(owner, "k-"+r, r, "secret "+r)
	o.Title = needle
	owner.all(owner.command("k-"+r, o))
	if kind == "contract" {
		free.all(free.command("ac-"+r, workroom.AcceptContract{Contract: o.Contract, Room: x.room, Who: free.id, Name: "F", Secret: "secret " + r}))
	}
	if role == "asker" {
		x.me.all(x.me.command("ask-"+r, workroom.AskOffer{Contract: o.Contract, Room: x.room, Who: x.me.id, Name: "A", Secret: "secret " + r}))
	}
	var cmds []wire.Command
	for _, n := range []string{"admin", "second", "member", "removed", "suspended", "target"} {
		cmds = append(cmds, owner.command("a-"+r+n, add(x.room, x.by[n], "all", true)))
	}
	for _, n := range []string{"admin", "second"} {
		cmds = append(cmds, owner.command("s-"+r+n, workroom.SetRole{Room: x.room, Who: x.by[n].id, Role: workroom.Admin}))
	}
	owner.all(cmds...)
	x.write(role != "outsider" && role != "suspended", files)
	owner.all(owner.command("rm-"+r, workroom.RemoveMember{Room: x.room, Who: x.by["removed"].id}))
}
