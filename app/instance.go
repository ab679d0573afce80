package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"trestle/internal/replica"
)

// HolderLimit is how long a holder of the data folder may be silent before a
// second start gives up and names it.
const HolderLimit = 3 * time.Second

// Instance is the one running copy for a data folder. It holds the folder's
// lock for as long as it lives, and answers other starts and the command line on
// a socket: the same calls as the page's, and "show yourself, with these
// arguments". A lock that is held is never taken away.
type Instance struct {
	dirs   Dirs
	lock   *flock.Flock
	server *http.Server
	served chan struct{}
	calls  atomic.Pointer[Dispatcher]
	shows  chan []string
	once   sync.Once
}

// holderNote is <data>/instance.json: how to reach the holder.
type holderNote struct {
	PID    int    `json:"pid"`
	Net    string `json:"net"` // unix, or tcp on Windows
	Addr   string `json:"addr"`
	Secret string `json:"secret"` // shown on every request; the file is 0600
}

// startLimit is how long a holder that answers may go on starting: a large store
// may be brought to a new version first.
const startLimit = 2 * time.Minute

// Join makes this process the holder of the data folder, or finds the one that
// is: exactly one of the two is set, or an error. A holder that is starting is
// waited for. One that is silent for HolderLimit is named with CodeHeld, and left
// alone. The folders must have been made.
func Join(ctx context.Context, dirs Dirs) (*Instance, *Remote, error) {
	begun := time.Now()
	heard := begun // when the holder last answered, or the last one ended
	for {
		inst, err := claim(dirs)
		if inst != nil || err != nil {
			return inst, nil, err
		}
		ready, remote, deaf := reach(ctx, dirs, heard.Add(HolderLimit))
		switch {
		case ctx.Err() != nil:
			return nil, nil, ctx.Err()
		case deaf == nil && ready:
			return nil, remote, nil
		case deaf == nil:
			heard = time.Now()
		}
		if time.Since(heard) >= HolderLimit || time.Since(begun) >= startLimit {
			return nil, nil, heldBy(dirs, deaf)
		}
		time.Sleep(30 * time.Millisecond) // it is just starting, or just ending
	}
}

// reach asks the holder whether it is ready, until a moment in time.
func reach(ctx context.Context, dirs Dirs, until time.Time) (ready bool, remote *Remote, err error) {
	remote, err = Dial(dirs)
	if err != nil {
		return false, nil, err
	}
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	ready, err = remote.Ready(ctx)
	return ready, remote, err
}

// heldBy is the failure that names a silent holder.
func heldBy(dirs Dirs, cause error) error {
	slog.Warn("the holder of the data folder is silent", "error", traceOf(cause))
	who := "another process"
	if note, err := readNote(dirs); err == nil {
		who = fmt.Sprintf("process %d", note.PID)
	}
	return Fail(CodeHeld, "Trestle already runs for this data folder ("+who+") and does not answer. "+
		"Wait, or end that process; nothing was changed.")
}

// claim takes the lock and begins to answer. It answers nil and no error if
// somebody else holds it.
func claim(dirs Dirs) (*Instance, error) {
	lock := flock.New(filepath.Join(dirs.Data, "lock"), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if !got {
		return nil, nil
	}
	i := &Instance{dirs: dirs, lock: lock, shows: make(chan []string, 16), served: make(chan struct{})}
	if err := i.listen(); err != nil {
		if errors.Is(err, syscall.ENOSPC) {
			err = Fail(string(replica.DiskFull), "The disk is full: nothing can be written in "+dirs.Data+". Everything saved before is kept; free some space and start again.")
		}
		return nil, errors.Join(fmt.Errorf("open the socket: %w", err), lock.Unlock())
	}
	return i, nil
}

// listen opens the socket and says in instance.json where it is.
func (i *Instance) listen() error {
	l, err := listenLocal(i.dirs)
	if err != nil {
		return err
	}
	note := holderNote{PID: os.Getpid(), Net: l.Addr().Network(), Addr: l.Addr().String(), Secret: newKey()}
	body, err := json.Marshal(note)
	if err == nil {
		err = writeWhole(filepath.Join(i.dirs.Data, "instance.json"), body, 0o600)
	}
	if err != nil {
		return errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /show", i.show)
	mux.HandleFunc("POST /ready", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, json.RawMessage(strconv.FormatBool(i.calls.Load() != nil)), nil)
	})
	mux.HandleFunc("POST /call/{name}", func(w http.ResponseWriter, r *http.Request) {
		calls := i.calls.Load()
		if calls == nil {
			answer(w, http.StatusServiceUnavailable, nil, Fail(CodeStarting, "Trestle is still starting."))
			return
		}
		serveCall(w, r, calls)
	})
	i.server = &http.Server{
		Handler:           withSecret(note.Secret, mux),
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	go func() {
		defer close(i.served)
		if err := i.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("socket ended", "error", traceOf(err))
		}
	}()
	return nil
}

// withSecret lets through only who could read instance.json.
func withSecret(secret string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !sameSecret(r.Header.Get("Authorization"), "Bearer "+secret) {
			answer(w, http.StatusUnauthorized, nil, Fail("signed_out", "Not let in."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// show keeps another start's arguments until the program takes them.
func (i *Instance) show(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Args []string `json:"args"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in); err != nil {
		answer(w, http.StatusBadRequest, nil, badInput(err))
		return
	}
	select {
	case i.shows <- in.Args:
		answer(w, http.StatusOK, json.RawMessage(`{}`), nil)
	default:
		answer(w, http.StatusServiceUnavailable, nil, Fail(CodeStarting, "Trestle is still starting."))
	}
}

// Serve begins to answer calls; until then they get CodeStarting.
func (i *Instance) Serve(calls *Dispatcher) { i.calls.Store(calls) }

// Shows delivers the arguments of each other start, in the order they came, also
// of those that came before anybody listened.
func (i *Instance) Shows() <-chan []string { return i.shows }

// Close ends the socket and gives the data folder free. The lock's file stays:
// deleting it would let two processes each lock their own.
func (i *Instance) Close() error {
	var err error
	i.once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if i.server.Shutdown(ctx) != nil {
			i.server.Close()
		}
		<-i.served
		_ = os.Remove(filepath.Join(i.dirs.Data, "instance.json")) // stale is as good as gone
		err = i.lock.Unlock()
	})
	return err
}

// readNote reads where the holder is.
func readNote(dirs Dirs) (holderNote, error) {
	var note holderNote
	body, err := os.ReadFile(filepath.Join(dirs.Data, "instance.json"))
	if err != nil {
		return note, err
	}
	return note, json.Unmarshal(body, &note)
}
