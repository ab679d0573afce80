package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// CallBody is the largest argument of a call over http or the socket, in bytes.
const CallBody = 1 << 20

// Bridge is the browser face: the same UI and the same calls as the window, over
// http on the loopback address. A page gets in with a token that works once,
// within a minute, and travels in the fragment of the address, which reaches no
// log and no referrer. From then on it shows a bearer, which it keeps for its own
// tab. There are no cookies: they ignore ports, so another local server would get
// ours. Host, Origin and Sec-Fetch-Site are checked on every request, so neither
// a rebound name nor another site's page gets through.
type Bridge struct {
	opt       BridgeOptions
	listener  net.Listener
	server    *http.Server
	host      string // 127.0.0.1:PORT
	keys      *passes
	stop      context.CancelFunc
	ctx       context.Context
	once      sync.Once
	listening atomic.Int32 // pages that are open, by their streams of events
}

// BridgeOptions is what a bridge serves.
type BridgeOptions struct {
	Calls  *Dispatcher
	Events *Events
	Pages  fs.FS // frontend/dist
	Files  Files
	// DevOrigin, if set, is the origin of a page server under development,
	// allowed besides our own. Copies built for people refuse it.
	DevOrigin string
}

// OpenBridge listens on a free port of 127.0.0.1. Serve answers requests.
func OpenBridge(opt BridgeOptions) (*Bridge, error) {
	if opt.DevOrigin != "" {
		if production {
			return nil, Fail(CodeNotHere, "This copy was built for use, not for development: --dev-origin is not taken.")
		}
		if !strings.HasPrefix(opt.DevOrigin, "http://127.0.0.1:") && !strings.HasPrefix(opt.DevOrigin, "http://localhost:") {
			return nil, Fail(CodeBadInput, "--dev-origin takes an address of this computer, such as http://127.0.0.1:5173.")
		}
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the bridge: %w", err)
	}
	b := &Bridge{opt: opt, listener: l, host: l.Addr().String(), keys: newPasses()}
	b.ctx, b.stop = context.WithCancel(context.Background())
	b.server = &http.Server{
		Handler:           b.routes(),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return b.ctx },
	}
	return b, nil
}

// Invite makes an address that opens the UI once, within a minute. where is a
// place in the UI to begin at, such as "room/ID", or empty.
func (b *Bridge) Invite(where string) string {
	u := "http://" + b.host + "/#t=" + b.keys.invite(time.Now())
	if where != "" {
		u += "&go=" + where
	}
	return u
}

// Listening reports whether a page is open.
func (b *Bridge) Listening() bool { return b.listening.Load() > 0 }

// Origin answers the address that pages of this bridge have: http://127.0.0.1:PORT.
func (b *Bridge) Origin() string { return "http://" + b.host }

// Serve answers requests until Close or five wrong tokens. Closing is no error;
// the wrong tokens are.
func (b *Bridge) Serve() error {
	err := b.server.Serve(b.listener)
	if b.keys.shut() {
		return Fail("wrong_tokens", "The browser's way in was closed: five wrong tokens were tried.")
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve the bridge: %w", err)
}

// Close ends every open stream and the listener.
func (b *Bridge) Close() {
	b.once.Do(func() {
		b.stop()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if b.server.Shutdown(ctx) != nil {
			b.server.Close()
		}
	})
}

// routes lists what a page may ask for.
func (b *Bridge) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /bridge/open", b.open)
	mux.Handle("POST /bridge/call/{name}", b.withBearer(http.HandlerFunc(b.call)))
	mux.Handle("GET /bridge/events", b.withBearer(http.HandlerFunc(b.events)))
	mux.Handle("PUT /bridge/put/{id}", b.withBearer(b.opt.Files))
	mux.HandleFunc("GET /file/{id}", func(w http.ResponseWriter, r *http.Request) {
		if !b.keys.mayRead(r.URL.Query().Get("k")) {
			answer(w, http.StatusUnauthorized, nil, Fail("signed_out", "This page is not let in any more."))
			return
		}
		b.opt.Files.ServeHTTP(w, r)
	})
	mux.HandleFunc("/bridge/", http.NotFound)
	mux.HandleFunc("/file/", http.NotFound)
	mux.Handle("/", pages(b.opt.Pages))
	return secured(b.fromHere(mux))
}

