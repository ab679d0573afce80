package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"trestle/internal/workroom"
)

// Lengths of a password in characters.
const (
	MinPassword = 12
	MaxPassword = 256
)

// CheckPassword refuses a password that is easily guessed. own are words of the person: name and address.
func CheckPassword(p string, own ...string) *workroom.Refusal {
	bad := func(text string) *workroom.Refusal {
		return &workroom.Refusal{Code: workroom.BadInput, Field: "password", Text: text}
	}
	n := utf8.RuneCountInString(p)
	switch {
	case !utf8.ValidString(p):
		return bad("The password is not readable as UTF-8.")
	case n < MinPassword:
		return bad(fmt.Sprintf("The password needs at least %d characters. A few words in a row are easy to remember.", MinPassword))
	case n > MaxPassword:
		return bad(fmt.Sprintf("The password has at most %d characters.", MaxPassword))
	case common(p):
		return bad("This password is easily guessed. Choose another one.")
	}
	low := strings.ToLower(p)
	for _, w := range own {
		local, _, _ := strings.Cut(strings.ToLower(w), "@")
		for _, part := range append(strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), local) {
			if utf8.RuneCountInString(part) >= 4 && strings.Contains(low, part) {
				return bad("The password must not hold your own name or address.")
			}
		}
	}
	return nil
}

// common reports whether a password of twelve characters or more is of a kind that guessers try first: a well-known word or run of keys,
// repeated, counted up, decorated with digits and signs at its ends or with the usual letters swapped.
func common(p string) bool {
	p = strings.ToLower(p)
	if few(p) || run(p) {
		return true
	}
	core := strings.TrimFunc(p, func(r rune) bool { return !unicode.IsLetter(r) })
	plain := strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", " ", "", "-", "", "_", "", ".", "").Replace
	for _, form := range []string{core, plain(core), plain(p)} {
		rest := form
		for changed := true; changed && rest != ""; {
			changed = false
			for _, w := range words {
				if strings.Contains(rest, w) {
					rest, changed = strings.ReplaceAll(rest, w, ""), true
				}
			}
		}
		letters := strings.IndexFunc(rest, unicode.IsLetter) >= 0
		if form != "" && rest != form && !letters || form == "" {
			return true
		}
	}
	return false
}

// few reports whether a password has too few different characters or repeats a short piece.
func few(p string) bool {
	seen := map[rune]bool{}
	for _, r := range p {
		seen[r] = true
	}
	if len(seen) < 5 {
		return true
	}
	for n := 1; n <= len(p)/2; n++ {
		if len(p)%n == 0 && strings.Repeat(p[:n], len(p)/n) == p && n < 6 {
			return true
		}
	}
	return false
}

// run reports whether most of a password counts up or down, or follows a row of the keyboard.
func run(p string) bool {
	const rows = "qwertyuiop asdfghjkl zxcvbnm 1234567890 qwertzuiop azertyuiop 1qaz2wsx3edc4rfv5tgb6yhn zaq12wsx qazwsxedcrfvtgb"
	steps, n := 0, 0
	var last rune
	for i, r := range p {
		if i > 0 {
			n++
			d := r - last
			pair := string([]rune{last, r})
			back := string([]rune{r, last})
			if d >= -1 && d <= 1 || strings.Contains(rows, pair) || strings.Contains(rows, back) {
				steps++
			}
		}
		last = r
	}
	return n > 0 && steps*4 >= n*3
}

// words are pieces of the passwords that guessers try first, as we know them; a list of our own, not one of the published ones.
var words = strings.Fields(`password passwort passwd passphrase motdepasse contrasena contraseña senha parola haslo heslo wachtwoord
letmein welcome willkommen bienvenue bienvenido changeme secret secreto geheim iloveyou loveyou ichliebedich jetaime teamo tequiero princess
prinzessin princesse sunshine football fussball baseball basketball superman batman spiderman pokemon starwars matrix trustno monkey dragon
master shadow michael jennifer jordan hunter killer charlie daniel andrew thomas joshua jessica ashley nicole michelle amanda matthew robert
qwerty qwertz azerty asdfgh zxcvbn qazwsx zaqwsx abcdef abcd abc admin administrator administrateur root toor login user guest test tester
testing default system server computer internet google facebook windows linux trestle freelancer client work home summer winter spring autumn
sommer herbst monday friday january february december money freedom whatever nothing hello hallo bonjour ciao hola please access forever
liverpool chelsea arsenal barcelona realmadrid manchester ferrari mercedes porsche corvette mustang harley yankees cowboys steelers lakers
my is the and you your it this that one two three for ever me now man`)

// Params are those of argon2id (safety.md §7): 64 MiB, one pass, two lanes.
var Params = &argon2id.Params{Memory: 64 << 10, Iterations: 1, Parallelism: 2, SaltLength: 16, KeyLength: 32}

// ErrBusy says that too many people sign in at this moment.
var ErrBusy = errors.New("too many sign-ins at once")

// Hasher makes and checks password hashes, two at a time with 32 waiting; each takes 64 MiB. Whoever comes beyond that gets ErrBusy at once,
// so that a crowd that signs in together costs time and never the service's memory.
type Hasher struct {
	slots   chan struct{}
	waiting atomic.Int64
	decoy   string
	create  func(password string) (string, error) // argon2id's, so that a test can look inside
	compare func(password, hash string) (bool, error)
}

const (
	atOnce  = 2
	inQueue = 32
)

// NewHasher makes one. It hashes once, so that a wrong name costs the same as a wrong password.
func NewHasher() (*Hasher, error) {
	h := &Hasher{slots: make(chan struct{}, atOnce), compare: argon2id.ComparePasswordAndHash}
	h.create = func(password string) (string, error) { return argon2id.CreateHash(password, Params) }
	var err error
	if h.decoy, err = h.create("a password that nobody has"); err != nil {
		return nil, fmt.Errorf("hash a password: %w", err)
	}
	return h, nil
}

func (h *Hasher) enter(ctx context.Context) error {
	if h.waiting.Add(1) > atOnce+inQueue {
		h.waiting.Add(-1)
		return ErrBusy
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		h.waiting.Add(-1)
		return ctx.Err()
	}
}

// Waiting is how many hashes are being made or wait for their turn.
func (h *Hasher) Waiting() int { return int(h.waiting.Load()) }

func (h *Hasher) leave() {
	<-h.slots
	h.waiting.Add(-1)
}

// Hash makes the hash of a new password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	s, err := h.create(password)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return s, nil
}

// Matches compares a password with a hash; with an empty hash (no such account) it takes as long and answers no.
func (h *Hasher) Matches(ctx context.Context, password, hash string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	against := hash
	if against == "" {
		against = h.decoy
	}
	ok, err := h.compare(password, against)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return ok && hash != "", nil
}
