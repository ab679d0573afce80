package service

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// needle stands in the name of every room below and in all that is said there.
const needle = "N33DLE"

// roleCell is one question of the table of roles: the room it is about, its members by their roles, and whose question it is.
type roleCell struct {
	room workroom.RoomID
	by   map[string]*person
	me   *person
	id   string // no other cell has it
}

// roleProbes are the questions; archived ones are asked in a room that its owner archived.
var roleProbes = []struct {
	name     string
	archived bool
	request  func(roleCell) (method, path, body string)
	command  func(roleCell) workroom.Command
}{
	{name: "open", request: func(x roleCell) (string, string, string) {
		return "POST", "/v1/open", fmt.Sprintf(`{"scopes":["r:%s"],"tail":5}`, x.room)
	}},
	{name: "pull", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/r:%s/pull?gen=1", x.room), ""
	}},
	{name: "range", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/r:%s/range", x.room), ""
	}},
	{name: "things", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/r:%s/things?kind=message&ids=m-%s", x.room, x.room), ""
	}},
	{name: "digest", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/r:%s/digest", x.room), ""
	}},
	{name: "receipts", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/rc:%s/pull?gen=1", x.room), ""
	}},
	{name: "typing", request: func(x roleCell) (string, string, string) {
		return "POST", "/v1/typing", fmt.Sprintf(`{"room":"%s"}`, x.room)
	}},
	{name: "new-file", request: func(x roleCell) (string, string, string) {
		return "POST", "/v1/files", fmt.Sprintf(`{"id":"%s","scope":"r:%s","name":"a.txt","size":1,"type":"","parts":["%s"]}`, x.id, x.room, sha([]byte("x")))
	}},

	{name: "SendMessage", command: func(x roleCell) workroom.Command { return say(x.room, "hello") }},
	{name: "SendMessage", archived: true, command: func(x roleCell) workroom.Command { return say(x.room, "hello") }},
	{name: "EditMessage of another", command: func(x roleCell) workroom.Command {
		return workroom.EditMessage{Room: x.room, Message: "m-" + string(x.room), Text: "x"}
	}},
	{name: "EditMessage of one's own", command: func(x roleCell) workroom.Command {
		return workroom.EditMessage{Room: x.room, Message: "own-" + x.id, Text: "x"}
	}},
	{name: "EditMessage of one's own", archived: true, command: func(x roleCell) workroom.Command {
		return workroom.EditMessage{Room: x.room, Message: "own-" + x.id, Text: "x"}
	}},
	{name: "DeleteMessage of another", command: func(x roleCell) workroom.Command {
		return workroom.DeleteMessage{Room: x.room, Message: "m-" + string(x.room)}
	}},
	{name: "DeleteMessage of one's own", command: func(x roleCell) workroom.Command {
		return workroom.DeleteMessage{Room: x.room, Message: "own-" + x.id}
	}},
	{name: "React", command: func(x roleCell) workroom.Command {
		return workroom.React{Room: x.room, Message: "m-" + string(x.room), Emoji: "👍", On: true}
	}},
	{name: "React", archived: true, command: func(x roleCell) workroom.Command {
		return workroom.React{Room: x.room, Message: "m-" + string(x.room), Emoji: "👍", On: true}
	}},
	{name: "RenameRoom", command: func(x roleCell) workroom.Command { return workroom.RenameRoom{Room: x.room, Name: "Another"} }},
	{name: "RenameRoom", archived: true, command: func(x roleCell) workroom.Command { return workroom.RenameRoom{Room: x.room, Name: "Another"} }},
	{name: "ArchiveRoom", command: func(x roleCell) workroom.Command { return workroom.ArchiveRoom{Room: x.room, Archived: true} }},
	{name: "ArchiveRoom back", archived: true, command: func(x roleCell) workroom.Command { return workroom.ArchiveRoom{Room: x.room} }},
	{name: "AddMember", command: func(x roleCell) workroom.Command { return add(x.room, x.by["nobody"], "all", true) }},
	{name: "AddMember", archived: true, command: func(x roleCell) workroom.Command { return add(x.room, x.by["nobody"], "all", true) }},
	{name: "AddMember of a stranger", command: func(x roleCell) workroom.Command { return add(x.room, x.by["outsider"], "all", true) }},
	{name: "AddMember by way of a room one is not in", command: func(x roleCell) workroom.Command { return add(x.room, x.by["nobody"], "private", true) }},
	{name: "AddMember of oneself", command: func(x roleCell) workroom.Command { return add(x.room, x.me, "all", true) }},
	{name: "RemoveMember", command: func(x roleCell) workroom.Command {
		return workroom.RemoveMember{Room: x.room, Who: x.by["target"].id}
	}},
	{name: "RemoveMember of an admin", command: func(x roleCell) workroom.Command {
		return workroom.RemoveMember{Room: x.room, Who: x.by["second"].id}
	}},
	{name: "RemoveMember of the owner", command: func(x roleCell) workroom.Command {
		return workroom.RemoveMember{Room: x.room, Who: x.by["owner"].id}
	}},
	{name: "SetRole", command: func(x roleCell) workroom.Command {
		return workroom.SetRole{Room: x.room, Who: x.by["target"].id, Role: workroom.Admin}
	}},
	{name: "SetRole of oneself", command: func(x roleCell) workroom.Command {
		return workroom.SetRole{Room: x.room, Who: x.me.id, Role: workroom.Admin}
	}},
	{name: "SetRole of the owner", command: func(x roleCell) workroom.Command {
		return workroom.SetRole{Room: x.room, Who: x.by["owner"].id, Role: workroom.Writer}
	}},
	{name: "SetRole to owner", command: func(x roleCell) workroom.Command {
		return workroom.SetRole{Room: x.room, Who: x.by["target"].id, Role: workroom.Owner}
	}},
	{name: "HandOver", command: func(x roleCell) workroom.Command { return workroom.HandOver{Room: x.room, Who: x.by["target"].id} }},
	{name: "HandOver to oneself", command: func(x roleCell) workroom.Command { return workroom.HandOver{Room: x.room, Who: x.me.id} }},
	{name: "HandOver to a stranger", command: func(x roleCell) workroom.Command {
		return workroom.HandOver{Room: x.room, Who: x.by["outsider"].id}
	}},
	{name: "LeaveRoom", command: func(x roleCell) workroom.Command { return workroom.LeaveRoom{Room: x.room, Who: x.me.id} }},
	{name: "LeaveRoom of another", command: func(x roleCell) workroom.Command {
		return workroom.LeaveRoom{Room: x.room, Who: x.by["target"].id}
	}},
	{name: "SetReceipt", command: func(x roleCell) workroom.Command { return workroom.SetReceipt{Room: x.room, Who: x.me.id, N: 1} }},
	{name: "MakeReport of a message", command: func(x roleCell) workroom.Command {
		return workroom.MakeReport{Who: x.me.id, Person: x.by["target"].id, Name: "N", Room: x.room, Message: "m-" + string(x.room), Reason: workroom.Scam}
	}},
	{name: "MakeReport of a person", command: func(x roleCell) workroom.Command {
		return workroom.MakeReport{Who: x.me.id, Person: x.by["target"].id, Name: "N", Room: x.room, Reason: workroom.Scam}
	}},
	{name: "MakeReport of a stranger", command: func(x roleCell) workroom.Command {
		return workroom.MakeReport{Who: x.me.id, Person: x.by["outsider"].id, Name: "N", Room: x.room, Reason: workroom.Scam}
	}},
	{name: "CreateDirect by way of the room", command: func(x roleCell) workroom.Command {
		return workroom.CreateDirect{Room: workroom.DirectID(x.me.id, x.by["target"].id), Who: x.me.id, Name: "N", Other: x.by["target"].id, OtherName: "O", Via: x.room}
	}},
	{name: "CreateDirect under another pair's id", command: func(x roleCell) workroom.Command {
		return workroom.CreateDirect{Room: workroom.DirectID(x.by["owner"].id, x.by["target"].id), Who: x.me.id, Name: "N", Other: x.by["nobody"].id, OtherName: "O", Via: x.room}
	}},
	{name: "CreateRoom over it", command: func(x roleCell) workroom.Command {
		return workroom.CreateRoom{Room: x.room, Who: x.me.id, Name: "N", As: "N"}
	}},
	{name: "CreateRoom under a pair's id", command: func(x roleCell) workroom.Command {
		return workroom.CreateRoom{Room: workroom.DirectID(x.by["owner"].id, x.by["target"].id), Who: x.me.id, Name: "N", As: "N"}
	}},
}

