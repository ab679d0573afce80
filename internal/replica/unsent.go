package replica

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Unsent is everything a person did on this computer that the service does not have, exact to the byte: what the outbox holds (slices and
// uploads among it) and the drafts. It is what unsent.json beside the copy says, what a damaged copy is salvaged into, and what an export
// writes out for people to read.
type Unsent struct {
	Version     int                `json:"version"`
	Service     string             `json:"service"`
	Account     workroom.AccountID `json:"account"`
	Device      string             `json:"device"`
	Incarnation string             `json:"incarnation,omitempty"`
	At          int64              `json:"at"`   // Unix µs
	Next        int64              `json:"next"` // numbers up to this one were given to commands
	Outbox      []Kept             `json:"outbox"`
	Drafts      []Draft            `json:"drafts"`
	// Sent is what the service acknowledged in the last 14 days; only in an export of somebody it does not let in any more.
	Sent []Kept `json:"sent,omitempty"`
	// Names of rooms, contracts and the person, as they are known here, by scope; only in an export.
	Names map[workroom.Scope]string `json:"names,omitempty"`
}

// Kept is an outbox row as it is kept outside the database. Args are bytes, because a command goes out as it was written or not at all.
type Kept struct {
	N         int64          `json:"n"`
	Pos       int64          `json:"pos"`
	ID        string         `json:"id"`
	Device    string         `json:"device"`
	Lane      string         `json:"lane"`
	Op        workroom.Op    `json:"op"`
	V         int            `json:"v"`
	Args      []byte         `json:"args"`
	After     []string       `json:"after,omitempty"`
	About     string         `json:"about,omitempty"`
	Fold      string         `json:"fold,omitempty"`
	At        int64          `json:"at"` // Unix µs
	Attempts  int            `json:"attempts,omitempty"`
	Verdict   outbox.Verdict `json:"verdict,omitempty"`
	Code      workroom.Code  `json:"code,omitempty"`
	Text      string         `json:"text,omitempty"`
	Field     string         `json:"field,omitempty"`
	Expect    []wire.Expect  `json:"expect,omitempty"`
	Recovered bool           `json:"recovered,omitempty"`
}

const unsentVersion = 1

func kept(r *outbox.Row) Kept {
	return Kept{N: r.N, Pos: r.Pos, ID: r.ID, Device: r.Device, Lane: r.Lane, Op: r.Op, V: r.V, Args: r.Args, After: r.After, About: r.About, Fold: r.Fold,
		At: r.At, Attempts: r.Attempts, Verdict: r.Verdict, Code: r.Code, Text: r.Text, Field: r.Field, Expect: r.Expect, Recovered: r.Recovered}
}

func (k *Kept) row(account workroom.AccountID) *outbox.Row {
	return &outbox.Row{N: k.N, Pos: k.Pos, ID: k.ID, Account: account, Device: k.Device, Lane: k.Lane, Op: k.Op, V: k.V, Args: k.Args, Size: len(k.Args),
		After: k.After, About: k.About, Fold: k.Fold, At: k.At, Attempts: k.Attempts, Verdict: k.Verdict, Code: k.Code, Text: k.Text, Field: k.Field,
		Expect: k.Expect, Recovered: k.Recovered}
}

// Unsent reads everything that is unsent, with the names of the rooms and contracts it belongs to.
func (r *Replica) Unsent(ctx context.Context) (*Unsent, error) {
	u, err := r.unsent(ctx)
	if err != nil {
		return nil, err
	}
	if u.Names, err = r.names(ctx); err != nil {
		return nil, err
	}
	return u, nil
}

func (r *Replica) unsent(ctx context.Context) (*Unsent, error) {
	u := &Unsent{Version: unsentVersion, Service: r.o.Service, Account: r.o.Account, Device: r.Device(), Incarnation: r.Incarnation(),
		At: r.o.Now().UnixMicro(), Outbox: []Kept{}, Drafts: []Draft{}}
	err := r.read(ctx, func(l *link) error {
		rows, err := outbox.ListFull(l)
		if err != nil {
			return err
		}
		for i := range rows {
			u.Outbox = append(u.Outbox, kept(&rows[i]))
		}
		if _, err := l.scan(`SELECT seq FROM sqlite_sequence WHERE name='outbox'`, nil, &u.Next); err != nil {
			return fmt.Errorf("read the last number: %w", err)
		}
		drafts, err := readDrafts(l, draftsQuery)
		if err == nil {
			u.Drafts = append(u.Drafts, drafts...)
		}
		return err
	})
	return u, err
}

// unsentName is the file beside the copy. A crash of the database's own file costs at most what was done in the last unsentEvery.
const (
	unsentName  = "unsent.json"
	unsentEvery = 5 * time.Second
)

// sealed is what stands in unsent.json: the document and its SHA-256, so that a half-written or damaged one is never believed.
type sealed struct {
	SHA  string          `json:"sha256"`
	Body json.RawMessage `json:"unsent"`
}

// writeUnsent replaces unsent.json: whole under another name first, on the disk, then renamed.
func (r *Replica) writeUnsent(ctx context.Context) error {
	u, err := r.unsent(ctx)
	if err != nil {
		return err
	}
	body, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("write unsent.json: %w", err)
	}
	sum := sha256.Sum256(body)
	out := fmt.Appendf(nil, "{\"sha256\":%q,\n\"unsent\":%s}\n", hex.EncodeToString(sum[:]), body)
	return replaceFile(filepath.Join(filepath.Dir(r.path), unsentName), func(f *os.File) error {
		if _, err := f.Write(out); err != nil {
			return err
		}
		return r.o.Fail(PointUnsent)
	})
}

// readUnsent reads an unsent.json; nil without an error if there is none.
func readUnsent(path string) (*Unsent, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read unsent.json: %w", err)
	}
	var s sealed
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("read unsent.json: %w", err)
	}
	if sum := sha256.Sum256(s.Body); hex.EncodeToString(sum[:]) != s.SHA {
		return nil, fmt.Errorf("read unsent.json: it is not as it was written")
	}
	var u Unsent
	if err := json.Unmarshal(s.Body, &u); err != nil {
		return nil, fmt.Errorf("read unsent.json: %w", err)
	}
	return &u, nil
}

// replaceFile writes a file under a temporary name, brings it to the disk and puts it in the place of an older one.
func replaceFile(path string, fill func(*os.File) error) error {
	f, err := os.OpenFile(path+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(path+".tmp", path)
	}
	if err != nil {
		os.Remove(path + ".tmp")
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	syncDir(filepath.Dir(path))
	return nil
}

// syncDir brings the names in a folder to the disk, where the system has that.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync() // Windows has none
		d.Close()
	}
}
