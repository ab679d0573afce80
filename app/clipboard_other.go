//go:build !linux

package app

import "context"

// ClipboardPicture answers CodeNotHere: the webviews of this system read
// pictures themselves.
func ClipboardPicture(context.Context) ([]byte, error) {
	return nil, Fail(CodeNotHere, "There is no picture on the clipboard.")
}
