package service

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"path"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"trestle/internal/service/auth"
	"trestle/internal/service/files"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// MinClient is the oldest version of the program this service talks to.
const MinClient = "0.1.0"

// Caller is who asks, as the token says.
type Caller struct {
	Account workroom.AccountID
	Device  string
	token   store.Token
}

type callerKey struct{}

func callerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller) // ServeHTTP let nobody in without one, but for looking at an offer
	return c
}

type addressKey struct{}

// addressOf is where a question comes from, "" inside the program.
func addressOf(ctx context.Context) string {
	a, _ := ctx.Value(addressKey{}).(string)
	return a
}

func (s *Service) routes() {
	s.mux = http.NewServeMux()
	s.api = wire.NewAPI(s.mux, "Trestle", "1")
	wire.Serve(s.api, wire.OpMeta, s.meta)
	wire.Serve(s.api, wire.OpSignUp, s.signUp)
	wire.Serve(s.api, wire.OpSignIn, s.signIn)
	wire.Serve(s.api, wire.OpSignOut, s.signOut)
	wire.Serve(s.api, wire.OpLook, s.look)
	wire.Serve(s.api, wire.OpHeads, s.heads)
	wire.Serve(s.api, wire.OpOpen, s.openScopes)
	wire.Serve(s.api, wire.OpPull, s.pull)
	wire.Serve(s.api, wire.OpRange, s.rangeOf)
	wire.Serve(s.api, wire.OpThings, s.things)
	wire.Serve(s.api, wire.OpDigest, s.digest)
	wire.Serve(s.api, wire.OpWatch, s.watch)
	wire.Serve(s.api, wire.OpTyping, s.typing)
	wire.Serve(s.api, wire.OpPresence, s.setPresence)
	wire.Serve(s.api, wire.OpPeople, s.whoIs)
	wire.Serve(s.api, wire.OpCommands, s.commands)
	wire.Serve(s.api, wire.OpNewFile, s.newFile)
	wire.Serve(s.api, wire.OpComplete, s.complete)
	wire.Serve(s.api, wire.OpParts, s.parts)
	s.mux.HandleFunc(wire.OpEvents.Pattern(), s.events)
	s.mux.HandleFunc(wire.OpPutPart.Pattern(), s.putPart)
	s.mux.HandleFunc(wire.OpDownload.Pattern(), s.download)
	s.mux.HandleFunc(wire.OpThumb.Pattern(), s.thumb)
	s.mux.HandleFunc("GET /invite", invitePage)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { wire.Fail(workroom.NoAccess).Write(w) })
	s.small = gzip(s.mux)
	s.ops = map[string]wire.Info{}
	for _, op := range wire.All() {
		s.ops[op.Pattern()] = op
	}
}

// gzip compresses answers of a kilobyte and more for those who take it.
var gzip = func() func(http.Handler) http.HandlerFunc {
	w, err := gzhttp.NewWrapper(gzhttp.MinSize(1<<10), gzhttp.EnableZstd(false))
	if err != nil {
		panic(err) // the options above are fixed
	}
	return w
}()

// ServeHTTP answers a request. Every operation but those for anyone is behind a token, because they are looked up in the one table of
// operations here.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set(wire.HeaderService, s.store.Service)
	h.Set(wire.HeaderTime, strconv.FormatInt(s.now().UnixMicro(), 10))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if strings.HasPrefix(s.cfg.URL, "https://") {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	defer s.recover(w, r)
	if !straight(r) {
		wire.Fail(workroom.NoAccess).Write(w)
		return
	}
	ctx := r.Context()
	if a := s.address(r); a != "" {
		ctx = context.WithValue(ctx, addressKey{}, a)
	}
	_, pattern := s.mux.Handler(r)
	op, ok := s.ops[pattern]
	if op.Writes && tooOld(r.Header.Get(wire.HeaderClient), s.minClient()) { // reading goes on
		wire.Fail(workroom.ClientTooOld).Write(w)
		return
	}
	header := r.Header.Get("Authorization")
	if ok && (!op.Anyone || op.Name == wire.OpLook.Name && header != "") { // anyone may look at an offer, but who it is makes a difference
		c, err := s.authenticate(ctx, header)
		if err != nil {
			s.fail(ctx, "authenticate", err).Write(w)
			return
		}
		ctx = context.WithValue(ctx, callerKey{}, c)
	}
	if op.Name == wire.OpHeads.Name {
		w = quiet{w}
	}
	if ok && !op.Anyone && !op.Raw { // streams and files go as they are, and so do answers that hold a token
		s.small.ServeHTTP(w, r.WithContext(ctx))
		return
	}
	s.mux.ServeHTTP(w, r.WithContext(ctx))
}

// straight reports whether a request names a path as it is written here. ServeMux sends others elsewhere, or refuses them, in words of its own.
func straight(r *http.Request) bool {
	p := r.URL.EscapedPath()
	clean := path.Clean(p)
	return strings.HasPrefix(p, "/") && (p == clean || p == clean+"/")
}

// quiet leaves out of an answer that nothing changed what says how to treat a body: it has none, and it is the answer most often given.
type quiet struct{ http.ResponseWriter }

