package app

import (
	"context"

	"trestle/internal/notify"
)

// openNotifier connects to the desktop's notification service.
func openNotifier(ctx context.Context, act func(key, action string)) (*notifier, error) {
	bus, err := notify.Connect(ctx, notify.Program{Name: "Trestle", ID: AppID, Act: act})
	if err != nil {
		return nil, err
	}
	return &notifier{
		show: func(ctx context.Context, n notify.Notice) error {
			return bus.Show(ctx, n, notify.Button{Action: "default", Label: "Open"})
		},
		withdraw: bus.Withdraw,
		close:    func() { _ = bus.Close() },
	}, nil
}
