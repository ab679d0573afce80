package app

import (
	"context"
	"log/slog"
	"strings"

	"trestle/internal/notify"
)

// openNotifier connects to the session bus, on which the desktop's notification service is or may come.
func openNotifier(ctx context.Context, _ *Core, h noticeHooks) (*notifier, error) {
	bus, err := notify.Connect(ctx, notify.Program{
		Name: "Trestle", ID: AppID, Act: h.act, Reply: h.reply, Changed: func(error) { h.changed() }, Address: h.bus,
	})
	if err != nil {
		return nil, err
	}
	return &notifier{
		show: func(ctx context.Context, n notify.Notice) error {
			if strings.HasPrefix(n.Key, ownNotice) {
				return bus.Show(ctx, n, roomButtons[:1]...)
			}
			return bus.Show(ctx, n, roomButtons...)
		},
		withdraw: bus.Withdraw,
		badge: func(count int) {
			if err := bus.Badge(count); err != nil {
				slog.Warn("badge", "error", traceOf(err))
			}
		},
		missing: bus.Missing, ended: bus.Ended(),
		close: func() { _ = bus.Close() },
	}, nil
}
