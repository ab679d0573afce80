package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"trestle/internal/workroom"
)

// Report is what was reported to the administrator. Kept holds the messages of then, oldest first. Its author chose ID, by which their own
// scope has it; the administrator speaks of it by Handle, which the service made and no other report has. What the service noticed by itself
// has an empty Account.
type Report struct {
	Handle  string             `json:"handle"`
	ID      string             `json:"id"`
	Account workroom.AccountID `json:"account"` // who reported
	Person  workroom.AccountID `json:"person"`  // who was reported
	Room    workroom.RoomID    `json:"room"`
	Message string             `json:"message,omitempty"`
	Reason  workroom.Reason    `json:"reason"`
	Note    string             `json:"note,omitempty"`
	Kept    []KeptMessage      `json:"kept,omitempty"`
	Seen    string             `json:"-"`  // what the reported message said, as its reporter has it; kept where the service has it no more
	At      int64              `json:"at"` // Unix µs
	Outcome workroom.Outcome   `json:"outcome"`
	Decided int64              `json:"decided,omitempty"`
}

// KeptMessage is a message as it was when it, or one near it, was reported.
type KeptMessage struct {
	ID       string             `json:"id"`
	Author   workroom.AccountID `json:"author"`
	Text     string             `json:"text"`
	At       int64              `json:"at"`
	Before   []string           `json:"before,omitempty"` // what it said before it was edited, oldest first
	Files    []string           `json:"files,omitempty"`  // their names
	Deleted  bool               `json:"deleted,omitempty"`
	Reported bool               `json:"reported,omitempty"`
	Claimed  string             `json:"claimed,omitempty"` // what it said as who reported it says: the service cannot tell any more
}

// Around is how many messages before and after a reported one are kept with it.
const Around = 5

// KeepReport stores a report in the transaction of its command, with the messages around the one it is about.
func (b *Batch) KeepReport(r Report) error {
	if r.Message != "" {
		var err error
		if r.Kept, err = b.around(workroom.RoomScope(r.Room), r.Message); err != nil {
			return err
		}
	}
	for i := range r.Kept {
		if k := &r.Kept[i]; k.Reported && k.Text != r.Seen && !slices.Contains(k.Before, r.Seen) {
			k.Claimed = r.Seen
		}
	}
	return b.insertReport(r)
}

func (b *Batch) insertReport(r Report) error {
	kept, err := json.Marshal(r.Kept)
	if err != nil {
		return fmt.Errorf("keep a report: %w", err)
	}
	_, err = b.tx.ExecContext(b.ctx, `INSERT INTO report (account, id, person, room, message, reason, note, kept, at, outcome, decided, handle)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, ?) ON CONFLICT DO NOTHING`,
		r.Account, r.ID, r.Person, r.Room, r.Message, string(r.Reason), r.Note, string(kept), r.At, handle(r))
	if err != nil {
		return fmt.Errorf("keep a report: %w", err)
	}
	return nil
}

// mostNoticed is how many messages an entry of the service's own keeps.
const mostNoticed = 20

// Notice keeps a message that the service itself brings before the administrator, alone, in the transaction of its command. An author has one
// open entry a room and reason, which their next message of the sort joins: Account of such an entry is empty, and Message is the first.
func (b *Batch) Notice(r Report) error {
	said, err := b.kept(workroom.RoomScope(r.Room), r.Message)
	if err != nil || said == nil {
		return err
	}
	said.Reported = true
	open, err := scanReport(b.tx.QueryRowContext(b.ctx, "SELECT "+reportColumns+` FROM report
		WHERE account = '' AND person = ? AND room = ? AND reason = ? AND outcome = ''`, r.Person, r.Room, string(r.Reason)))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		r.Account, r.ID, r.Kept = "", string(r.Person)+" "+string(r.Reason)+" "+r.Message+" "+strconv.FormatInt(r.At, 36), []KeptMessage{*said}
		return b.insertReport(r)
	case err != nil:
		return err
	}
	if i := slices.IndexFunc(open.Kept, func(k KeptMessage) bool { return k.ID == said.ID }); i >= 0 {
		open.Kept[i] = *said
	} else if len(open.Kept) < mostNoticed {
		open.Kept = append(open.Kept, *said)
	}
	kept, err := json.Marshal(open.Kept)
	if err != nil {
		return fmt.Errorf("keep what was noticed: %w", err)
	}
	if _, err := b.tx.ExecContext(b.ctx, "UPDATE report SET kept = ? WHERE handle = ?", string(kept), open.Handle); err != nil {
		return fmt.Errorf("keep what was noticed: %w", err)
	}
	return nil
}

// handle makes the name of a report out of whose it is and the id they gave it, so that it is the same however often it is asked for.
func handle(r Report) string {
	sum := sha256.Sum256([]byte(string(r.Account) + "\x00" + r.ID))
	return hex.EncodeToString(sum[:8])
}

