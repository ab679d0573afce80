package app

import (
	"context"
	"log/slog"
	"strings"

	"trestle/internal/notify"
)

// openNotifier connects to the desktop's notification service.
func openNotifier(ctx context.Context, act, reply func(key, text string)) (*notifier, error) {
	bus, err := notify.Connect(ctx, notify.Program{Name: "Trestle", ID: AppID, Act: act, Reply: reply})
	if err != nil {
		return nil, err
	}
	return &notifier{
		show: func(ctx context.Context, n notify.Notice) error {
			buttons := []notify.Button{{Action: "default", Label: "Open"}}
			if !strings.HasPrefix(n.Key, ownNotice) {
				buttons = append(buttons, notify.Button{Action: notify.ReplyAction, Label: "Reply"}, notify.Button{Action: noticeMute, Label: "Mute this room"})
			}
			return bus.Show(ctx, n, buttons...)
		},
		withdraw: bus.Withdraw,
		badge: func(count int) {
			if err := bus.Badge(count); err != nil {
				slog.Warn("badge", "error", traceOf(err))
			}
		},
		close: func() { _ = bus.Close() },
	}, nil
}
