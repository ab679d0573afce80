package proof

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Row is a thing as one side stores it.
type Row struct {
	Kind           workroom.Kind
	ID             string
	Seq, Born, Rev int64
	Num            int64
	Gone           bool
	By             workroom.AccountID
	At             int64
	Body           string
}

// Key names a row inside its scope.
func (r Row) Key() string { return string(r.Kind) + "/" + r.ID }

// Head is a scope's row at the service.
type Head struct {
	Seq, Msgs, Floor, Digest int64
	Tag                      string
}

// Right is what the service's access table says of one account and root.
type Right struct {
	Gen, From int64
	Gone      bool
}

// Record is what became of a command at the service.
type Record struct {
	Account workroom.AccountID
	ID      string
	Op      workroom.Op
	Status  string
	Code    workroom.Code
	Seqs    map[workroom.Scope]int64
}

// Truth is what the service's database says, read by plain SQL and not through the code under test. Refresh brings it up to date.
type Truth struct {
	db     *sql.DB
	Epoch  string
	Heads  map[workroom.Scope]Head
	Things map[workroom.Scope]map[string]Row
	Rights map[workroom.AccountID]map[workroom.Scope]Right
	Tags   map[workroom.Scope]map[int64]string // every tag seen at a number, in this history
	Dead   map[string]int64                    // scope/kind/id of tombstones to the seq they were first seen with, in this history; to the last one where they may come back
	Named  map[workroom.Scope]map[int64]map[workroom.AccountID]bool
	Tagged bool // the service keeps every tag
	Forked bool // it went back to an older state without saying so
}

