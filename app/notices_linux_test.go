package app

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"trestle/internal/workroom"
)

// notifierOfTest is a notification service on a session bus of the test's own.
type notifierOfTest struct {
	conn  *dbus.Conn
	calls chan notified
	gone  chan uint32
	last  uint32
}

// notified is one notice as the desktop got it.
type notified struct {
	id                uint32
	icon, title, body string
	actions           []string
}

// GetCapabilities, Notify and CloseNotification are its methods on the bus.
func (n *notifierOfTest) GetCapabilities() ([]string, *dbus.Error) {
	return []string{"actions", "body", "inline-reply"}, nil
}

func (n *notifierOfTest) Notify(_ string, replaces uint32, icon, title, body string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	if replaces == 0 {
		n.last++
		replaces = n.last
	}
	n.calls <- notified{replaces, icon, title, body, actions}
	return replaces, nil
}

func (n *notifierOfTest) CloseNotification(id uint32) *dbus.Error {
	n.gone <- id
	return nil
}

// choose does what a person does with a notice.
func (n *notifierOfTest) choose(t *testing.T, signal string, id uint32, what string) {
	t.Helper()
	if err := n.conn.Emit("/org/freedesktop/Notifications", "org.freedesktop.Notifications."+signal, id, what); err != nil {
		t.Fatal(err)
	}
}

