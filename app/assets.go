package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"trestle/frontend"
)

// ContentSecurity is the policy of every page and answer, in both faces. The UI
// may set styles from script objects but not from markup, and reach nothing but
// its own origin.
const ContentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"media-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'none'; object-src 'none'; " +
	"base-uri 'none'; form-action 'none'"

// sandboxed is the policy of a stored file's answer: should one ever be shown as
// a page, it runs nothing.
const sandboxed = "default-src 'none'; style-src 'none'; sandbox"

// PieceLimit is the largest piece of a file that a page may put at once, in
// bytes. Larger bodies crash or arrive empty in some webviews.
const PieceLimit = 1 << 20

// StoredFile is what a page gets for a file's id.
type StoredFile struct {
	Content io.ReadSeekCloser
	Name    string // for saving; may be empty
	Type    string // a media type; empty means unknown
	ModTime time.Time
	// Inline says that the program made these bytes itself (a thumbnail, a
	// re-encoded picture), so they may be shown where they stand. All else is
	// an attachment.
	Inline bool
}

// Files is how the faces reach stored files. Ids are those of the page's
// vocabulary, 36 hexadecimal digits and dashes; they are never joined to a path.
type Files struct {
	// Open answers the file for an id, or an error with a code. A width above 0
	// asks for a small picture of about that many pixels.
	Open func(ctx context.Context, id string, width int) (StoredFile, error)
	// Put stores a piece that begins at byte at, and answers where the next one
	// begins. A piece may come twice.
	Put func(ctx context.Context, id string, at int64, piece []byte) (next int64, err error)
}

var fileID = regexp.MustCompile(`^[0-9a-f-]{36}$`)

// Pages is the built UI, with index.html at its root; an empty folder in a
// checkout whose UI was not built.
func Pages() fs.FS {
	sub, err := fs.Sub(frontend.Dist, "dist")
	if err != nil { // only a malformed name brings that about
		panic(err)
	}
	return sub
}

// built reports whether dist holds the pages of the UI.
func built(dist fs.FS) bool {
	if dist == nil {
		return false
	}
	_, err := fs.Stat(dist, "index.html")
	return err == nil
}

// secured adds to every answer the headers that keep a page in its place.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", ContentSecurity)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// pages serves the built UI. Names that carry a hash are kept for a year, the
// page itself is asked for each time. Unknown names are 404: there is no
// fallback to the page, its places are fragments.
func pages(dist fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "not here", http.StatusMethodNotAllowed)
			return
		}
		if !built(dist) {
			http.Error(w, "This copy of Trestle was built without its pages (npm run build).", http.StatusNotFound)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" {
			name = "index.html"
		}
		b, err := fs.ReadFile(dist, name) // fs.ValidPath refuses .. , empty parts and a leading slash
		if err != nil || strings.ContainsAny(name, "\\\x00") {
			http.NotFound(w, r)
			return
		}
		if t := pageTypes[path.Ext(name)]; t != "" {
			w.Header().Set("Content-Type", t)
		}
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(b))
	})
}

// windowPages is what the window's own scheme answers: the pages and the files,
// without keys, because nothing but our page can ask.
func windowPages(f Files) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/file/{id}", f)
	mux.Handle("/bridge/put/{id}", f)
	mux.HandleFunc("/bridge/", http.NotFound)
	mux.HandleFunc("/file/", http.NotFound)
	mux.Handle("/", pages(Pages()))
	return secured(mux)
}

// pageTypes are the types of what a build of the UI holds. The system's own list
// is not asked: it may call a script text/plain, and then no browser runs it.
var pageTypes = map[string]string{
	".html":  "text/html; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".json":  "application/json",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".ico":   "image/x-icon",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// ServeHTTP answers GET /file/ID and PUT /bridge/put/ID?at=N; everything else is
// 404. The http face stands a check of keys before it, the window needs none.
func (f Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind, id := path.Split(r.URL.Path)
	switch {
	case !fileID.MatchString(id):
		http.NotFound(w, r)
	case kind == "/file/" && f.Open != nil && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		f.get(w, r, id)
	case kind == "/bridge/put/" && f.Put != nil && r.Method == http.MethodPut:
		f.put(w, r, id)
	default:
		http.NotFound(w, r)
	}
}

// get answers a stored file. Whatever the error, the page sees 404: absent and
// forbidden look alike.
func (f Files) get(w http.ResponseWriter, r *http.Request, id string) {
	width, _ := strconv.Atoi(r.URL.Query().Get("w")) // anything else is 0: the whole file
	file, err := f.Open(r.Context(), id, width)
	if err != nil {
		AsFailure(err) // logs what is not a plain refusal
		http.NotFound(w, r)
		return
	}
	defer file.Content.Close()
	h := w.Header()
	h.Set("Cache-Control", "private, no-store") // what is deleted leaves no copy in the page's cache, and each look at a screenshot is asked for (T-08, T-09)
	kind := file.Type
	if kind == "" || !file.Inline && !showable(kind) {
		kind = "application/octet-stream"
	}
	h.Set("Content-Type", kind)
	if !file.Inline {
		h.Set("Content-Security-Policy", sandboxed)
		h.Set("Content-Disposition", disposition(file.Name))
	}
	http.ServeContent(w, r, "", file.ModTime, file.Content)
}

// showable are the types an attachment may keep: a page plays them from a
// fetched blob. Everything else is bytes, so that no browser makes a page of it.
func showable(kind string) bool {
	main, _, err := mime.ParseMediaType(kind)
	if err != nil {
		return false
	}
	switch main {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm",
		"audio/mpeg", "audio/ogg", "audio/mp4", "audio/wav", "audio/webm":
		return true
	}
	return false
}

// disposition is RFC 6266: saved, never opened, with the name in UTF-8.
func disposition(name string) string {
	if name == "" {
		return "attachment"
	}
	var b strings.Builder
	b.WriteString("attachment; filename*=UTF-8''")
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(uint64(c)+0x100, 16)[1:]))
		}
	}
	return b.String()
}

// put stores one piece.
func (f Files) put(w http.ResponseWriter, r *http.Request, id string) {
	at, err := strconv.ParseInt(r.URL.Query().Get("at"), 10, 64)
	if err != nil || at < 0 {
		answer(w, http.StatusBadRequest, nil, Fail(CodeBadInput, "A piece needs the place where it begins."))
		return
	}
	piece, err := io.ReadAll(http.MaxBytesReader(w, r.Body, PieceLimit))
	if err != nil {
		status, f := bodyFault(err)
		answer(w, status, nil, f)
		return
	}
	next, err := f.Put(r.Context(), id, at, piece)
	if err != nil {
		answer(w, http.StatusUnprocessableEntity, nil, AsFailure(err))
		return
	}
	answer(w, http.StatusOK, []byte(`{"next":`+strconv.FormatInt(next, 10)+`}`), nil)
}

// bodyFault tells a body that is too large from one that broke off.
func bodyFault(err error) (int, *Failure) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return http.StatusRequestEntityTooLarge, Fail(CodeBadInput, "More than "+strconv.FormatInt(large.Limit, 10)+" bytes at once.")
	}
	return http.StatusBadRequest, Fail(CodeBadInput, "The request broke off.")
}
