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

// M-05 M-06 M-07 M-08 P-24 U-14 I10: what each role of a group room may do, every act that may be allowed in a room of its own, against a table that a person has
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
	furnished := map[workroom.RoomID]bool{}
	var b strings.Builder
	b.WriteString("operation or command\t" + strings.Join(columns, "\t") + "\n")
	for i, probe := range roleProbes {
		b.WriteString(probe.name)
		if probe.archived {
			b.WriteString(", archived")
		}
		for j, role := range columns {
			x := roleCell{room: workroom.RoomID(fmt.Sprintf("g-%d-%d", i, j)), by: by, me: by[role], id: fmt.Sprintf("x-%d-%d", i, j)}
			x.own = x.id
			quiet := probe.request != nil || role == "removed" || role == "suspended" || role == "outsider"
			if name := fmt.Sprint("g-", role, probe.archived); quiet { // what changes nothing is asked in one room
				x.room, x.own = workroom.RoomID(name), name
			}
			if !furnished[x.room] {
				furnish(x, role, probe.archived, probe.files || quiet)
				furnished[x.room] = true
			}
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
func furnish(x roleCell, role string, archived, files bool) {
	owner, r := x.by["owner"], string(x.room)
	cmds := []wire.Command{owner.command("c-"+r, workroom.CreateRoom{Room: x.room, Who: owner.id, Name: needle, As: "O"})}
	for _, n := range []string{"admin", "second", "member", "removed", "suspended", "blocked", "target"} {
		cmds = append(cmds, owner.command("a-"+r+n, add(x.room, x.by[n], "all", true)))
	}
	for _, n := range []string{"admin", "second"} {
		cmds = append(cmds, owner.command("s-"+r+n, workroom.SetRole{Room: x.room, Who: x.by[n].id, Role: workroom.Admin}))
	}
	owner.all(cmds...)
	x.write(role != "outsider" && role != "suspended", files)
	last := []wire.Command{owner.command("rm-"+r, workroom.RemoveMember{Room: x.room, Who: x.by["removed"].id})}
	if archived {
		last = append(last, owner.command("ar-"+r, workroom.ArchiveRoom{Room: x.room, Archived: true}))
	}
	owner.all(last...)
}

// all sends commands that are all accepted.
func (p *person) all(cmds ...wire.Command) {
	p.t.Helper()
	for _, res := range p.send(cmds...) {
		if res.Status != wire.OK {
			p.t.Fatalf("furnish: %+v", res)
		}
	}
}

// write puts what the questions are about into the room of a cell: a message of the target's and, if they may, of whoever asks, with a file
// each where files are asked for.
func (x roleCell) write(me, files bool) {
	said := func(by *person, id string, f workroom.FileID) {
		m := say(x.room, needle+" said")
		if files {
			data := noise(100, 1)
			by.upload(f, workroom.RoomScope(x.room), "a.bin", data)
			must(by.t, by.Complete(by.t.Context(), f))
			m.Files = []workroom.FileRef{{ID: f, Name: "a.bin", Size: int64(len(data))}}
		}
		by.all(by.command(id, m))
	}
	said(x.by["target"], "m-"+string(x.room), workroom.FileID("f-"+string(x.room)))
	if me {
		said(x.me, "own-"+x.own, workroom.FileID("fo-"+x.own))
	}
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
