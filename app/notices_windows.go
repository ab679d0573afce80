package app

import (
	"context"
	"strings"

	"trestle/internal/notify"
)

// openNotifier uses Windows' toasts.
func openNotifier(_ context.Context, _ *Core, h noticeHooks) (*notifier, error) {
	toasts, err := notify.OpenToasts(notify.Program{Name: "Trestle", ID: AppID, Act: h.act, Reply: h.reply})
	if err != nil {
		return nil, err
	}
	return &notifier{
		show: func(ctx context.Context, n notify.Notice) error {
			if strings.HasPrefix(n.Key, ownNotice) {
				return toasts.Show(ctx, n)
			}
			return toasts.Show(ctx, n, roomButtons...)
		},
		withdraw: func(context.Context, string) error { return nil }, // Windows keeps them in its notification centre
		missing:  func() error { return nil },
		close:    func() {},
	}, nil
}
