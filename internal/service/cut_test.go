package service

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// F-05 I4: a question that is cut off anywhere has no effect; one whose answer was not read has its effect once, however often it is sent
// again. The service goes on either way.
func TestF05_CutAndReplayed(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	address := strings.TrimPrefix(c.Base, "http://")
	messages := func() int64 {
		t.Helper()
		h, err := anna.Heads(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range h.Scopes {
			if x.Scope == "r:r1" {
				return x.Msgs
			}
		}
		return -1
	}
	question := func(id string) string {
		body, err := json.Marshal(wire.Commands{Device: "d", Cmds: []wire.Command{anna.command(id, say(w.r, "text of "+id))}})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("POST /v1/commands HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
			anna.Token, len(body), body)
	}
	dial := func() *net.TCPConn {
		t.Helper()
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		return conn.(*net.TCPConn)
	}
	cuts := 0
	whole := question("cut")
	for at := 1; at < len(whole); at += 1 + len(whole)/60 {
		conn := dial()
		if _, err := io.WriteString(conn, whole[:at]); err != nil {
			t.Fatal(err)
		}
		_ = conn.CloseWrite() // the rest never comes
		if res, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil && res.StatusCode < 400 {
			t.Fatalf("cut at %d: %s", at, res.Status)
		}
		_ = conn.Close()
		cuts++
	}
	if n := messages(); n != 0 {
		t.Fatalf("%d cuts, %d messages", cuts, n)
	}
	const rounds = 20
	for i := range rounds {
		text := question(fmt.Sprint("replay", i))
		conn := dial() // sent whole, the answer not waited for
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
		for range 2 {
			conn := dial()
			if _, err := io.WriteString(conn, text); err != nil {
				t.Fatal(err)
			}
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			var out wire.CommandsOut
			if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.Results[0].Status != wire.OK || out.Results[0].Things[0].Num != int64(i)+1 {
				t.Fatalf("round %d: %+v, %v", i, out, err)
			}
			_ = conn.Close()
		}
	}
	if n := messages(); n != rounds {
		t.Errorf("%d messages of %d", n, rounds)
	}
	// The same id with other words, at another time, by another person: never a second effect, never somebody else's words.
	stolen := ben.command("replay3", say(w.r, "mine"))
	if r := ben.send(stolen)[0]; r.Status == wire.OK {
		t.Errorf("%+v", r)
	}
	other := anna.command("replay3", say(w.r, "other words"))
	if r := anna.send(other)[0]; r.Code != workroom.IDReuse {
		t.Errorf("%+v", r)
	}
	checkScope(t, s, "r:r1")
	t.Logf("%d cuts without effect, %d replays with one each", cuts, 3*rounds)
}
