package outbox

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Tx is the replica's transaction as this package needs it.
type Tx interface {
	Exec(query string, args ...any) (sql.Result, error)
	Query(query string, args ...any) (*sql.Rows, error)
}

const columns = `n,pos,id,account,device,lane,op,v,length(args),edges,about,fold,at,attempts,not_before,verdict,code,detail,field,expect,recovered<>0,fails`

// Insert stores a row. N is given by the store and rises for ever; a Pos of 0 becomes N.
func Insert(tx Tx, r *Row) error {
	var pos any
	if r.Pos != 0 {
		pos = r.Pos
	}
	expect, err := expects(r.Expect)
	if err != nil {
		return err
	}
	res, err := tx.Exec(`INSERT INTO outbox(pos,id,account,device,lane,op,v,args,edges,about,fold,at,not_before,expect,recovered)
		VALUES(COALESCE(?,(SELECT seq+1 FROM sqlite_sequence WHERE name='outbox'),1),?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		pos, r.ID, string(r.Account), r.Device, r.Lane, string(r.Op), r.V, r.Args, edges(r.After), r.About, r.Fold, r.At, r.NotBefore, expect, r.Recovered)
	if err != nil {
		return fmt.Errorf("store command: %w", err)
	}
	if r.N, err = res.LastInsertId(); err != nil {
		return fmt.Errorf("store command: %w", err)
	}
	if r.Pos == 0 {
		r.Pos = r.N
	}
	return nil
}

// Restore puts a row back that was acked before, under its old n and pos: the service lost what it had acked. It counts as attempted, so
// that it goes again byte for byte.
func Restore(tx Tx, r *Row) error {
	_, err := tx.Exec(`INSERT INTO outbox(n,pos,id,account,device,lane,op,v,args,edges,about,at,attempts,verdict,code,detail,recovered)
		VALUES(?,?,?,?,?,?,?,?,?,?,?,?,1,?,?,?,1)`,
		r.N, r.Pos, r.ID, string(r.Account), r.Device, r.Lane, string(r.Op), r.V, r.Args, edges(r.After), r.About, r.At, string(r.Verdict), string(r.Code), r.Text)
	if err != nil {
		return fmt.Errorf("offer command again: %w", err)
	}
	r.Attempts, r.Recovered = 1, true
	return nil
}

// Replace gives a row that was never attempted other arguments. It keeps id, n and pos.
func Replace(tx Tx, r *Row) error {
	expect, err := expects(r.Expect)
	if err != nil {
		return err
	}
	return one(tx, `UPDATE outbox SET v=?,args=?,lane=?,edges=?,fold=?,at=?,not_before=?,expect=? WHERE n=? AND attempts=0`,
		r.V, r.Args, r.Lane, edges(r.After), r.Fold, r.At, r.NotBefore, expect, r.N)
}

// Delete takes a row out.
func Delete(tx Tx, n int64) error { return one(tx, `DELETE FROM outbox WHERE n=?`, n) }

// Judge stores the final word on a row.
func Judge(tx Tx, n int64, v Verdict, code workroom.Code, text, field string) error {
	return one(tx, `UPDATE outbox SET verdict=?,code=?,detail=?,field=? WHERE n=?`, string(v), string(code), text, field, n)
}

// Attempt counts one attempt of a row. It is stored before anything is sent: from then on the arguments never change.
func Attempt(tx Tx, n int64) error {
	return one(tx, `UPDATE outbox SET attempts=attempts+1 WHERE n=?`, n)
}

// Unattempt takes the last attempt of a row back: nothing of it left this computer.
func Unattempt(tx Tx, n int64) error {
	return one(tx, `UPDATE outbox SET attempts=MAX(attempts-1,0) WHERE n=?`, n)
}

// Strike counts an error of the service for this command alone.
func Strike(tx Tx, n int64) error { return one(tx, `UPDATE outbox SET fails=fails+1 WHERE n=?`, n) }

// Defer puts a row off until a moment (Unix µs) and keeps why, in words a person can read.
func Defer(tx Tx, n, until int64, code workroom.Code, text string) error {
	return one(tx, `UPDATE outbox SET not_before=?,code=?,detail=? WHERE n=? AND verdict=''`, until, string(code), text, n)
}

// SetAfter stores the edges that are left.
func SetAfter(tx Tx, n int64, after []string) error {
	return one(tx, `UPDATE outbox SET edges=? WHERE n=?`, edges(after), n)
}

// SetExpect stores what the person looked at when they decided anew.
func SetExpect(tx Tx, n int64, list []wire.Expect) error {
	expect, err := expects(list)
	if err != nil {
		return err
	}
	return one(tx, `UPDATE outbox SET expect=? WHERE n=?`, expect, n)
}

// List reads all rows in order of pos, without their arguments.
func List(tx Tx) ([]Row, error) {
	return query(tx, `SELECT `+columns+`,NULL FROM outbox ORDER BY pos,n`)
}

// ListFull reads all rows in order of pos with their arguments.
func ListFull(tx Tx) ([]Row, error) {
	return query(tx, `SELECT `+columns+`,args FROM outbox ORDER BY pos,n`)
}

// Lane reads the rows of one lane in order of pos, without their arguments.
func Lane(tx Tx, lane string) ([]Row, error) {
	return query(tx, `SELECT `+columns+`,NULL FROM outbox WHERE lane=? ORDER BY pos,n`, lane)
}

// Children reads the rows that name id among their parents.
func Children(tx Tx, id string) ([]Row, error) {
	return query(tx, `SELECT `+columns+`,args FROM outbox WHERE edges<>'' AND instr(edges,?)>0 ORDER BY pos,n`, `"`+id+`"`)
}

// Asked reads the rows the person is asked about, with their arguments.
func Asked(tx Tx) ([]Row, error) {
	return query(tx, `SELECT `+columns+`,args FROM outbox WHERE verdict='confirm' ORDER BY pos,n`)
}

// ByID reads one row whole; nil if it is not there.
func ByID(tx Tx, id string) (*Row, error) {
	return first(query(tx, `SELECT `+columns+`,args FROM outbox WHERE id=?`, id))
}

// ByN reads one row whole; nil if it is not there.
func ByN(tx Tx, n int64) (*Row, error) {
	return first(query(tx, `SELECT `+columns+`,args FROM outbox WHERE n=?`, n))
}

// Foldable finds the row into which a newer command of the same op, lane and fold key goes in place: one that was never attempted.
func Foldable(tx Tx, op workroom.Op, lane, fold string) (*Row, error) {
	return first(query(tx, `SELECT `+columns+`,args FROM outbox WHERE lane=? AND op=? AND fold=? AND fold<>'' AND attempts=0 AND verdict='' ORDER BY pos DESC LIMIT 1`,
		lane, string(op), fold))
}

func first(rows []Row, err error) (*Row, error) {
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

func query(tx Tx, q string, args ...any) ([]Row, error) {
	rows, err := tx.Query(q, args...)
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	defer rows.Close()
	var out []Row
	for rows.Next() {
		var r Row
		var after, expect string
		if err := rows.Scan(&r.N, &r.Pos, &r.ID, &r.Account, &r.Device, &r.Lane, &r.Op, &r.V, &r.Size, &after, &r.About, &r.Fold, &r.At,
			&r.Attempts, &r.NotBefore, &r.Verdict, &r.Code, &r.Text, &r.Field, &expect, &r.Recovered, &r.Fails,
			&r.Args); err != nil {
			return nil, fmt.Errorf("read outbox: %w", err)
		}
		if after != "" {
			if err := json.Unmarshal([]byte(after), &r.After); err != nil {
				return nil, fmt.Errorf("read outbox edges: %w", err)
			}
		}
		if expect != "" {
			if err := json.Unmarshal([]byte(expect), &r.Expect); err != nil {
				return nil, fmt.Errorf("read outbox expectations: %w", err)
			}
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	return out, nil
}

// ErrMissing says that the row to change is not there or may not change any more.
var ErrMissing = errors.New("no such command in the outbox")

func one(tx Tx, q string, args ...any) error {
	res, err := tx.Exec(q, args...)
	if err != nil {
		return fmt.Errorf("change outbox: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil {
		return fmt.Errorf("change outbox: %w", err)
	} else if n == 0 {
		return ErrMissing
	}
	return nil
}

func edges(after []string) string {
	if len(after) == 0 {
		return ""
	}
	b, _ := json.Marshal(after)
	return string(b)
}

func expects(list []wire.Expect) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("encode expectations: %w", err)
	}
	return string(b), nil
}

// Put stores a row as it was kept outside the database: under its own n and pos, with its verdict and attempts.
func Put(tx Tx, r *Row) error {
	expect, err := expects(r.Expect)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO outbox(n,pos,id,account,device,lane,op,v,args,edges,about,fold,at,attempts,verdict,code,detail,field,expect,recovered)
		VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
		r.N, r.Pos, r.ID, string(r.Account), r.Device, r.Lane, string(r.Op), r.V, r.Args, edges(r.After), r.About, r.Fold, r.At, r.Attempts,
		string(r.Verdict), string(r.Code), r.Text, r.Field, expect, r.Recovered)
	if err != nil {
		return fmt.Errorf("put command back: %w", err)
	}
	return nil
}
