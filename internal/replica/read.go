package replica

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// Row is one thing as a screen sees it: the service's row, or what a waiting command made of it.
type Row struct {
	workroom.Ref
	Seq, Born, Rev int64
	Num            int64 // dense message number; 0 until the service has it
	By             workroom.AccountID
	At             int64 // Unix µs
	Gone           bool
	Body           []byte
	Thing          workroom.Thing // nil if this program does not know the kind
	N              int64          // number of the waiting command on top; 0 = none
	Command        string         // its id
	State          outbox.State   // its state
	Recovered      bool           // the service had it, lost it, and was given it again by this device
	Archive        bool           // the account has no right to it any more; it is kept to be read only
}

// Waits reports whether the service does not have the row as it is shown.
func (r *Row) Waits() bool { return r.N != 0 }

const rowColumns = `kind,id,seq,born,rev,mn,gone,actor,at,COALESCE(body,''),n`

// The list queries. Their plans are asserted by a test: no sorting of a whole room.
const (
	oneQuery     = `SELECT ` + rowColumns + ` FROM visible WHERE sc=? AND kind=? AND id=?`
	allQuery     = `SELECT ` + rowColumns + ` FROM visible WHERE sc=? AND kind=? AND gone=0`
	windowQuery  = `SELECT ` + rowColumns + ` FROM visible WHERE sc=? AND kind=? AND gone=0 AND born>=? AND born<? ORDER BY born DESC LIMIT ?`
	baseOneQuery = `SELECT kind,id,seq,born,rev,mn,gone,actor,at,COALESCE(body,''),0 FROM base WHERE sc=? AND kind=? AND id=?`
	baseQuery    = `SELECT kind,id,seq,born,rev,mn,gone,actor,at,COALESCE(body,''),0 FROM base WHERE sc=? AND kind=? AND gone=0`
)

