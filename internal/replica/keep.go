package replica

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"trestle/internal/workroom"
)

// KnowFile remembers that the bytes of a file are in the local blobs. The id is the file's, or names a smaller picture of it.
func (r *Replica) KnowFile(ctx context.Context, id string, scope workroom.Scope, sha string, size int64) error {
	return r.write(ctx, false, func(t *tx) error { return t.knowFile(id, scope, sha, size) })
}

// Fetched is KnowFile for bytes that were asked of the service. While they came the file may have been deleted, or the right to it taken away:
// then they are not kept, and the answer is false (F-11, I11).
func (r *Replica) Fetched(ctx context.Context, id string, scope workroom.Scope, sha string, size int64) (kept bool, err error) {
	err = r.write(ctx, false, func(t *tx) error {
		if err := t.knowFile(id, scope, sha, size); err != nil {
			return err
		}
		name, _, _ := strings.Cut(id, "@")
		ended, err := t.fileEnded(scope, name)
		if kept = !ended; err != nil || kept {
			return err
		}
		return t.forgetFile(name)
	})
	return kept, err
}

// Shrunk is KnowFile for a smaller picture that was made of a file's bytes here; the id names it. Where they left this machine meanwhile it is
// not kept either, and the answer is false.
func (r *Replica) Shrunk(ctx context.Context, id, sha string, size int64) (kept bool, err error) {
	err = r.write(ctx, false, func(t *tx) error {
		if err := t.knowFile(id, workroom.AccountScope(r.o.Account), sha, size); err != nil {
			return err
		}
		name, _, _ := strings.Cut(id, "@")
		var one int
		if kept, err = t.scan(`SELECT 1 FROM file WHERE id=?`, []any{name}, &one); err != nil {
			return fmt.Errorf("look for local bytes: %w", err)
		}
		if kept {
			return nil
		}
		return t.forgetFile(name)
	})
	return kept, err
}

// fileEnded reports whether the bytes of a file are nobody's to keep: it was deleted, or its scope taken away. A screenshot's tombstone does
// not name its file any more: none that is left names it then.
func (t *tx) fileEnded(scope workroom.Scope, id string) (bool, error) {
	s, err := findScope(t.link, scope)
	if err != nil || s == nil {
		return false, err
	}
	if s.state == Taken {
		return true, nil
	}
	q, args := allQuery, []any{s.sc, string(workroom.KindShot)}
	if scope.Kind() != "d" { // the service's row: a deletion that waits may be refused
		q, args = baseOneQuery, []any{s.sc, string(workroom.KindFile), id}
	}
	rows, err := queryRows(t.link, scope, q, args...)
	if err != nil {
		return false, err
	}
	for _, x := range rows {
		switch f := x.Thing.(type) {
		case *workroom.File:
			return f.Deleted != 0, nil
		case *workroom.Shot:
			if slices.ContainsFunc(f.Pictures(), func(p workroom.Picture) bool { return string(p.File) == id }) {
				return false, nil
			}
		}
		if x.Gone {
			return true, nil
		}
	}
	return scope.Kind() == "d" && s.state == Whole, nil
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

// ForgetStrays takes the bytes of diary pictures off this machine that nothing here names: no screenshot, and no command that brings one. They
// are left by a program that ended after it had taken the bytes in and before the command, and by a service that had no place for them. It is
// for the start, when nothing is being taken in.
func (r *Replica) ForgetStrays(ctx context.Context) error {
	return r.write(ctx, true, func(t *tx) error {
		rows, err := t.Query(`SELECT f.id,f.scope FROM file f WHERE f.scope>='d:' AND f.scope<'d;' AND instr(f.id,'@')=0
			AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id=f.id OR o.op='AddShot' AND instr(CAST(o.args AS TEXT),f.id)>0)
			AND NOT EXISTS (SELECT 1 FROM base b JOIN scope s ON s.sc=b.sc WHERE s.name=f.scope AND b.kind='shot' AND b.gone=0 AND instr(b.body,f.id)>0)`)
		if err != nil {
			return fmt.Errorf("look for pictures of nobody: %w", err)
		}
		var ids, scopes []string
		for rows.Next() {
			var id, scope string
			if err := rows.Scan(&id, &scope); err != nil {
				rows.Close()
				return fmt.Errorf("look for pictures of nobody: %w", err)
			}
			ids, scopes = append(ids, id), append(scopes, scope)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return fmt.Errorf("look for pictures of nobody: %w", err)
		}
		for i, id := range ids {
			if err := t.forgetFileIn(workroom.Scope(scopes[i]), id); err != nil {
				return err
			}
		}
		return nil
	})
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