// M-05 M-06 M-07 M-08 P-24 U-14 I10: what each role of a group room may do, every cell in a room of its own, against a table that a person has
// read; whoever may not read the room gets not one byte of it, whatever they ask.
func TestM05_RolesTable(t *testing.T) {
	s, c := start(t, Config{Now: inSlice, Limits: Limits{Commands: -1, SignUps: -1, Rooms: -1}})
	by := map[string]*person{}
	columns := []string{"owner", "admin", "member", "removed", "outsider", "suspended", "blocked"}
	for _, n := range append([]string{"second", "target", "nobody"}, columns...) {
		by[n] = join(t, c, n)
	}
	owner := by["owner"]
	owner.does("all", workroom.CreateRoom{Room: "all", Who: owner.id, Name: "All", As: "O"})
	for n, p := range by {
		if n != "owner" && n != "outsider" {
			hire(owner, p, "k-"+n, "r-"+n)
			owner.does("all-"+n, add("all", p, workroom.RoomID("r-"+n), true))
		}
	}
	by["second"].does("private", workroom.CreateRoom{Room: "private", Who: by["second"].id, Name: "Private", As: "S"})
	by["second"].does("private-n", add("private", by["nobody"], "all", true))
	by["target"].does("block", block(by["target"], by["blocked"], true))
	if err := s.Suspend(t.Context(), SuspendIn{Email: "suspended@example.com", Text: "Too many links."}); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("operation or command\t" + strings.Join(columns, "\t") + "\n")
	for i, probe := range roleProbes {
		b.WriteString(probe.name)
		if probe.archived {
			b.WriteString(", archived")
		}
		for j, role := range columns {
			x := roleCell{room: workroom.RoomID(fmt.Sprintf("g-%d-%d", i, j)), by: by, me: by[role], id: fmt.Sprintf("x-%d-%d", i, j)}
			furnish(x, role, probe.archived)
			answer := roleAnswer(t, x, probe.request, probe.command)
			if (role == "removed" || role == "outsider") && strings.Contains(answer, needle) {
				t.Errorf("%s: %s was told %s", probe.name, role, answer)
			}
			b.WriteString("\t" + verdictOf(t, probe.name, probe.command != nil, answer))
		}
		b.WriteString("\n")
	}
	compareTable(t, "roles.tsv", b.String())
}

