package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// ClipboardPicture answers the picture on the clipboard as PNG bytes, for pages
// whose webview cannot read it. It asks wl-paste or xclip, whichever is there.
// CodeNotHere: neither is, or there is no picture.
func ClipboardPicture(ctx context.Context) ([]byte, error) {
	ways := [][]string{{"xclip", "-selection", "clipboard", "-t", "image/png", "-o"}}
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		ways = append([][]string{{"wl-paste", "--no-newline", "--type", "image/png"}}, ways...)
	}
	for _, argv := range ways {
		path, err := exec.LookPath(argv[0])
		if err != nil {
			continue
		}
		b, err := outputOf(ctx, path, argv[1:])
		if err != nil {
			return nil, err
		}
		if bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")) {
			return b, nil
		}
		return nil, Fail(CodeNotHere, "There is no picture on the clipboard.")
	}
	return nil, Fail(CodeNotHere, "The clipboard's pictures cannot be read here. Choose the file instead.")
}

// outputOf runs a program for at most three seconds and answers what it writes,
// up to ClipboardLimit. A program that fails has nothing to say.
func outputOf(ctx context.Context, path string, args []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("read the clipboard: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(out, ClipboardLimit+1))
	if len(b) > ClipboardLimit {
		cancel()
	}
	ended := cmd.Wait()
	switch {
	case len(b) > ClipboardLimit:
		return nil, Fail(CodeBadInput, "The picture on the clipboard is larger than 64 MiB.")
	case err != nil:
		return nil, fmt.Errorf("read the clipboard: %w", err)
	case ctx.Err() != nil:
		return nil, fmt.Errorf("read the clipboard: %w", ctx.Err())
	}
	var exit *exec.ExitError
	if ended != nil && !errors.As(ended, &exit) {
		return nil, fmt.Errorf("read the clipboard: %w", ended)
	}
	return b, nil
}