func queryRows(l *link, name workroom.Scope, q string, args ...any) ([]Row, error) {
	rows, err := l.Query(q, args...)
	if err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	defer rows.Close()
	var out []Row
	for rows.Next() {
		r := Row{Ref: workroom.Ref{Scope: name}}
		if err := rows.Scan(&r.Kind, &r.ID, &r.Seq, &r.Born, &r.Rev, &r.Num, &r.Gone, &r.By, &r.At, &r.Body, &r.N); err != nil {
			return nil, fmt.Errorf("read rows: %w", err)
		}
		if !r.Gone {
			r.Thing, _ = workroom.Decode(r.Kind, r.Body) // nil: written by a newer program
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func baseRows(l *link, s *scopeRow, k workroom.Kind) ([]Row, error) {
	return queryRows(l, s.name, baseQuery, s.sc, string(k))
}

// decorate names the waiting command of each row and its state, and marks what was recovered.
func (r *Replica) decorate(l *link, rows []Row) error {
	if err := markRecovered(l, rows); err != nil {
		return err
	}
	if !slices.ContainsFunc(rows, func(x Row) bool { return x.N != 0 }) {
		return nil
	}
	if err := numberBeneath(l, rows); err != nil {
		return err
	}
	list, err := outbox.List(l)
	if err != nil {
		return err
	}
	r.markFlying(list)
	states := outbox.States(list, r.o.Now().UnixMicro())
	ids, again := map[int64]string{}, map[int64]bool{}
	for i := range list {
		ids[list[i].N], again[list[i].N] = list[i].ID, list[i].Recovered
	}
	for i := range rows {
		if rows[i].N != 0 {
			rows[i].Command, rows[i].Recovered = ids[rows[i].N], again[rows[i].N]
			rows[i].State = states[rows[i].Command]
		}
	}
	return nil
}

// markRecovered marks the service's rows that are there again because this device offered them again.
func markRecovered(l *link, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	again, err := l.Query(`SELECT id FROM sent WHERE recovered=1`)
	if err != nil {
		return fmt.Errorf("read what was recovered: %w", err)
	}
	defer again.Close()
	ids := map[string]bool{}
	for again.Next() {
		var id string
		if err := again.Scan(&id); err != nil {
			return fmt.Errorf("read what was recovered: %w", err)
		}
		ids[id] = true
	}
	for i := range rows {
		rows[i].Recovered = ids[rows[i].ID]
	}
	return again.Err()
}

// Thing reads one thing. Known tells whether a missing one is absent or merely not here.
func (r *Replica) Thing(ctx context.Context, ref workroom.Ref) (Row, workroom.Known, error) {
	known := workroom.Unheld
	row := Row{Ref: ref}
	err := r.read(ctx, func(l *link) error {
		s, err := findScope(l, ref.Scope)
		if err != nil || s == nil {
			return err
		}
		rows, err := queryRows(l, ref.Scope, oneQuery, s.sc, string(ref.Kind), ref.ID)
		switch {
		case err != nil:
			return err
		case len(rows) == 0:
			if s.state == Whole && !ref.Kind.Dated() {
				known = workroom.Absent
			}
			return nil
		case rows[0].Gone:
			known = workroom.Absent
			return nil
		}
		if err := r.decorate(l, rows); err != nil {
			return err
		}
		rows[0].Archive = s.state == Archived
		row, known = rows[0], workroom.Held
		return nil
	})
	return row, known, err
}

// All reads all live things of one kind in a scope, in order of id.
func (r *Replica) All(ctx context.Context, scope workroom.Scope, kind workroom.Kind) ([]Row, error) {
	return r.everywhere(ctx, string(scope), kind, func(s *scopeRow) bool { return s.name == scope })
}

// Everywhere reads all live things of one kind in all scopes whose name begins with prefix: the rooms in "r:", the contracts in "k:", the
// slices of a contract in "d:CONTRACT:".
func (r *Replica) Everywhere(ctx context.Context, prefix string, kind workroom.Kind) ([]Row, error) {
	return r.everywhere(ctx, prefix, kind, func(*scopeRow) bool { return true })
}

func (r *Replica) everywhere(ctx context.Context, prefix string, kind workroom.Kind, keep func(*scopeRow) bool) ([]Row, error) {
	var out []Row
	err := r.read(ctx, func(l *link) error {
		list, err := scopesLike(l, prefix)
		if err != nil {
			return err
		}
		for _, s := range list {
			if !keep(s) {
				continue
			}
			rows, err := queryRows(l, s.name, allQuery, s.sc, string(kind))
			if err != nil {
				return err
			}
			for i := range rows {
				rows[i].Archive = s.state == Archived
			}
			slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(a.ID, b.ID) })
			out = append(out, rows...)
		}
		return r.decorate(l, out)
	})
	return out, err
}

// Contracts reads every contract that is here.
func (r *Replica) Contracts(ctx context.Context) ([]Row, error) {
	return r.Everywhere(ctx, "k:", workroom.KindContract)
}

// Weeks reads the week marks of a contract, in order.
func (r *Replica) Weeks(ctx context.Context, c workroom.ContractID) ([]Row, error) {
	return r.All(ctx, workroom.ContractScope(c), workroom.KindWeek)
}

// Window is a stretch of dated things without a gap, oldest first.
type Window struct {
	Rows  []Row
	Older bool // the service has older ones that are not here: History brings them
	More  bool // older ones are here
	Newer bool // newer ones are here, after the last of these
	// Stale is the born number below which rows are of before a reset of the scope: they stand as they were, one may be missing among them,
	// and History replaces them by what is so now. 0: none.
	Stale int64
}

// MaxWindow is the most a window holds.
const MaxWindow = 200

// Window reads the newest dated things of a scope born before a number; 0 means from the newest. Those that wait stand last.
func (r *Replica) Window(ctx context.Context, scope workroom.Scope, kind workroom.Kind, before int64, limit int) (Window, error) {
	var w Window
	if before <= 0 {
		before = all
	}
	if limit <= 0 || limit > MaxWindow {
		limit = MaxWindow
	}
	err := r.read(ctx, func(l *link) error {
		s, err := findScope(l, scope)
		if err != nil || s == nil {
			return err
		}
		parts, lo, err := s.shown(l)
		if err != nil {
			return err
		}
		w.Older = lo > s.from && lo > 0 && s.state != Archived
		// Several files share the born of their message: read on to the end of the last message, then cut at its border.
		for _, p := range parts {
			if before <= p.lo || len(w.Rows) > limit+workroom.MaxFiles {
				continue
			}
			rows, err := queryRows(l, scope, windowQuery, s.sc, string(kind), p.lo, min(before, p.hi), limit+workroom.MaxFiles+1-len(w.Rows))
			if err != nil {
				return err
			}
			w.Rows = append(w.Rows, rows...)
		}
		if len(w.Rows) > limit {
			cut := limit
			for cut < len(w.Rows) && w.Rows[cut].Born == w.Rows[cut-1].Born {
				cut++
			}
			w.More = cut < len(w.Rows)
			w.Rows = w.Rows[:cut]
		}
		if n := len(w.Rows); n > 0 && w.Rows[n-1].Born < lo {
			w.Stale = lo
		}
		for i := range w.Rows {
			w.Rows[i].Archive = s.state == Archived
		}
		slices.Reverse(w.Rows)
		return r.decorate(l, w.Rows)
	})
	return w, err
}

// Newest reads the newest message of a room, waiting ones included; nil if there is none here.
func (r *Replica) Newest(ctx context.Context, room workroom.RoomID) (*Row, error) {
	w, err := r.Window(ctx, workroom.RoomScope(room), workroom.KindMessage, 0, 1)
	if err != nil || len(w.Rows) == 0 {
		return nil, err
	}
	return &w.Rows[0], nil
}

// Dump reads the service's rows of a scope as they are held, tombstones included, without what waits here: for checks and diagnostics.
func (r *Replica) Dump(ctx context.Context, scope workroom.Scope) ([]Row, error) {
	var out []Row
	err := r.read(ctx, func(l *link) error {
		s, err := findScope(l, scope)
		if err != nil || s == nil {
			return err
		}
		out, err = queryRows(l, scope, `SELECT kind,id,seq,born,rev,mn,gone,actor,at,COALESCE(body,''),0 FROM base WHERE sc=? ORDER BY seq,kind,id`, s.sc)
		return err
	})
	return out, err
}