// around are a message and those next to it, as the batch has them by now, oldest first.
func (b *Batch) around(s workroom.Scope, id string) ([]KeptMessage, error) {
	at, err := b.row(workroom.Ref{Scope: s, Kind: workroom.KindMessage, ID: id})
	if err != nil || at == nil {
		return nil, err
	}
	before, err := b.beside(s, "born < ? ORDER BY born DESC", at.Born)
	if err != nil {
		return nil, err
	}
	slices.Reverse(before)
	after, err := b.beside(s, "born > ? ORDER BY born", at.Born)
	if err != nil {
		return nil, err
	}
	ids := append(append(before, id), after...)
	var out []KeptMessage
	for _, x := range ids {
		k, err := b.kept(s, x)
		if err != nil {
			return nil, err
		}
		if k != nil {
			k.Reported = x == id
			out = append(out, *k)
		}
	}
	return out, nil
}

// kept is a message as it is to be kept now; nil where nothing of it is there, or it is of a newer version.
func (b *Batch) kept(s workroom.Scope, id string) (*KeptMessage, error) {
	t, err := b.row(workroom.Ref{Scope: s, Kind: workroom.KindMessage, ID: id})
	if err != nil || t == nil || t.Gone {
		return nil, err
	}
	thing, err := workroom.Decode(t.Kind, []byte(t.Body))
	m, ok := thing.(*workroom.Message)
	if err != nil || !ok {
		return nil, nil
	}
	k := &KeptMessage{ID: id, Author: m.Author, Text: m.Text, At: m.At, Deleted: m.Deleted != 0}
	for _, w := range m.Wordings {
		k.Before = append(k.Before, w.Text)
	}
	for _, f := range m.Files {
		k.Files = append(k.Files, f.Name)
	}
	return k, nil
}

// beside are the ids of the messages next to a born number, on the side and in the order that where says.
func (b *Batch) beside(s workroom.Scope, where string, born int64) ([]string, error) {
	rows, err := b.tx.QueryContext(b.ctx, "SELECT id FROM thing WHERE scope = ? AND kind = ? AND "+where+" LIMIT ?", s, workroom.KindMessage, born, Around)
	if err != nil {
		return nil, fmt.Errorf("read around a message: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read around a message: %w", err)
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

const reportColumns = "handle, account, id, person, room, message, reason, note, kept, at, outcome, decided"

// Reports lists reports, the oldest first: those that are open, or all, at most limit.
func (tx Tx) Reports(ctx context.Context, all bool, limit int) ([]Report, error) {
	where := "outcome = ''"
	if all {
		where = "1 = 1"
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+reportColumns+" FROM report WHERE "+where+" ORDER BY at, id LIMIT ?", limit)
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	defer func() { _ = rows.Close() }()
	out := []Report{}
	for rows.Next() {
		r, err := scanReport(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	return out, nil
}

// Report finds a report by its handle; false if there is none.
func (tx Tx) Report(ctx context.Context, handle string) (Report, bool, error) {
	r, err := scanReport(tx.QueryRowContext(ctx, "SELECT "+reportColumns+" FROM report WHERE handle = ?", handle))
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

func scanReport(row interface{ Scan(...any) error }) (Report, error) {
	var r Report
	var kept string
	if err := row.Scan(&r.Handle, &r.Account, &r.ID, &r.Person, &r.Room, &r.Message, &r.Reason, &r.Note, &kept, &r.At, &r.Outcome, &r.Decided); err != nil {
		return r, fmt.Errorf("read a report: %w", err)
	}
	if err := json.Unmarshal([]byte(kept), &r.Kept); err != nil {
		return r, fmt.Errorf("read a report: %w", err)
	}
	return r, nil
}

// DecideReport writes down what came of a report, for good: false if it was decided before. Of what the service noticed by itself and nobody
// complained of, no word is kept once it is dismissed.
func (b *Batch) DecideReport(r Report, outcome workroom.Outcome, at int64) (bool, error) {
	set := ""
	if r.Account == "" && outcome == workroom.Dismissed {
		set = ", kept = '[]'"
	}
	res, err := b.tx.ExecContext(b.ctx, "UPDATE report SET outcome = ?, decided = ?"+set+" WHERE account = ? AND id = ? AND outcome = ''",
		string(outcome), at, r.Account, r.ID)
	if err != nil {
		return false, fmt.Errorf("decide a report: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Reported is how many reports an account has made since a moment, those of this batch among them, and when the oldest of them was made.
func (b *Batch) Reported(who workroom.AccountID, since time.Time) (n int, oldest time.Time, err error) {
	var at int64
	err = b.tx.QueryRowContext(b.ctx, "SELECT count(*), COALESCE(min(at), 0) FROM report WHERE account = ? AND at > ?", who, since.UnixMicro()).Scan(&n, &at)
	if err != nil {
		return 0, oldest, fmt.Errorf("count reports: %w", err)
	}
	return n, time.UnixMicro(at), nil
}
