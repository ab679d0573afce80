package replica

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"trestle/internal/workroom"
)

// Draft is what stands in a room's composer: it survives restart and room switch and never leaves the device.
type Draft struct {
	Room   workroom.RoomID    `json:"room"`
	Text   string             `json:"text"`            // as it will be sent, mentions as <@ACCOUNT>
	Files  []workroom.FileRef `json:"files,omitempty"` // their bytes are in the local blobs
	Cursor int                `json:"cursor"`          // in UTF-16 units of Text
	At     int64              `json:"at"`              // Unix µs, of the last change
	Beside Beside             `json:"beside,omitzero"`
}

// Beside is what stands in the composer beside the words that will be a new message.
type Beside struct {
	Reply  string             `json:"reply,omitempty"`  // the message that is answered
	Edit   string             `json:"edit,omitempty"`   // the message of one's own that is being edited; the draft waits meanwhile
	Words  string             `json:"words,omitempty"`  // what it is to say
	Cursor int                `json:"cursor,omitempty"` // in UTF-16 units of Words
	To     workroom.AccountID `json:"to,omitempty"`     // whom a direct room that is not yet is for
}

// empty reports a draft in which nothing was begun.
func (d *Draft) empty() bool {
	return d.Text == "" && len(d.Files) == 0 && d.Beside.Reply == "" && d.Beside.Edit == ""
}

// SaveDraft keeps a draft; an empty one is forgotten.
func (r *Replica) SaveDraft(ctx context.Context, d Draft) error {
	if !workroom.ValidID(string(d.Room)) || !utf8.ValidString(d.Text) || !utf8.ValidString(d.Beside.Words) {
		return workroom.Refuse(workroom.BadInput)
	}
	for _, id := range []string{d.Beside.Reply, d.Beside.Edit, string(d.Beside.To)} {
		if id != "" && !workroom.ValidID(id) {
			return workroom.Refuse(workroom.BadInput)
		}
	}
	d.At = r.o.Now().UnixMicro()
	return r.write(ctx, true, func(t *tx) error {
		t.tell(DraftScope)
		if d.empty() {
			if _, err := t.Exec(`DELETE FROM draft WHERE room=?`, string(d.Room)); err != nil {
				return err
			}
			return t.scrubs(DraftScope, draft, string(d.Room))
		}
		return t.putDraft(d, false)
	})
}

// putDraft writes a draft; if newer is set, not over one that is as new.
func (t *tx) putDraft(d Draft, newer bool) error {
	files, err := json.Marshal(d.Files)
	if err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	beside, err := json.Marshal(d.Beside)
	if err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	if _, err := t.Exec(`INSERT INTO draft(room,text,files,cursor,at,beside) VALUES(?,?,?,?,?,?) ON CONFLICT(room) DO UPDATE
		SET text=excluded.text,files=excluded.files,cursor=excluded.cursor,at=excluded.at,beside=excluded.beside WHERE NOT ? OR excluded.at>draft.at`,
		string(d.Room), d.Text, string(files), d.Cursor, d.At, string(beside), newer); err != nil {
		return fmt.Errorf("keep a draft: %w", err)
	}
	return nil
}

// clearDraft takes what is being sent out of the draft of a room; the edit of another message that stands there stays.
func (t *tx) clearDraft(room workroom.RoomID) error {
	t.tell(DraftScope)
	list, err := readDrafts(t.link, draftsOf+` WHERE room=?`, string(room))
	if err != nil || len(list) == 0 {
		return err
	}
	if d := list[0]; d.Beside.Edit != "" {
		d.Text, d.Files, d.Cursor, d.Beside.Reply = "", nil, 0, ""
		return t.putDraft(d, false)
	}
	_, err = t.Exec(`DELETE FROM draft WHERE room=?`, string(room))
	return err
}

// Draft reads the draft of a room; an empty one if there is none.
func (r *Replica) Draft(ctx context.Context, room workroom.RoomID) (Draft, error) {
	list, err := r.drafts(ctx, draftsOf+` WHERE room=?`, string(room))
	if err != nil || len(list) == 0 {
		return Draft{Room: room}, err
	}
	return list[0], nil
}

// Drafts reads all drafts.
func (r *Replica) Drafts(ctx context.Context) ([]Draft, error) {
	return r.drafts(ctx, draftsQuery)
}

const (
	draftsOf    = `SELECT room,text,files,cursor,at,beside FROM draft`
	draftsQuery = draftsOf + ` ORDER BY at DESC`
)

func (r *Replica) drafts(ctx context.Context, q string, args ...any) ([]Draft, error) {
	var out []Draft
	err := r.read(ctx, func(l *link) (err error) {
		out, err = readDrafts(l, q, args...)
		return err
	})
	return out, err
}

func readDrafts(l *link, q string, args ...any) ([]Draft, error) {
	rows, err := l.Query(q, args...)
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	defer rows.Close()
	var out []Draft
	for rows.Next() {
		var d Draft
		var files, beside string
		if err := rows.Scan(&d.Room, &d.Text, &files, &d.Cursor, &d.At, &beside); err != nil {
			return nil, fmt.Errorf("read drafts: %w", err)
		}
		if err := d.decode(files, beside); err != nil {
			return nil, fmt.Errorf("decode draft: %w", err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

func (d *Draft) decode(files, beside string) error {
	if err := json.Unmarshal([]byte(files), &d.Files); err != nil {
		return err
	}
	return json.Unmarshal([]byte(beside), &d.Beside)
}
