package app

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"time"

	"trestle/internal/notify"
	"trestle/internal/workroom"
)

// notifier is the system's way of showing notices.
type notifier struct {
	show     func(context.Context, notify.Notice) error
	withdraw func(context.Context, string) error
	badge    func(int)
	missing  func() error    // nil while a notice can be shown
	ended    <-chan struct{} // closed when it will never be again: another is to be opened
	close    func()
}

// noticeHooks are what a notifier calls: what a person chose on a notice and wrote into one, and that there is something new to missing.
type noticeHooks struct {
	act, reply func(key, text string)
	changed    func()
	bus        string // address of the session bus, "" for the one of the environment
}

// roomButtons are the choices on the notice of a room; the first is a click on the notice itself, which the program's own notices have too.
var roomButtons = []notify.Button{{Action: "default", Label: "Open"}, {Action: notify.ReplyAction, Label: "Reply"}, {Action: noticeMute, Label: "Mute this room"}}

// How long a desktop that just began may take until its notification service is there, and how often one is looked for where there was no way
// to any.
const (
	notifierGrace = 10 * time.Second
	notifierAgain = time.Minute
)

// attend keeps a way to the desktop's notices until the session ends: one that is not there yet comes later, one that ended is looked for again.
func (n *noticeBoard) attend(ctx context.Context) {
	for {
		show, err := openNotifier(ctx, n.s.core, noticeHooks{act: n.act, reply: n.reply, changed: func() { n.found(ctx, nil) }, bus: n.s.core.bus})
		n.mu.Lock()
		n.show = show
		n.mu.Unlock()
		n.found(ctx, err)
		if err == nil {
			select {
			case <-ctx.Done():
			case <-show.ended:
			}
			n.mu.Lock()
			n.show = nil
			n.mu.Unlock()
			show.close()
		}
		if ctx.Err() != nil || errors.Is(err, errors.ErrUnsupported) {
			return
		}
		if err == nil {
			n.found(ctx, &notify.Unavailable{Err: errors.New("the session bus ended")})
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(notifierAgain):
		}
	}
}

// found takes in whether notices can be shown now: err says why there is no way to any. What came meanwhile is shown then.
func (n *noticeBoard) found(ctx context.Context, err error) {
	n.mu.Lock()
	if err == nil {
		if n.show == nil { // it is only just being opened
			n.mu.Unlock()
			return
		}
		err = n.show.missing()
	}
	same := n.asked && (n.failed == nil) == (err == nil)
	n.failed, n.asked = err, true
	if err != nil { // the bell has what is not of a room
		maps.DeleteFunc(n.unshown, func(key string, _ notify.Notice) bool { return strings.HasPrefix(key, ownNotice) })
	}
	n.mu.Unlock()
	if same {
		return
	}
	if err == nil {
		n.wake()
	} else {
		slog.Info("no notifier", "error", traceOf(err))
		time.AfterFunc(notifierGrace, func() { n.miss(ctx) })
	}
	n.s.core.changed("settings") // the page that shows it asks again
}

// miss says once that this desktop shows no notices (N-08), unless one that shows them came after all.
func (n *noticeBoard) miss(ctx context.Context) {
	c := n.s.core
	show, err := n.sender()
	none := (*notify.Unavailable)(nil)
	if ctx.Err() != nil || show != nil || !errors.As(err, &none) || c.state.get().SaidNoNotifier {
		return
	}
	_ = c.state.change(func(s *state) { s.SaidNoNotifier = true })
	c.notice(none.Sentence())
	c.changed("settings") // the page asks again what is to be told
}

// sender is the notifier, nil and why where there is none now.
func (n *noticeBoard) sender() (*notifier, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.failed != nil || !n.asked {
		return nil, n.failed
	}
	return n.show, nil
}

// put shows a notice. What nothing could show waits for a notifier to come: a room's, and at the start of the program any.
func (n *noticeBoard) put(ctx context.Context, d notify.Notice) {
	show, _ := n.sender()
	var err error
	if show != nil {
		n.mu.Lock()
		n.shown[d.Key] = d.Message
		n.mu.Unlock()
		if err = show.show(ctx, d); err == nil {
			return
		}
		slog.Warn("notice not shown", "error", traceOf(err))
	}
	if none := (*notify.Unavailable)(nil); show == nil || errors.As(err, &none) {
		n.mu.Lock()
		soon := show == nil && n.failed == nil // one is just coming
		if soon || !strings.HasPrefix(d.Key, ownNotice) {
			n.unshown[d.Key] = d
		}
		came := soon && n.asked
		n.mu.Unlock()
		if came {
			n.wake()
		}
	}
}

// late shows what came while nothing could show it, if it is still unread and may be told now.
func (n *noticeBoard) late(ctx context.Context) {
	if show, _ := n.sender(); show == nil {
		return
	}
	n.mu.Lock()
	list := n.unshown
	n.unshown = map[string]notify.Notice{}
	n.mu.Unlock()
	if len(list) == 0 {
		return
	}
	now := n.now()
	if set := n.settings(now); set.Off || set.Hold || set.Quiet.Contain(now) {
		return // it stands in the bell
	}
	for key, d := range list {
		if strings.HasPrefix(key, ownNotice) {
			n.put(ctx, d)
			continue
		}
		if unread, err := n.s.replica.Unread(ctx, workroom.RoomID(key)); err == nil && unread > 0 {
			n.put(ctx, d)
		}
	}
}

func (n *noticeBoard) withdraw(ctx context.Context, key string) {
	n.mu.Lock()
	delete(n.unshown, key)
	n.mu.Unlock()
	if show, _ := n.sender(); show != nil {
		_ = show.withdraw(ctx, key) // it goes by itself in the end
	}
}
