//go:build !linux && !windows && !(desktop && darwin)

package app

import (
	"context"
	"errors"
	"fmt"

	"trestle/internal/notify"
)

// openNotifier answers that this system's notices are not used yet: everything stands in the window.
func openNotifier(context.Context, *Core, noticeHooks) (*notifier, error) {
	return nil, &notify.Unavailable{Err: fmt.Errorf("a sender for this system: %w", errors.ErrUnsupported)}
}