// OpenTruth opens a service's SQLite file for reading.
func OpenTruth(path string) (*Truth, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?_query_only=on&_busy_timeout=5000")
	if err != nil {
		return nil, fmt.Errorf("open the service's database: %w", err)
	}
	db.SetMaxOpenConns(1)
	t := &Truth{db: db}
	t.forget()
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM sqlite_master WHERE name='tagged'`).Scan(&n); err != nil {
		return nil, errors.Join(fmt.Errorf("look at the service's tables: %w", err), db.Close())
	}
	t.Tagged = n > 0
	return t, t.Refresh()
}

func (t *Truth) forget() {
	t.Heads, t.Things = map[workroom.Scope]Head{}, map[workroom.Scope]map[string]Row{}
	t.Rights = map[workroom.AccountID]map[workroom.Scope]Right{}
	t.Tags, t.Dead = map[workroom.Scope]map[int64]string{}, map[string]int64{}
	t.Named = map[workroom.Scope]map[int64]map[workroom.AccountID]bool{}
}

// Close ends the reading.
func (t *Truth) Close() error { return t.db.Close() }

// Refresh reads what changed. Rows are read where a head moved; the rights each time, because they are few.
func (t *Truth) Refresh() error {
	var epoch string
	if err := t.db.QueryRow(`SELECT v FROM meta WHERE k='epoch'`).Scan(&epoch); err != nil {
		return fmt.Errorf("read the epoch: %w", err)
	}
	if epoch != t.Epoch {
		t.forget()
		t.Epoch = epoch
	}
	if err := t.rights(); err != nil {
		return err
	}
	after := t.readers()
	rows, err := t.db.Query(`SELECT scope,seq,tag,msgs,floor,digest FROM head ORDER BY scope`)
	if err != nil {
		return fmt.Errorf("read heads: %w", err)
	}
	moved := map[workroom.Scope]int64{}
	for rows.Next() {
		var s workroom.Scope
		var h Head
		if err := rows.Scan(&s, &h.Seq, &h.Tag, &h.Msgs, &h.Floor, &h.Digest); err != nil {
			return errors.Join(fmt.Errorf("read heads: %w", err), rows.Close())
		}
		if old, ok := t.Heads[s]; !ok || old.Seq != h.Seq {
			moved[s] = old.Seq
		}
		t.Heads[s] = h
		if t.Tags[s] == nil {
			t.Tags[s] = map[int64]string{}
		}
		t.Tags[s][h.Seq] = h.Tag
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("read heads: %w", err)
	}
	for _, s := range slices.Sorted(maps.Keys(moved)) {
		if err := t.scope(s, moved[s]); err != nil {
			return err
		}
		who := after[s.Root()] // as their rights are in the transaction that wrote it
		if t.Named[s] == nil {
			t.Named[s] = map[int64]map[workroom.AccountID]bool{}
		}
		// Of several numbers only the last one's readers are known: a right may have begun and ended between two looks.
		t.Named[s][t.Heads[s].Seq] = who
	}
	return nil
}

func (t *Truth) readers() map[workroom.Scope]map[workroom.AccountID]bool {
	out := map[workroom.Scope]map[workroom.AccountID]bool{}
	for a, list := range t.Rights {
		for s, r := range list {
			if out[s] == nil {
				out[s] = map[workroom.AccountID]bool{}
			}
			if !r.Gone {
				out[s][a] = true
			}
		}
	}
	return out
}

func (t *Truth) rights() error {
	rows, err := t.db.Query(`SELECT account,root,gen,from_born,gone FROM access`)
	if err != nil {
		return fmt.Errorf("read rights: %w", err)
	}
	defer rows.Close()
	t.Rights = map[workroom.AccountID]map[workroom.Scope]Right{}
	for rows.Next() {
		var a workroom.AccountID
		var s workroom.Scope
		var r Right
		if err := rows.Scan(&a, &s, &r.Gen, &r.From, &r.Gone); err != nil {
			return fmt.Errorf("read rights: %w", err)
		}
		if t.Rights[a] == nil {
			t.Rights[a] = map[workroom.Scope]Right{}
		}
		t.Rights[a][s] = r
	}
	return rows.Err()
}

func (t *Truth) scope(s workroom.Scope, after int64) error {
	if t.Things[s] == nil || after > t.Heads[s].Seq {
		t.Things[s], after = map[string]Row{}, 0
	}
	rows, err := t.db.Query(`SELECT kind,id,seq,born,rev,mn,gone,actor,at,body FROM thing WHERE scope=? AND seq>?`, string(s), after)
	if err != nil {
		return fmt.Errorf("read things: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r Row
		if err := rows.Scan(&r.Kind, &r.ID, &r.Seq, &r.Born, &r.Rev, &r.Num, &r.Gone, &r.By, &r.At, &r.Body); err != nil {
			return fmt.Errorf("read things: %w", err)
		}
		t.Things[s][r.Key()] = r
		if k := string(s) + " " + r.Key(); r.Gone && (t.Dead[k] == 0 || comesBack(r.Key())) {
			t.Dead[k] = r.Seq
		}
	}
	if err := rows.Err(); err != nil || !t.Tagged {
		return err
	}
	tags, err := t.db.Query(`SELECT seq,tag FROM tagged WHERE scope=? AND seq>?`, string(s), after)
	if err != nil {
		return fmt.Errorf("read tags: %w", err)
	}
	defer tags.Close()
	for tags.Next() {
		var q int64
		var tag string
		if err := tags.Scan(&q, &tag); err != nil {
			return fmt.Errorf("read tags: %w", err)
		}
		t.Tags[s][q] = tag
	}
	return tags.Err()
}

// Records reads what became of every command.
func (t *Truth) Records() ([]Record, error) {
	rows, err := t.db.QueryContext(context.Background(), `SELECT account,id,op,status,code,seqs FROM command ORDER BY account,id`)
	if err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	defer rows.Close()
	var out []Record
	for rows.Next() {
		var r Record
		var seqs string
		if err := rows.Scan(&r.Account, &r.ID, &r.Op, &r.Status, &r.Code, &seqs); err != nil {
			return nil, fmt.Errorf("read records: %w", err)
		}
		if r.Seqs, err = decodeSeqs(seqs); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Idle reports whether a command was accepted and changed nothing.
func (t *Truth) Idle(who workroom.AccountID, id string) bool {
	var seqs string
	err := t.db.QueryRow(`SELECT seqs FROM command WHERE account=? AND id=? AND status='ok'`, string(who), id).Scan(&seqs)
	return err == nil && (seqs == "" || seqs == "{}")
}

// Seen reports whether an account may see a row now: dated ones from its grant's from_born on.
func (t *Truth) Seen(who workroom.AccountID, s workroom.Scope, r Row) bool {
	right, ok := t.Rights[who][s.Root()]
	return ok && !right.Gone && (!r.Kind.Dated() || r.Born >= right.From)
}

// Sum is the digest of a scope's living things, recomputed.
func (t *Truth) Sum(s workroom.Scope) wire.Digest {
	var d wire.Digest
	for _, r := range t.Things[s] {
		if !r.Gone {
			d += wire.ShareOf(r.Kind, r.ID, r.Seq)
		}
	}
	return d
}

// TruthRows is what a rule may look at, straight from the service's tables.
type TruthRows struct{ *Truth }

// Row is workroom.Rows.
func (t TruthRows) Row(ref workroom.Ref) (workroom.Thing, workroom.Known) {
	r, ok := t.Things[ref.Scope][string(ref.Kind)+"/"+ref.ID]
	if !ok || r.Gone {
		return nil, workroom.Absent
	}
	x, err := workroom.Decode(ref.Kind, []byte(r.Body))
	if err != nil {
		return nil, workroom.Absent
	}
	return x, workroom.Held
}

// All is workroom.Rows.
func (t TruthRows) All(s workroom.Scope, k workroom.Kind) ([]workroom.Ref, workroom.Known) {
	var out []workroom.Ref
	for _, key := range slices.Sorted(maps.Keys(t.Things[s])) {
		if r := t.Things[s][key]; r.Kind == k && !r.Gone {
			out = append(out, workroom.Ref{Scope: s, Kind: k, ID: r.ID})
		}
	}
	return out, workroom.Held
}
