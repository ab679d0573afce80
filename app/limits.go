package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"trestle/internal/workroom"
)

// limitsEvery is how often the service is asked what it takes.
const limitsEvery = time.Hour

// fileLimits is what the service takes, as it was last heard: R1, F-12. Offline, and before the service has answered for the first time,
// what is known counts; the service decides anyway.
type fileLimits struct {
	mu      sync.Mutex
	path    string
	MaxFile int64    `json:"maxFile"`
	Refused []string `json:"refused"`
}

func openLimits(dir string) *fileLimits {
	l := &fileLimits{path: filepath.Join(dir, "limits.json")}
	if b, err := os.ReadFile(l.path); err == nil {
		_ = json.Unmarshal(b, l) // a damaged note is no note
	}
	return l
}

// limits are the most bytes of a file, and the types the service refuses.
func (s *Session) limits() (int64, []string) {
	s.fileLimits.mu.Lock()
	defer s.fileLimits.mu.Unlock()
	most := s.fileLimits.MaxFile
	if most <= 0 || most > workroom.MaxFileSize {
		most = workroom.MaxFileSize
	}
	return most, s.fileLimits.Refused
}

// learnLimits asks the service what it takes, now and each hour.
func (s *Session) learnLimits(ctx context.Context) {
	for {
		wait := limitsEvery
		if m, err := s.client.Meta(ctx); err == nil {
			s.fileLimits.learn(m.MaxFile, m.RefuseTypes)
		} else {
			wait = time.Minute
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (l *fileLimits) learn(most int64, refused []string) {
	refused, bad := workroom.CleanTypes(refused)
	if bad != "" {
		return // of another kind of service
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.MaxFile, l.Refused = most, refused
	b, err := json.Marshal(l)
	if err == nil {
		err = writeWhole(l.path, b, 0o600)
	}
	if err != nil {
		slog.Warn("keep the service's limits", "error", traceOf(err))
	}
}