// sessionBus starts a session bus of the test's own, with nothing on it, and answers its address.
func sessionBus(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("dbus-daemon is not installed; build/setup test installs it")
	}
	dir := t.TempDir()
	config, socket := filepath.Join(dir, "bus.conf"), filepath.Join(dir, "bus")
	text := `<busconfig><type>session</type><listen>unix:path=` + socket + `</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// notifierOn puts a notification service on a bus.
func notifierOn(t *testing.T, address string) *notifierOfTest {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	n := &notifierOfTest{conn: conn, calls: make(chan notified, 64), gone: make(chan uint32, 64)}
	if err := conn.Export(n, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.Notifications", 0); err != nil {
		t.Fatal(err)
	}
	return n
}

// showsNotices waits until a desktop has a notifier.
func showsNotices(t *testing.T, c *Core) {
	t.Helper()
	eventually(t, "the notifier is there", func() bool { show, _ := c.session.notices.sender(); return show != nil })
}

// N-08, N-09: what somebody wrote is a notice of its room with Open, Reply and Mute; read on another device it goes; what is answered in it is
// sent; a muted room is silent; and what the other side hides or forbids here stays so.
func TestN08_ANoticeFromArrivalToAnswer(t *testing.T) {
	t.Parallel()
	h, mara, esme, room := twoInRoom(t)
	bus := sessionBus(t)
	n := notifierOn(t, bus)
	second := h.deskOnBus(esme, bus) // with a notifier
	showsNotices(t, second)

	write(t, mara, room, "Good <b>morning</b>")
	first := <-n.calls
	if first.title != "Harbour Map" || !strings.Contains(first.body, "Good &lt;b&gt;morning&lt;/b&gt;") {
		t.Errorf("%+v", first)
	}
	if _, err := os.Stat(first.icon); err != nil {
		t.Errorf("the icon: %v", err)
	}
	if want := []string{"default", "Open", "inline-reply", "Reply", "mute", "Mute this room"}; !slices.Equal(first.actions, want) {
		t.Errorf("actions %q", first.actions)
	}
	eventually(t, "the other device has it", func() bool { return strings.Contains(told(t, esme, room), "morning") })
	if err := (&Rooms{esme}).Read(ReadIn{Room: room, Num: 1}); err != nil {
		t.Fatal(err)
	}
	if gone := <-n.gone; gone != first.id {
		t.Errorf("the notice %d went, not %d", gone, first.id)
	}

	write(t, mara, room, "And now?")
	again := <-n.calls
	n.choose(t, "NotificationReplied", again.id, "On my way")
	eventually(t, "the answer arrived", func() bool { return strings.Contains(told(t, mara, room), "On my way") })

	write(t, mara, room, "Good")
	n.choose(t, "ActionInvoked", (<-n.calls).id, noticeMute)
	eventually(t, "the room is silent", func() bool {
		v, err := (&Notices{second}).Rules()
		return err == nil && len(v.Levels) == 1 && v.Levels[0].Room == room && v.Levels[0].Level == "none"
	})
	write(t, mara, room, "Nobody hears this")
	eventually(t, "it came", func() bool { return strings.Contains(told(t, second, room), "Nobody hears this") })
	if err := (&Rooms{second}).Set(PrefIn{Room: room, Level: new("")}); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Shell{second}).Set(Settings{Theme: "light", Zoom: 100, Notices: true, HideText: true}); err != nil {
		t.Fatal(err)
	}
	write(t, mara, room, "A secret")
	if got := <-n.calls; got.title != "Trestle" || strings.Contains(got.body, "secret") || strings.Contains(got.body, "Nobody") {
		t.Errorf("%+v", got)
	}
}

// N-10: the bell says the same on each device, survives a restart, and what was seen on one is seen on all.
func TestN10_TheBellIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	h, mara, esme, room := twoInRoom(t)
	write(t, mara, room, "one")
	write(t, mara, room, "two <@"+string(esme.session.me())+">")
	write(t, mara, room, "three")
	bell := func(c *Core) string {
		l, err := (&Notices{c}).List()
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, r := range l.Rows {
			b.WriteString(r.Topic + " " + r.Text + "|")
			if r.Fresh {
				b.WriteString("!")
			}
		}
		return b.String()
	}
	want := "messages three|!mentions two @Esme|!"
	eventually(t, "the bell has all", func() bool { return bell(esme) == want })
	other := h.witness("Esme")
	if got := bell(other); got != want {
		t.Errorf("the other device: %q", got)
	}
	if err := (&Notices{esme}).Seen(); err != nil {
		t.Fatal(err)
	}
	arrived(t, esme)
	arrived(t, other)
	if got := bell(other); got != strings.ReplaceAll(want, "!", "") {
		t.Errorf("seen: %q", got)
	}
	if f, err := (&Notices{other}).Fresh(); err != nil || f.Fresh != 0 {
		t.Errorf("%+v %v", f, err)
	}
	if _, err := (&Notices{other}).SetRules(RulesIn{Topics: []TopicRow{{string(workroom.TopicMessages), false}}}); err != nil {
		t.Fatal(err)
	}
	if got := bell(other); got != "mentions two @Esme|" {
		t.Errorf("without other messages: %q", got)
	}
	if l, err := (&Notices{mara}).List(); err != nil || len(l.Rows) != 1 || l.Rows[0].Topic != "offers" {
		t.Errorf("%+v %v", l, err)
	}
}

// N-10, N-09: after a reinstall the bell and the number of the unread are as they were, also of a room with more than one page of history, and
// nothing of before is shown as a notice; the next message is.
func TestN10_AfterAReinstall(t *testing.T) {
	t.Parallel()
	h, mara, esme, room := twoInRoom(t)
	for i := range 130 {
		write(t, mara, room, "message "+strconv.Itoa(i))
	}
	write(t, mara, room, "for <@"+string(esme.session.me())+">")
	arrived(t, mara)
	eventually(t, "all is here", func() bool { return newest(t, esme, room) == 131 })
	if err := (&Notices{esme}).Seen(); err != nil {
		t.Fatal(err)
	}
	if err := (&Rooms{esme}).Read(ReadIn{Room: room, Num: 100}); err != nil {
		t.Fatal(err)
	}
	arrived(t, esme)
	bell := func(c *Core) NoticeList {
		l, err := (&Notices{c}).List()
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	before, fresh := bell(esme), FreshView{}
	esme.Close()

	bus := sessionBus(t)
	n := notifierOn(t, bus)
	again := h.deskOnBus(esme, bus)
	showsNotices(t, again)
	eventually(t, "the bell is as it was", func() bool { return slices.Equal(bell(again).Rows, before.Rows) && len(before.Rows) == 2 })
	var err error
	if fresh, err = (&Notices{again}).Fresh(); err != nil || fresh.Fresh != 0 {
		t.Errorf("%+v %v", fresh, err)
	}
	eventually(t, "31 are unread", func() bool {
		again.mu.Lock()
		defer again.mu.Unlock()
		return again.unread == 31
	})
	write(t, mara, room, "news")
	if got := <-n.calls; !strings.Contains(got.body, "news") || strings.Contains(got.body, "messages") {
		t.Errorf("%+v", got)
	}
}
