package app

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// Five files of 5 MiB are kept: trestle.log and trestle.log.1 to .4.
const (
	logSize  = 5 << 20
	logFiles = 5
)

// OpenLog sends the log to dir/trestle.log as JSON lines, and makes it the
// default of slog and of the standard log package, where systray writes. It
// holds ids, codes and counts; never a message, memo, file name, window title or
// token, and errors only as traceOf renders them. If dir cannot be written the
// log goes to standard error and the error says so.
func OpenLog(dir string) (io.Closer, error) {
	f, err := openRotating(filepath.Join(dir, "trestle.log"), logSize)
	var out io.Writer = os.Stderr
	var closer io.Closer = io.NopCloser(nil)
	if err == nil {
		out, closer = f, f
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(out, nil)))
	log.SetFlags(0)
	log.SetOutput(stdLines{})
	if err != nil {
		return closer, fmt.Errorf("open the log: %w", err)
	}
	return closer, nil
}

// stdLines takes what libraries write to the standard logger, with quoted parts
// and paths left out.
type stdLines struct{}

func (stdLines) Write(p []byte) (int, error) {
	slog.Warn("library", "line", scrub(string(trimEOL(p))))
	return len(p), nil
}

func trimEOL(p []byte) []byte {
	for len(p) > 0 && (p[len(p)-1] == '\n' || p[len(p)-1] == '\r') {
		p = p[:len(p)-1]
	}
	return p
}

// rotating is a file that is put aside when it reaches its limit, keeping
// logFiles of them.
type rotating struct {
	mu    sync.Mutex
	path  string
	limit int64
	f     *os.File
	size  int64
}

func openRotating(path string, limit int64) (*rotating, error) {
	r := &rotating{path: path, limit: limit}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return r, r.open()
}

// open continues the newest file.
func (r *rotating) open() error {
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return err
	}
	r.f, r.size = f, info.Size()
	return nil
}

// Write writes one line. A line never straddles two files.
func (r *rotating) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.f == nil {
		return 0, os.ErrClosed
	}
	if r.size > 0 && r.size+int64(len(p)) > r.limit {
		r.rotate()
		if r.f == nil {
			return 0, os.ErrClosed
		}
	}
	n, err := r.f.Write(p)
	r.size += int64(n)
	return n, err
}

// rotate moves each file up by one and begins a new one. What cannot be moved is
// written on to: a log that is too long beats none.
func (r *rotating) rotate() {
	r.f.Close()
	r.f = nil
	for i := logFiles - 1; i > 0; i-- {
		from := r.path
		if i > 1 {
			from += "." + strconv.Itoa(i-1)
		}
		_ = os.Rename(from, r.path+"."+strconv.Itoa(i))
	}
	if r.open() != nil {
		r.f = nil
	}
}

// Close ends the log.
func (r *rotating) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.f == nil {
		return nil
	}
	f := r.f
	r.f = nil
	return f.Close()
}
