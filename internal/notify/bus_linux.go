package notify

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
)

const (
	busName       = "org.freedesktop.DBus"
	notifications = "org.freedesktop.Notifications"
	objectPath    = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// inlineReply is the name that desktops with such a box have for it, as capability and as action.
const inlineReply = "inline-reply"

// Bus sends notices to the desktop's notification service, as described in the Desktop Notifications Specification 1.2. It
// has a session bus connection of its own, because the tray closes the one godbus shares. The service may come after the program and leave
// before it: Program.Changed tells. Safe for concurrent use.
type Bus struct {
	program Program
	conn    *dbus.Conn
	service dbus.BusObject
	ended   chan struct{}

	mu      sync.Mutex
	missing error             // *Unavailable: no service answers now
	buttons bool              // the service shows buttons
	inline  bool              // it has a box to answer in
	ids     map[string]uint32 // by key, of notices that may be on screen
	order   sync.Mutex        // one Notify at a time, so that a replacement knows the id it replaces
}

// Connect opens the session bus, on which a notification service may come at any time; Missing says whether one is there. An *Unavailable
// error means that there is no bus, or no answer within four seconds. It never starts a bus.
func Connect(ctx context.Context, p Program) (*Bus, error) {
	conn, err := dial(ctx, p.Address)
	if err != nil {
		return nil, &Unavailable{fmt.Errorf("session bus: %w", err)}
	}
	b := &Bus{program: p, conn: conn, service: conn.Object(notifications, objectPath), ended: make(chan struct{}), ids: map[string]uint32{}}
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	match, stop := context.WithTimeout(ctx, callLimit)
	defer stop()
	err = conn.AddMatchSignalContext(match, dbus.WithMatchInterface(busName), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchSender(busName), dbus.WithMatchArg(0, notifications))
	if err == nil {
		err = conn.AddMatchSignalContext(match, dbus.WithMatchInterface(notifications), dbus.WithMatchObjectPath(objectPath), dbus.WithMatchSender(notifications))
	}
	if err != nil {
		_ = conn.Close()
		return nil, &Unavailable{fmt.Errorf("listen to the service: %w", err)}
	}
	_ = b.meet(ctx) // Missing says it
	go b.listen(signals)
	return b, nil
}

func (b *Bus) call(ctx context.Context, method string, args ...any) *dbus.Call {
	ctx, stop := context.WithTimeout(ctx, callLimit)
	defer stop()
	return b.service.CallWithContext(ctx, notifications+"."+method, 0, args...)
}

// Show shows a notice, in place of one with the same key that is still on screen. The title and body are plain text and are shown as
// such. Buttons are left out where the service shows none. The error is *Unavailable if the service is gone.
func (b *Bus) Show(ctx context.Context, n Notice, buttons ...Button) error {
	b.order.Lock()
	defer b.order.Unlock()
	b.mu.Lock()
	replaces, has, inline := b.ids[n.Key], b.buttons, b.inline
	b.mu.Unlock()

	actions := []string{}
	if has {
		for _, button := range buttons {
			if button.Action == ReplyAction && inline {
				button.Action = inlineReply
			}
			actions = append(actions, button.Action, button.Label)
		}
	}
	hints := map[string]dbus.Variant{
		"urgency":       dbus.MakeVariant(byte(1)),
		"category":      dbus.MakeVariant("im.received"),
		"desktop-entry": dbus.MakeVariant(b.program.ID),
	}
	expire := int32(-1) // as the desktop is set
	if n.Urgent {
		hints["urgency"], expire = dbus.MakeVariant(byte(2)), 0
	}
	var id uint32
	err := b.call(ctx, "Notify", b.program.Name, replaces, b.program.Icon, strings.ReplaceAll(n.Title, "\n", " "), escape(n.Body),
		actions, hints, expire).Store(&id)
	if err != nil {
		return &Unavailable{err}
	}
	b.mu.Lock()
	b.ids[n.Key] = id
	b.mu.Unlock()
	return nil
}

// escape keeps text from being read as markup; services that know none undo it.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// launcher is where docks and taskbars of several desktops listen for a count, and in which words.
const (
	launcherPath = dbus.ObjectPath("/org/trestle/launcher")
	launcherName = "com.canonical.Unity.LauncherEntry.Update"
)

// Badge tells docks and taskbars how many messages are unread; 0 takes the number away. It is a signal: whether any listens is not told.
func (b *Bus) Badge(count int) error {
	err := b.conn.Emit(launcherPath, launcherName, "application://"+b.program.ID+".desktop",
		map[string]dbus.Variant{"count": dbus.MakeVariant(int64(count)), "count-visible": dbus.MakeVariant(count > 0)})
	if err != nil {
		return &Unavailable{err}
	}
	return nil
}

// Withdraw takes the notice with this key off the screen, if it is there.
func (b *Bus) Withdraw(ctx context.Context, key string) error {
	b.mu.Lock()
	id, shown := b.ids[key]
	delete(b.ids, key)
	b.mu.Unlock()
	if !shown {
		return nil
	}
	if err := b.call(ctx, "CloseNotification", id).Err; err != nil {
		return &Unavailable{err}
	}
	return nil
}

// Close ends the connection and waits for what Act is doing. Notices stay on screen; clicks on them are no longer told.
func (b *Bus) Close() error {
	err := b.conn.Close()
	<-b.ended
	return err
}

// listen hands on what the person does with notices, until the connection ends.
func (b *Bus) listen(signals <-chan *dbus.Signal) {
	defer close(b.ended)
	for s := range signals {
		if s.Name == busName+".NameOwnerChanged" && s.Sender == busName && len(s.Body) == 3 && s.Body[0] == notifications {
			if now, ok := s.Body[2].(string); ok {
				b.owner(now)
			}
			continue
		}
		if len(s.Body) != 2 {
			continue
		}
		id, _ := s.Body[0].(uint32)
		key, ours := b.keyOf(id)
		if !ours {
			continue
		}
		switch s.Name {
		case notifications + ".ActionInvoked":
			if action, ok := s.Body[1].(string); ok && b.program.Act != nil {
				b.program.Act(key, action)
			}
		case notifications + ".NotificationReplied":
			if text, ok := s.Body[1].(string); ok && b.program.Reply != nil {
				b.program.Reply(key, text)
			}
		case notifications + ".NotificationClosed":
			b.mu.Lock()
			if b.ids[key] == id {
				delete(b.ids, key)
			}
			b.mu.Unlock()
		}
	}
}

// keyOf names the notice with an id. A person, or the desktop, may be done with one before the answer that tells its id was taken: what is just
// being shown is waited for.
func (b *Bus) keyOf(id uint32) (string, bool) {
	b.order.Lock()
	defer b.order.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, at := range b.ids {
		if at == id && id != 0 {
			return key, true
		}
	}
	return "", false
}