// fromHere lets through only requests of our own pages on this computer.
func (b *Bridge) fromHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if why := b.foreign(r); why != "" {
			slog.Warn("bridge refused a request", "why", why, "method", r.Method)
			answer(w, http.StatusForbidden, nil, Fail("forbidden", "Not from here."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// foreign names what is wrong with where a request comes from, or answers "".
func (b *Bridge) foreign(r *http.Request) string {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if ip := net.ParseIP(peer); err != nil || ip == nil || !ip.IsLoopback() {
		return "peer"
	}
	if r.Host != b.host {
		return "host"
	}
	origin := r.Header.Get("Origin")
	ours := origin == b.Origin() || b.opt.DevOrigin != "" && origin == b.opt.DevOrigin
	if origin != "" && !ours {
		return "origin"
	}
	if origin == "" && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return "no origin"
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return ""
	}
	return "fetch site"
}

// open trades the one-time token for a bearer and a key for files.
func (b *Bridge) open(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Token string `json:"token"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4096)).Decode(&in); err != nil {
		answer(w, http.StatusBadRequest, nil, badInput(err))
		return
	}
	bearer, fileKey, failure := b.keys.open(in.Token, time.Now())
	if failure != nil {
		slog.Error("bridge token refused", "code", failure.Code)
		answer(w, http.StatusForbidden, nil, failure)
		if b.keys.shut() {
			go b.Close()
		}
		return
	}
	value, err := json.Marshal(map[string]string{"bearer": bearer, "fileKey": fileKey})
	if err != nil {
		answer(w, http.StatusInternalServerError, nil, AsFailure(err))
		return
	}
	answer(w, http.StatusOK, value, nil)
}

// withBearer lets through only pages that were opened.
func (b *Bridge) withBearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || !b.keys.mayCall(token) {
			answer(w, http.StatusUnauthorized, nil, Fail("signed_out", "This page is not let in any more."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// call runs one bound method.
func (b *Bridge) call(w http.ResponseWriter, r *http.Request) { serveCall(w, r, b.opt.Calls) }

// serveCall answers POST …/{name} with a JSON argument: 200 with a value or an
// error of ours; another status when the request itself is wrong.
func serveCall(w http.ResponseWriter, r *http.Request, calls *Dispatcher) {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
		answer(w, http.StatusUnsupportedMediaType, nil, Fail(CodeBadInput, "A call takes application/json."))
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, CallBody))
	if err != nil {
		status, f := bodyFault(err)
		answer(w, status, nil, f)
		return
	}
	value, err := calls.Call(r.Context(), r.PathValue("name"), raw)
	if err != nil {
		f, status := AsFailure(err), http.StatusOK
		if f.Code == CodeNoMethod {
			status = http.StatusNotFound
		}
		answer(w, status, nil, f)
		return
	}
	answer(w, http.StatusOK, value, nil)
}

// events streams what happens, as server-sent events.
func (b *Bridge) events(w http.ResponseWriter, r *http.Request) {
	b.listening.Add(1)
	defer b.listening.Add(-1)
	sub := b.opt.Events.Subscribe()
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		after, err := strconv.ParseUint(last, 10, 64)
		if err != nil {
			after = ^uint64(0) // never given: a gap
		}
		sub = b.opt.Events.Resume(after)
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	if _, err := fmt.Fprint(w, ": open\n\n"); err != nil || out.Flush() != nil {
		return
	}
	for r.Context().Err() == nil {
		wait, cancel := context.WithTimeout(r.Context(), keepOpen)
		got := sub.Next(wait)
		cancel()
		var text strings.Builder
		for _, e := range got {
			fmt.Fprintf(&text, "id: %d\nevent: %s\ndata: %s\n\n", e.ID, e.Name, e.Payload)
		}
		if len(got) == 0 {
			text.WriteString(":\n\n")
		}
		if _, err := fmt.Fprint(w, text.String()); err != nil || out.Flush() != nil {
			return
		}
	}
}

// keepOpen is how often a silent stream sends a comment.
const keepOpen = 25 * time.Second

// answer writes {"value":…} or {"error":…}.
func answer(w http.ResponseWriter, status int, value json.RawMessage, failure *Failure) {
	out := struct {
		Value json.RawMessage `json:"value,omitempty"`
		Error *Failure        `json:"error,omitempty"`
	}{value, failure}
	body, err := json.Marshal(out)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":`+incident("answer does not marshal", err).Error()+`}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the page is gone if this fails
}
