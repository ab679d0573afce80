//go:build desktop && darwin

package app

import (
	"context"
	"errors"
	"strings"
	"time"

	wails_runtime "github.com/wailsapp/wails/v2/pkg/runtime"

	"trestle/internal/notify"
)

// roomNotices names the kind of notice that can be answered and muted.
const roomNotices = "room"

// windowTime is how long the window may take to come.
const windowTime = 10 * time.Second

// openNotifier uses macOS' own notices, which only a signed bundle with a window may send, after the person allowed it. Their texts are plain text
// there; a notice of a room takes the place of the one before.
func openNotifier(ctx context.Context, c *Core, h noticeHooks) (*notifier, error) {
	w, err := c.macWindow(ctx)
	if err != nil {
		return nil, err
	}
	if err := wails_runtime.InitializeNotifications(w); err != nil {
		return nil, &notify.Unavailable{Err: err}
	}
	allowed := make(chan error, 1)
	go func() { // the person is asked, and may take minutes
		ok, err := wails_runtime.RequestNotificationAuthorization(w)
		if err == nil && !ok {
			err = errors.New("the person does not allow notices")
		}
		allowed <- err
	}()
	select {
	case err = <-allowed:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err == nil {
		err = wails_runtime.RegisterNotificationCategory(w, wails_runtime.NotificationCategory{
			ID: roomNotices, HasReplyField: true, ReplyPlaceholder: "Reply", ReplyButtonTitle: "Reply",
			Actions: []wails_runtime.NotificationAction{{ID: noticeMute, Title: "Mute this room"}},
		})
	}
	if err != nil {
		return nil, &notify.Unavailable{Err: err}
	}
	wails_runtime.OnNotificationResponse(w, func(r wails_runtime.NotificationResult) {
		key := r.Response.ID
		switch {
		case r.Error != nil || key == "":
		case r.Response.UserText != "":
			h.reply(key, r.Response.UserText)
		case r.Response.ActionIdentifier == noticeMute:
			h.act(key, noticeMute)
		default:
			h.act(key, "default")
		}
	})
	return &notifier{
		show: func(_ context.Context, n notify.Notice) error {
			o := wails_runtime.NotificationOptions{ID: n.Key, Title: n.Title, Body: n.Body}
			send := wails_runtime.SendNotification
			if !strings.HasPrefix(n.Key, ownNotice) {
				o.CategoryID, send = roomNotices, wails_runtime.SendNotificationWithActions
			}
			if err := send(w, o); err != nil {
				return &notify.Unavailable{Err: err}
			}
			return nil
		},
		withdraw: func(_ context.Context, key string) error { return wails_runtime.RemoveDeliveredNotification(w, key) },
		missing:  func() error { return nil },
		close:    func() {},
	}, nil
}

// macWindow waits for the window and answers the context that Wails knows it by.
func (c *Core) macWindow(ctx context.Context) (context.Context, error) {
	ctx, stop := context.WithTimeout(ctx, windowTime)
	defer stop()
	for {
		c.mu.Lock()
		w, ok := c.face.(*window)
		c.mu.Unlock()
		if ok {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.ctx, nil
		}
		select {
		case <-ctx.Done():
			return nil, &notify.Unavailable{Err: errors.New("there is no window")}
		case <-time.After(100 * time.Millisecond):
		}
	}
}
