//go:build !linux

package app

import (
	"context"
	"errors"

	"trestle/internal/notify"
)

// openNotifier answers that this system's notices are not used yet: everything stands in the window.
func openNotifier(context.Context, func(key, action string), func(key, text string)) (*notifier, error) {
	return nil, &notify.Unavailable{Err: errors.New("no sender for this system")}
}