func (q quiet) WriteHeader(status int) {
	if status == http.StatusNotModified {
		h := q.Header()
		h.Del("X-Content-Type-Options")
		h.Del("Referrer-Policy")
		h.Del("Cache-Control")
	}
	q.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find what it needs.
func (q quiet) Unwrap() http.ResponseWriter { return q.ResponseWriter }

// address is where a request comes from. Behind a trusted proxy it is the last address the proxies name that is none of theirs; anybody
// else's word on it is not taken.
func (s *Service) address(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	at := from.Addr().Unmap()
	trusted := func() bool {
		return slices.ContainsFunc(s.cfg.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(at) })
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && trusted(); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop.Unmap()
	}
	return at.String()
}

// recover turns a panic into a typed answer with an incident's id; the log has the rest.
func (s *Service) recover(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	problem := s.incident(r.Context(), "serve", fmt.Errorf("panic: %T", p), string(debug.Stack()))
	problem.Write(w)
}

// incident logs a fault of ours and makes the answer that names it.
func (s *Service) incident(ctx context.Context, doing string, err error, stack string) *wire.Problem {
	p := wire.Fail(workroom.Internal)
	p.Retry, p.Incident = workroom.RetryLater, store.Random(6)
	s.log.ErrorContext(ctx, "incident", "id", p.Incident, "doing", doing, "error", err.Error(), "stack", stack)
	return p
}

// fail makes the answer to an error: a refusal as it is, a full disk and too much to do as "later", all else as an incident.
func (s *Service) fail(ctx context.Context, doing string, err error) *wire.Problem {
	var p *wire.Problem
	var r *workroom.Refusal
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &r):
		return wire.ProblemOf(r)
	case errors.Is(err, auth.ErrBusy), errors.Is(err, store.ErrBehind), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return busy()
	case errors.Is(err, files.ErrAway) && !errors.Is(err, syscall.ENOSPC):
		s.away(ctx, "blobs", doing, err)
		p = busy()
		p.Detail = "The service cannot reach its files right now. It goes on by itself."
		return p
	case store.IsAway(err):
		s.away(ctx, "database", doing, err)
		return busy()
	case store.IsFull(err), errors.Is(err, syscall.ENOSPC):
		s.log.ErrorContext(ctx, "disk full", "doing", doing, "error", err.Error())
		s.noRoom.note(store.IsFull(err), s.now())
		p = busy()
		p.Detail = "The service has no room on its disk right now. It goes on by itself when there is some."
		return p
	}
	return s.incident(ctx, doing, err, "")
}

// away has somebody look after a server that a request did not reach. What nobody looks after is told here, once a second: everybody meets
// it at once.
func (s *Service) away(ctx context.Context, name, doing string, err error) {
	if s.watchman != nil && s.watchman.meet(name) {
		return
	}
	if now := time.Now().Unix(); s.toldAway.Swap(now) != now {
		s.log.ErrorContext(ctx, "what this service needs is away", "backend", name, "doing", doing, "error", err.Error())
	}
}

func busy() *wire.Problem {
	p := wire.Fail(workroom.Busy)
	p.After = 2 * time.Second
	return p
}

func (s *Service) authenticate(ctx context.Context, header string) (Caller, error) {
	token := auth.TokenOf(header)
	if token == "" {
		return Caller{}, workroom.Refuse(workroom.SignedOut)
	}
	now := s.now()
	t, ok, err := s.token(ctx, auth.HashToken(token), now)
	if err != nil {
		return Caller{}, err
	}
	if !ok {
		return Caller{}, workroom.Refuse(workroom.SignedOut)
	}
	if now.Sub(time.UnixMicro(t.Used)) > time.Hour {
		err = s.store.Write(ctx, func(tx store.Tx) error { return tx.UseToken(ctx, t, now.UnixMicro()) })
		if err != nil && !store.IsFull(err) {
			return Caller{}, err
		}
	}
	return Caller{Account: t.Account, Device: t.Device, token: t}, nil
}

func (s *Service) token(ctx context.Context, hash string, now time.Time) (store.Token, bool, error) {
	t, ok, err := s.store.TokenByHash(ctx, hash)
	return t, ok && auth.TokenGood(time.UnixMicro(t.Made), time.UnixMicro(t.Used), now), err
}

func (s *Service) meta(ctx context.Context, _ *wire.None) (*wire.Meta, error) {
	mode, err := s.ContactMode(ctx)
	if err != nil {
		return nil, s.fail(ctx, "read the settings", err)
	}
	return &wire.Meta{
		ID: s.store.Service, Name: s.cfg.Name, Version: s.cfg.Version, Epoch: s.store.Epoch, MinClient: s.minClient(),
		Features: []string{"files", "thumbs", "invitations"}, MaxFile: s.cfg.MaxFile, RefuseTypes: s.cfg.RefuseTypes, OpenJoin: s.cfg.OpenJoin, Contact: mode, URL: strings.TrimSuffix(s.cfg.URL, "/"),
	}, nil
}

// minClient is the oldest version whose commands are taken.
func (s *Service) minClient() string {
	if s.cfg.MinClient != "" {
		return s.cfg.MinClient
	}
	return MinClient
}

// tooOld reports whether a client names a version below a minimum. One that names none, or nothing that reads as a version, is let in.
func tooOld(version, minimum string) bool {
	have, ok := numbers(version)
	need, _ := numbers(minimum)
	if !ok {
		return false
	}
	for i := range need {
		if have[i] != need[i] {
			return have[i] < need[i]
		}
	}
	return false
}

func numbers(version string) (out [3]int, ok bool) {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "-")
	parts := strings.Split(version, ".")
	if len(parts) != 3 {
		return out, false
	}
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil {
			return out, false
		}
		out[i] = n
	}
	return out, true
}
