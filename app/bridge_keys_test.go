package app

import (
	"net"
	"strings"
	"testing"
	"time"
)

func TestD02_TokenWorksOnce(t *testing.T) {
	b := openTestBridge(t)
	_, token, _ := strings.Cut(b.Invite("room/1"), "#t=")
	token, where, _ := strings.Cut(token, "&go=")
	if where != "room/1" {
		t.Errorf("place %q", where)
	}
	in := `{"token":"` + token + `"}`
	if status, body := b.send("POST", "/bridge/open", in, ""); status != 200 {
		t.Fatalf("first use: %d %s", status, body)
	}
	for range wrongTries + 1 { // a page that is reloaded may ask again; nobody is shut out by that
		if status, body := b.send("POST", "/bridge/open", in, ""); status != 403 || !strings.Contains(body, "token_used") {
			t.Fatalf("second use: %d %s", status, body)
		}
	}
	b.letIn()
}

func TestD02_TokenExpires(t *testing.T) {
	t.Parallel()
	p := newPasses()
	now := time.Now()
	token := p.invite(now)
	if _, _, f := p.open(token, now.Add(inviteLife+1)); f == nil || f.Code != "token_expired" {
		t.Errorf("failure %v", f)
	}
	if _, _, f := p.open(p.invite(now), now.Add(inviteLife)); f != nil {
		t.Errorf("failure %v", f)
	}
}

func TestD02_FiveWrongTokensCloseTheWayIn(t *testing.T) {
	b := openTestBridge(t)
	for range wrongTries {
		if status, body := b.send("POST", "/bridge/open", `{"token":"nope"}`, ""); status != 403 || !strings.Contains(body, "wrong_token") {
			t.Fatalf("%d %s", status, body)
		}
	}
	if f := AsFailure(<-b.ended); f == nil || f.Code != "wrong_tokens" {
		t.Errorf("serve ended with %v", f)
	}
	if _, err := net.Dial("tcp", b.host); err == nil {
		t.Error("still listening")
	}
}

func TestD02_OldPagesMakeRoom(t *testing.T) {
	t.Parallel()
	p := newPasses()
	now := time.Now()
	first, _, _ := p.open(p.invite(now), now)
	for range maxTabs {
		p.open(p.invite(now), now)
	}
	if p.mayCall(first) || p.mayCall("") || len(p.tabs) != maxTabs {
		t.Error("the oldest page is still let in")
	}
}
