package proof

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Copy reads a desktop's file by plain SQL, not through the code under test.
type Copy struct {
	db      *sql.DB
	Account workroom.AccountID
}

// OpenCopy opens a desktop's file for reading.
func OpenCopy(path string, who workroom.AccountID) (*Copy, error) {
	db, err := sql.Open("sqlite3", "file:"+path+"?_query_only=on&_busy_timeout=5000")
	if err != nil {
		return nil, fmt.Errorf("open a desktop's file: %w", err)
	}
	db.SetMaxOpenConns(1)
	return &Copy{db: db, Account: who}, nil
}

// Close ends the reading.
func (c *Copy) Close() error { return c.db.Close() }

// Span is a stretch of dated things.
type Span struct {
	Lo, Hi int64
	State  string
}

// Held is one scope as a desktop has it.
type Held struct {
	SC             int64
	Name           workroom.Scope
	Gen, Seq, Msgs int64
	From           int64
	Tag            string
	State          replica.Hold
	Rows           map[string]Row
	Spans          []Span
}

// In reports whether a born number lies in a stretch that is here whole.
func (h *Held) In(born int64) bool {
	for _, s := range h.Spans {
		if s.State == "have" && s.Lo <= born && born <= s.Hi {
			return true
		}
	}
	return false
}

// Epoch is the history that the copy's numbers belong to.
func (c *Copy) Epoch() (string, error) {
	var v string
	err := c.db.QueryRow(`SELECT v FROM meta WHERE k='epoch'`).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, err
}

// Names lists the scopes the copy knows of.
func (c *Copy) Names() ([]workroom.Scope, error) {
	var out []workroom.Scope
	err := c.each(`SELECT name FROM scope ORDER BY name`, nil, func(rows *sql.Rows) error {
		var s workroom.Scope
		out = append(out, s)
		return rows.Scan(&out[len(out)-1])
	})
	return out, err
}

// Scope reads one scope whole; nil if the copy does not know it.
func (c *Copy) Scope(name workroom.Scope) (*Held, error) {
	h := &Held{Name: name, Rows: map[string]Row{}}
	err := c.db.QueryRow(`SELECT sc,gen,seq,tag,from_born,msgs,state FROM scope WHERE name=?`, string(name)).
		Scan(&h.SC, &h.Gen, &h.Seq, &h.Tag, &h.From, &h.Msgs, &h.State)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read scope: %w", err)
	}
	err = c.each(`SELECT kind,id,seq,born,rev,mn,gone,actor,at,COALESCE(body,'') FROM base WHERE sc=?`, []any{h.SC}, func(rows *sql.Rows) error {
		var r Row
		err := rows.Scan(&r.Kind, &r.ID, &r.Seq, &r.Born, &r.Rev, &r.Num, &r.Gone, &r.By, &r.At, &r.Body)
		h.Rows[r.Key()] = r
		return err
	})
	if err != nil {
		return nil, err
	}
	err = c.each(`SELECT lo,hi,state FROM span WHERE sc=?`, []any{h.SC}, func(rows *sql.Rows) error {
		var s Span
		err := rows.Scan(&s.Lo, &s.Hi, &s.State)
		h.Spans = append(h.Spans, s)
		return err
	})
	return h, err
}

func (c *Copy) each(q string, args []any, scan func(*sql.Rows) error) error {
	rows, err := c.db.Query(q, args...)
	if err != nil {
		return fmt.Errorf("read a desktop's file: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("read a desktop's file: %w", err)
		}
	}
	return rows.Err()
}

// Waiting reads the outbox in order of pos, with arguments.
func (c *Copy) Waiting() ([]outbox.Row, error) {
	var out []outbox.Row
	err := c.each(`SELECT n,pos,id,account,device,lane,op,v,args,edges,at,attempts,not_before,verdict,code FROM outbox ORDER BY pos,n`, nil, func(rows *sql.Rows) error {
		var r outbox.Row
		var edges string
		if err := rows.Scan(&r.N, &r.Pos, &r.ID, &r.Account, &r.Device, &r.Lane, &r.Op, &r.V, &r.Args, &edges, &r.At, &r.Attempts, &r.NotBefore, &r.Verdict, &r.Code); err != nil {
			return err
		}
		if edges != "" {
			if err := json.Unmarshal([]byte(edges), &r.After); err != nil {
				return err
			}
		}
		out = append(out, r)
		return nil
	})
	return out, err
}

// Acked is a command the copy believes the service has.
type Acked struct {
	ID, Lane, Epoch string
	Op              workroom.Op
	N               int64
	Args            string
	Seqs            map[workroom.Scope]int64
}

// Sent reads the acked commands.
func (c *Copy) Sent() ([]Acked, error) {
	var out []Acked
	err := c.each(`SELECT id,n,lane,op,args,epoch,seqs FROM sent ORDER BY n`, nil, func(rows *sql.Rows) error {
		var a Acked
		var seqs string
		err := rows.Scan(&a.ID, &a.N, &a.Lane, &a.Op, &a.Args, &a.Epoch, &seqs)
		if err == nil {
			a.Seqs, err = decodeSeqs(seqs)
		}
		out = append(out, a)
		return err
	})
	return out, err
}

// Effect is what a waiting command writes over the copy.
type Effect struct {
	SC       int64
	Kind, ID string
	N, Born  int64
	Gone     bool
	Body     string
}

// Effects reads all effects.
func (c *Copy) Effects() ([]Effect, error) {
	var out []Effect
	err := c.each(`SELECT sc,kind,id,n,born,gone,COALESCE(body,'') FROM effect ORDER BY n,sc,kind,id`, nil, func(rows *sql.Rows) error {
		var e Effect
		err := rows.Scan(&e.SC, &e.Kind, &e.ID, &e.N, &e.Born, &e.Gone, &e.Body)
		out = append(out, e)
		return err
	})
	return out, err
}

// View is all that a copy holds and shows, at one moment.
type View struct {
	Waiting []outbox.Row
	Scopes  map[workroom.Scope]*Held
	Effects []Effect
}

// View reads the copy whole.
func (c *Copy) View() (*View, error) {
	names, err := c.Names()
	if err != nil {
		return nil, err
	}
	v := &View{Scopes: map[workroom.Scope]*Held{}}
	for _, n := range names {
		if v.Scopes[n], err = c.Scope(n); err != nil {
			return nil, err
		}
	}
	if v.Waiting, err = c.Waiting(); err != nil {
		return nil, err
	}
	v.Effects, err = c.Effects()
	return v, err
}

// count answers the first number of a query.
func (c *Copy) count(q string, args ...any) (int64, error) {
	var n int64
	err := c.db.QueryRow(q, args...).Scan(&n)
	return n, err
}

func decodeSeqs(s string) (map[workroom.Scope]int64, error) {
	out := map[workroom.Scope]int64{}
	if s == "" {
		return out, nil
	}
	if err := json.Unmarshal([]byte(s), &out); err != nil {
		return nil, fmt.Errorf("decode numbers of a command: %w", err)
	}
	return out, nil
}
