package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"trestle/internal/notify"
	"trestle/internal/tray"
)

// openNotifier connects to the session bus, on which the desktop's notification service is or may come.
func openNotifier(ctx context.Context, c *Core, h noticeHooks) (*notifier, error) {
	bus, err := notify.Connect(ctx, notify.Program{
		Name: "Trestle", ID: AppID, Icon: noticeIcon(c.dirs.Cache), Act: h.act, Reply: h.reply, Changed: func(error) { h.changed() }, Address: h.bus,
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

// noticeIcon is the picture beside a notice: a file, because the icons of the system have ours only where the program was installed.
func noticeIcon(cache string) string {
	path := filepath.Join(cache, "icon.png")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := writeWhole(path, tray.PNG(tray.AppIcon(64)), 0o600); err != nil {
		slog.Info("keep the icon for notices", "error", traceOf(err))
		return AppID
	}
	return path
}
