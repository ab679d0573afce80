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
	Text   string             `json:"text"`
	Files  []workroom.FileRef `json:"files,omitempty"` // their bytes are in the local blobs
	Cursor int                `json:"cursor"`          // in characters
	At     int64              `json:"at"`              // Unix µs, of the last change
}

// SaveDraft keeps a draft; an empty one is forgotten.
func (r *Replica) SaveDraft(ctx context.Context, d Draft) error {
	files, err := json.Marshal(d.Files)
	if err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	if !workroom.ValidID(string(d.Room)) || !utf8.ValidString(d.Text) {
		return workroom.Refuse(workroom.BadInput)
	}
	return r.write(ctx, true, func(t *tx) error {
		t.tell(DraftScope)
		if d.Text == "" && len(d.Files) == 0 {
			_, err := t.Exec(`DELETE FROM draft WHERE room=?`, string(d.Room))
			return err
		}
		_, err := t.Exec(`INSERT INTO draft(room,text,files,cursor,at) VALUES(?,?,?,?,?)
			ON CONFLICT(room) DO UPDATE SET text=excluded.text,files=excluded.files,cursor=excluded.cursor,at=excluded.at`,
			string(d.Room), d.Text, string(files), d.Cursor, r.o.Now().UnixMicro())
		return err
	})
}

// Draft reads the draft of a room; an empty one if there is none.
func (r *Replica) Draft(ctx context.Context, room workroom.RoomID) (Draft, error) {
	list, err := r.drafts(ctx, `SELECT room,text,files,cursor,at FROM draft WHERE room=?`, string(room))
	if err != nil || len(list) == 0 {
		return Draft{Room: room}, err
	}
	return list[0], nil
}

// Drafts reads all drafts.
func (r *Replica) Drafts(ctx context.Context) ([]Draft, error) {
	return r.drafts(ctx, draftsQuery)
}

const draftsQuery = `SELECT room,text,files,cursor,at FROM draft ORDER BY at DESC`

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
		var files string
		if err := rows.Scan(&d.Room, &d.Text, &files, &d.Cursor, &d.At); err != nil {
			return nil, fmt.Errorf("read drafts: %w", err)
		}
		if err := json.Unmarshal([]byte(files), &d.Files); err != nil {
			return nil, fmt.Errorf("decode draft: %w", err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// KnowFile remembers that the bytes of a file are in the local blobs. The id is the file's, or names a smaller picture of it.
func (r *Replica) KnowFile(ctx context.Context, id string, scope workroom.Scope, sha string, size int64) error {
	return r.write(ctx, false, func(t *tx) error { return t.knowFile(id, scope, sha, size) })
}

func (t *tx) knowFile(id string, scope workroom.Scope, sha string, size int64) error {
	if _, err := t.Exec(`INSERT INTO file(id,scope,sha,size) VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET sha=excluded.sha,size=excluded.size`,
		id, string(scope), sha, size); err != nil {
		return fmt.Errorf("remember file: %w", err)
	}
	if _, err := t.Exec(`DELETE FROM trash WHERE sha=?`, sha); err != nil {
		return fmt.Errorf("remember file: %w", err)
	}
	return nil
}

// LocalFile is the hash and size of a file's bytes if they are on this machine.
func (r *Replica) LocalFile(ctx context.Context, id string) (sha string, size int64, ok bool, err error) {
	err = r.read(ctx, func(l *link) (err error) {
		ok, err = l.scan(`SELECT sha,size FROM file WHERE id=?`, []any{id}, &sha, &size)
		return err
	})
	return sha, size, ok, err
}

// ForgetFile takes a file's bytes off this machine, unless something else has the same.
func (r *Replica) ForgetFile(ctx context.Context, id string) error {
	return r.write(ctx, false, func(t *tx) error { return t.forgetFile(id) })
}

// A smaller picture of a file is named after it ("id@width") and goes with it, under whatever scope it was made.
const smaller = `CASE instr(id,'@') WHEN 0 THEN id ELSE substr(id,1,instr(id,'@')-1) END`

func (t *tx) forgetFile(id string) error { return t.forgetFiles(smaller+`=?`, id) }

// forgetFileIn forgets a file as one scope knows it; what another has under the same name stays.
func (t *tx) forgetFileIn(s workroom.Scope, id string) error {
	return t.forgetFiles(smaller+`=?1 AND scope IN (?2,?3)`, id, string(s), string(workroom.AccountScope(t.r.o.Account)))
}

func (t *tx) forgetFilesOf(s workroom.Scope) error {
	return t.forgetFiles(smaller+` IN (SELECT id FROM file WHERE scope=?1) OR scope=?1`, string(s))
}

// forgetFiles drops names of bytes. Bytes without a name left go to the trash and are removed after the commit; a crash between is made
// good by the next time anything is forgotten.
func (t *tx) forgetFiles(where string, args ...any) error {
	for _, q := range []string{
		`INSERT INTO trash(sha) SELECT DISTINCT sha FROM file WHERE ` + where + ` ON CONFLICT DO NOTHING`,
		`DELETE FROM file WHERE ` + where,
	} {
		if _, err := t.Exec(q, args...); err != nil {
			return fmt.Errorf("forget files: %w", err)
		}
	}
	if _, err := t.Exec(`DELETE FROM trash WHERE sha IN (SELECT sha FROM file)`); err != nil {
		return fmt.Errorf("forget files: %w", err)
	}
	t.after = append(t.after, t.r.emptyTrash)
	return nil
}

// emptyTrash removes bytes nothing names any more.
func (r *Replica) emptyTrash() {
	if r.o.Drop == nil {
		return
	}
	var list []string
	err := r.read(context.Background(), func(l *link) error {
		rows, err := l.Query(`SELECT sha FROM trash`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var sha string
			if err := rows.Scan(&sha); err != nil {
				return err
			}
			list = append(list, sha)
		}
		return rows.Err()
	})
	for _, sha := range list {
		if err == nil {
			err = r.write(context.Background(), false, func(t *tx) error {
				var x int
				if still, err := t.scan(`SELECT 1 FROM trash WHERE sha=?`, []any{sha}, &x); err != nil || !still {
					return err
				}
				if err := r.o.Drop(sha); err != nil {
					return fmt.Errorf("remove bytes: %w", err)
				}
				_, err := t.Exec(`DELETE FROM trash WHERE sha=?`, sha)
				return err
			})
		}
	}
	if err != nil {
		r.o.Logf("empty trash: %v", err)
	}
}
