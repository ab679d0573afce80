package replica

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"trestle/internal/search"
	"trestle/internal/workroom"
)

// The index of words is filled behind the work, never in the transaction that takes a page in (sync.md §11: inline it cost up to a second a
// page). It is told the words of internal/search, cut and folded, as it is asked for them, and changes nothing of them. A row of base says by
// look that the index was not told of it as it is now, and by found where it stands there. What is deleted or replaced leaves the index in
// the same transaction.

// indexBatch is how many rows one transaction of the index takes; in a first fill, more.
const (
	indexBatch = 200
	fillBatch  = 1000
)

const lookQuery = `SELECT b.sc,b.kind,b.id,b.gone,b.at,b.actor,COALESCE(b.body,''),b.found FROM base b
	WHERE b.look=1 AND b.kind IN ('message','file') LIMIT ?`

// index takes a batch of rows into the index and says whether there are more.
func (r *Replica) index(ctx context.Context, limit int) (bool, error) {
	var backlog int
	if err := r.read(ctx, func(l *link) error {
		_, err := l.scan(`SELECT count(*) FROM (SELECT 1 FROM base WHERE look=1 AND kind IN ('message','file') LIMIT 5000)`, nil, &backlog)
		return err
	}); err != nil || backlog == 0 && !r.filling {
		return false, err
	}
	if backlog == 0 {
		return r.tidyIndex(ctx)
	}
	err := r.write(ctx, false, func(t *tx) error {
		if backlog == 5000 && !r.filling {
			if _, err := t.Exec(`INSERT INTO find(find,rank) VALUES('automerge',0)`); err != nil {
				return fmt.Errorf("begin a first fill: %w", err)
			}
			t.after = append(t.after, func() { r.filling = true })
		}
		if r.filling {
			limit = fillBatch
		}
		return t.indexSome(limit)
	})
	return err == nil, err
}

// tidyIndex merges what a first fill left in pieces, a little at a time.
func (r *Replica) tidyIndex(ctx context.Context) (bool, error) {
	more := false
	err := r.write(ctx, false, func(t *tx) error {
		var was, now int
		if _, err := t.scan(`SELECT total_changes()`, nil, &was); err != nil {
			return err
		}
		for _, q := range []string{`INSERT INTO find(find,rank) VALUES('automerge',4)`, `INSERT INTO find(find,rank) VALUES('merge',500)`} {
			if _, err := t.Exec(q); err != nil {
				return fmt.Errorf("merge the index: %w", err)
			}
		}
		if _, err := t.scan(`SELECT total_changes()`, nil, &now); err != nil {
			return err
		}
		more = now-was > 3
		t.after = append(t.after, func() { r.filling = more })
		return nil
	})
	return more, err
}

func (t *tx) indexSome(limit int) error {
	type item struct {
		spot
		gone      bool
		at, found int64
		by        workroom.AccountID
		body      []byte
	}
	rows, err := t.Query(lookQuery, limit)
	if err != nil {
		return fmt.Errorf("read what is to be indexed: %w", err)
	}
	var list []item
	for rows.Next() {
		var i item
		if err := rows.Scan(&i.sc, &i.kind, &i.id, &i.gone, &i.at, &i.by, &i.body, &i.found); err != nil {
			rows.Close()
			return fmt.Errorf("read what is to be indexed: %w", err)
		}
		list = append(list, i)
	}
	if err := rows.Close(); err != nil {
		return fmt.Errorf("read what is to be indexed: %w", err)
	}
	for _, i := range list {
		if i.found != 0 {
			if _, err := t.Exec(`DELETE FROM find WHERE rowid=?`, i.found); err != nil {
				return fmt.Errorf("take out of the index: %w", err)
			}
		}
		at := int64(0)
		if !i.gone {
			thing, err := workroom.Decode(workroom.Kind(i.kind), i.body)
			if words, ok := wordsOf(workroom.Kind(i.kind), thing); err == nil && ok {
				switch x := thing.(type) { // who said it, not who changed it last; an automatic answer is nobody's act
				case *workroom.Message:
					i.by = x.Author
				case *workroom.File:
					i.by = x.Author
				}
				if at, err = t.slot(rowidAt(i.at)); err != nil {
					return err
				}
				cut := search.Words(words)
				if _, err := t.Exec(`INSERT INTO find(rowid,text,tok,pair,sc,kind,id) VALUES(?,?,?,?,?,?,?)`,
					at, strings.Join(cut, " "), roomWord(i.sc)+" "+authorWord(i.by)+" "+i.kind, strings.Join(search.Pairs(cut), " "), i.sc, i.kind, i.id); err != nil {
					return fmt.Errorf("put into the index: %w", err)
				}
			}
		}
		if _, err := t.Exec(`UPDATE base SET found=?,look=0 WHERE sc=? AND kind=? AND id=?`, at, i.sc, i.kind, i.id); err != nil {
			return fmt.Errorf("note what is indexed: %w", err)
		}
	}
	return t.r.o.Fail(PointIndex)
}

// slot is the first free place at or after that of a moment.
func (t *tx) slot(first int64) (int64, error) {
	for first = max(first, 1); ; {
		end := first>>slotBits<<slotBits + 1<<slotBits
		var top int64
		ok, err := t.scan(`SELECT rowid FROM find WHERE rowid>=? AND rowid<? ORDER BY rowid DESC LIMIT 1`, []any{first, end}, &top)
		if err != nil {
			return 0, fmt.Errorf("find a place in the index: %w", err)
		}
		switch {
		case !ok:
			return first, nil
		case top+1 < end:
			return top + 1, nil
		}
		first = end
	}
}

// reindex empties the index; it fills again behind the work.
func (r *Replica) reindex() error {
	return r.write(context.Background(), true, func(t *tx) error {
		var made string
		if _, err := t.scan(`SELECT sql FROM sqlite_master WHERE name='find'`, nil, &made); err != nil {
			return fmt.Errorf("make the index anew: %w", err)
		}
		for _, q := range []string{`DROP TABLE find`, made, `INSERT INTO find(find,rank) VALUES('secure-delete',1)`, `UPDATE base SET found=0,look=1`} {
			if _, err := t.conn.ExecContext(context.Background(), q); err != nil {
				return fmt.Errorf("make the index anew: %w", err)
			}
		}
		return nil
	})
}

func itoa64(n int64) string { return strconv.FormatInt(n, 10) }