// furnish makes the room of a cell: its people with their roles, a message of the target's and one of whoever asks, if they may write there.
func furnish(x roleCell, role string, archived bool) {
	owner, r := x.by["owner"], string(x.room)
	cmds := []wire.Command{owner.command("c-"+r, workroom.CreateRoom{Room: x.room, Who: owner.id, Name: needle, As: "O"})}
	for _, n := range []string{"admin", "second", "member", "removed", "suspended", "blocked", "target"} {
		cmds = append(cmds, owner.command("a-"+r+n, add(x.room, x.by[n], "all", true)))
	}
	for _, n := range []string{"admin", "second"} {
		cmds = append(cmds, owner.command("s-"+r+n, workroom.SetRole{Room: x.room, Who: x.by[n].id, Role: workroom.Admin}))
	}
	all := func(by *person, cmds ...wire.Command) {
		for _, res := range by.send(cmds...) {
			if res.Status != wire.OK {
				by.t.Fatalf("furnish: %+v", res)
			}
		}
	}
	all(owner, cmds...)
	all(x.by["target"], x.by["target"].command("m-"+r, say(x.room, needle+" said")))
	if role != "outsider" && role != "suspended" {
		all(x.me, x.me.command("own-"+x.id, say(x.room, needle+" of my own")))
	}
	last := []wire.Command{owner.command("rm-"+r, workroom.RemoveMember{Room: x.room, Who: x.by["removed"].id})}
	if archived {
		last = append(last, owner.command("ar-"+r, workroom.ArchiveRoom{Room: x.room, Archived: true}))
	}
	all(owner, last...)
}

// roleAnswer asks and gives back what came, with the status before it.
func roleAnswer(t *testing.T, x roleCell, request func(roleCell) (string, string, string), command func(roleCell) workroom.Command) string {
	t.Helper()
	var method, path, body string
	if command != nil {
		out, err := json.Marshal(wire.Commands{Device: "d", Cmds: []wire.Command{x.me.command(x.id, command(x))}})
		must(t, err)
		method, path, body = "POST", "/v1/commands", string(out)
	} else {
		method, path, body = request(x)
	}
	res := x.me.raw(method, path, []byte(body))
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	must(t, err)
	return fmt.Sprintf("%d %s", res.StatusCode, got)
}

// verdictOf is the short word for an answer that stands in the table.
func verdictOf(t *testing.T, name string, command bool, answer string) string {
	t.Helper()
	status, body, _ := strings.Cut(answer, " ")
	if status != "200" {
		var p wire.Problem
		if json.Unmarshal([]byte(body), &p) != nil || p.Code == "" || p.Retry == "" || status == "500" {
			t.Errorf("%s: no proper problem: %s", name, answer)
		}
		return status + " " + string(p.Code)
	}
	if command {
		var out wire.CommandsOut
		must(t, json.Unmarshal([]byte(body), &out))
		return strings.TrimSpace(string(out.Results[0].Status) + " " + string(out.Results[0].Code))
	}
	var out wire.OpenOut
	if name == "open" && json.Unmarshal([]byte(body), &out) == nil && out.Scopes[0].Gone {
		return "gone"
	}
	return "ok"
}

// compareTable holds a table beside the one in testdata.
func compareTable(t *testing.T, name, got string) {
	t.Helper()
	golden := filepath.Join("testdata", name)
	if *update {
		must(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	have, need := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i, line := range have {
		if i >= len(need) || line != need[i] {
			t.Errorf("got  %s\nwant %s", line, append(need, make([]string, len(have))...)[i])
		}
	}
}
