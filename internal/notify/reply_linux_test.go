package notify

import (
	"context"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// N-08: where the desktop lets a person answer in the notice, Reply is that box and what was written comes back whole; elsewhere it is a
// button.
func TestN08_RepliesInTheNotice(t *testing.T) {
	buttons := []Button{{"default", "Open"}, {ReplyAction, "Reply"}, {"mute", "Mute"}}
	for can, want := range map[string]string{
		"actions":                                 "default Open reply Reply mute Mute",
		"actions " + inlineReply:                  "default Open inline-reply Reply mute Mute",
		inlineReply + " body":                     "",
		"actions body persistence " + inlineReply: "default Open inline-reply Reply mute Mute",
	} {
		privateBus(t)
		s := startService(t, strings.Fields(can)...)
		wrote, clicked := make(chan string, 4), make(chan string, 4)
		b, err := Connect(context.Background(), Program{ID: "x", Act: func(key, action string) { clicked <- key + " " + action },
			Reply: func(key, text string) { wrote <- key + " " + text }})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Show(context.Background(), Notice{Key: "a"}, buttons...); err != nil {
			t.Fatal(err)
		}
		shown := <-s.calls
		if got := strings.Join(shown.Actions, " "); got != want {
			t.Errorf("%s: actions %q, want %q", can, got, want)
		}
		emit := func(name string, id uint32, text string) {
			if err := s.conn.Emit(objectPath, notifications+"."+name, id, text); err != nil {
				t.Fatal(err)
			}
		}
		emit("NotificationReplied", 99, "to another program")
		emit("NotificationReplied", shown.ID, "On my way <b>\nnow")
		emit("ActionInvoked", shown.ID, "mute")
		if got := <-wrote; got != "a On my way <b>\nnow" {
			t.Errorf("%s: wrote %q", can, got)
		}
		if got := <-clicked; got != "a mute" {
			t.Errorf("%s: clicked %q", can, got)
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// N-09: docks that listen are told the number of unread messages, and that there is none.
func TestN09_Badge(t *testing.T) {
	privateBus(t)
	s := startService(t)
	signals := make(chan *dbus.Signal, 4)
	s.conn.Signal(signals)
	if err := s.conn.AddMatchSignal(dbus.WithMatchInterface("com.canonical.Unity.LauncherEntry")); err != nil {
		t.Fatal(err)
	}
	b := connect(t, nil)
	for _, n := range []int{3, 0} {
		if err := b.Badge(n); err != nil {
			t.Fatal(err)
		}
		x := <-signals
		for x.Name != launcherName {
			x = <-signals
		}
		about, ok := x.Body[1].(map[string]dbus.Variant)
		if !ok || x.Body[0] != "application://org.trestle.Trestle.desktop" || about["count"].Value() != int64(n) || about["count-visible"].Value() != (n > 0) {
			t.Errorf("badge %d: %v", n, x.Body)
		}
	}
}
