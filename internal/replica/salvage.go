package replica

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// salvage reads what cannot be pulled again out of a file that may be damaged, older or newer than this program: row by row, passing what
// cannot be read. A plain scan ends at the first bad page; looking rows up by their number finds those behind it (safety.md §2).
type salvage struct {
	Unsent
	sent    map[string]bool // ids of what was acked
	tracked *Tracked        // what was being recorded
	bad     int             // rows that could not be read or made no sense
}

func salvageFile(path string) (*salvage, error) {
	db, err := sql.Open("sqlite3", dsn(path, readQuery))
	if err != nil {
		return nil, fmt.Errorf("open what is to be salvaged: %w", err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	s := &salvage{sent: map[string]bool{}}
	for k, at := range map[string]*string{"service": &s.Service, "account": (*string)(&s.Account), "device": &s.Device, "incarnation": &s.Incarnation} {
		_ = db.QueryRow(`SELECT v FROM meta WHERE k=?`, k).Scan(at) // what is unreadable is not known
	}
	_ = db.QueryRow(`SELECT seq FROM sqlite_sequence WHERE name='outbox'`).Scan(&s.Next)
	tracked := ""
	_ = db.QueryRow(`SELECT v FROM meta WHERE k=?`, trackedKey).Scan(&tracked)
	s.tracked, _ = readTracked(tracked)
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM pragma_table_info('outbox')`).Scan(&n); err != nil || n == 0 {
		return s, fmt.Errorf("no outbox can be read in it: %w", err)
	}
	s.outbox(db)
	s.drafts(db)
	s.acked(db)
	s.names(db)
	return s, nil
}

// columnsOf lists those of the wanted columns a table has.
func columnsOf(db *sql.DB, table string, want ...string) []string {
	var out []string
	for _, c := range want {
		var n int
		if db.QueryRow(`SELECT count(*) FROM pragma_table_info(?) WHERE name=?`, table, c).Scan(&n) == nil && n == 1 {
			out = append(out, c)
		}
	}
	return out
}

// byNumber hands every row of a table that can be read to take, in order of its number.
func byNumber(db *sql.DB, table, key string, columns []string, highest int64, take func([]any)) (bad int) {
	list := key + "," + strings.Join(columns, ",")
	read := func(where string, n int64) ([]any, bool, error) {
		rows, err := db.Query(`SELECT `+list+` FROM `+table+` WHERE `+key+where+` LIMIT 1`, n)
		if err != nil {
			return nil, false, err
		}
		defer rows.Close()
		if !rows.Next() {
			return nil, false, rows.Err()
		}
		cells := make([]any, len(columns)+1)
		dest := make([]any, len(cells))
		for i := range cells {
			dest[i] = &cells[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, false, err
		}
		return cells, true, rows.Err()
	}
	if cells, ok, err := read(`<=? ORDER BY `+key+` DESC`, 1<<62); err == nil && ok {
		if n, ok := cells[0].(int64); ok {
			highest = max(highest, n)
		}
	}
	last := int64(0)
	for tries := 0; ; {
		cells, ok, err := read(`>? ORDER BY `+key, last)
		if err == nil && !ok {
			return bad
		}
		n, numbered := int64(0), false
		if err == nil {
			n, numbered = cells[0].(int64)
		}
		if numbered && n > last {
			last = n
			take(cells[1:])
			continue
		}
		found := false
		for n := last + 1; n <= highest && tries < 200_000 && !found; n++ {
			tries++
			if cells, ok, err := read(`=?`, n); err == nil && ok {
				last, found = n, true
				take(cells[1:])
			} else if err != nil {
				bad++
			}
		}
		if !found {
			return bad + 1
		}
	}
}

func (s *salvage) outbox(db *sql.DB) {
	columns := columnsOf(db, "outbox", "n", "pos", "id", "account", "device", "lane", "op", "v", "args", "edges", "about", "fold", "at", "attempts", "verdict", "code",
		"detail", "field", "expect", "recovered")
	s.bad += byNumber(db, "outbox", "n", columns, s.Next, func(cells []any) {
		k := Kept{}
		account := ""
		for i, c := range columns {
			if c == "account" {
				account = text(cells[i])
			} else {
				k.read(c, cells[i])
			}
		}
		if !k.sane() || s.Account != "" && account != string(s.Account) {
			s.bad++
			return
		}
		s.Outbox = append(s.Outbox, k)
	})
}

// read takes in what one column of a row holds, whichever of the columns its file has.
func (k *Kept) read(column string, v any) {
	switch column {
	case "n":
		k.N = number(v)
	case "pos":
		k.Pos = number(v)
	case "id":
		k.ID = text(v)
	case "device":
		k.Device = text(v)
	case "lane":
		k.Lane = text(v)
	case "op":
		k.Op = workroom.Op(text(v))
	case "v":
		k.V = int(number(v))
	case "args":
		k.Args = []byte(text(v))
	case "edges":
		_ = json.Unmarshal([]byte(text(v)), &k.After)
	case "about":
		k.About = text(v)
	case "fold":
		k.Fold = text(v)
	case "at":
		k.At = number(v)
	case "attempts":
		k.Attempts = int(number(v))
	case "verdict":
		k.Verdict = outbox.Verdict(text(v))
	case "code":
		k.Code = workroom.Code(text(v))
	case "detail":
		k.Text = text(v)
	case "field":
		k.Field = text(v)
	case "expect":
		var x []wire.Expect
		_ = json.Unmarshal([]byte(text(v)), &x)
		k.Expect = x
	case "recovered":
		k.Recovered = number(v) != 0
	}
}

// sane reports whether a row makes sense as a whole: what a damaged page left is not believed because it can be read.
func (k *Kept) sane() bool {
	return k.N > 0 && k.Pos > 0 && workroom.ValidID(k.ID) && k.Lane != "" && len(k.Lane) < 300 && utf8.ValidString(k.Lane) && k.Op != "" && len(k.Op) < 100 &&
		json.Valid(k.Args) && slices.Contains([]outbox.Verdict{outbox.None, outbox.Rejected, outbox.Quarantined, outbox.Confirm}, k.Verdict) && k.Attempts >= 0
}

func (s *salvage) drafts(db *sql.DB) {
	seen := map[workroom.RoomID]bool{}
	for _, order := range []string{"", " DESC"} { // from both ends towards a bad page
		rows, err := db.Query(draftsOf + ` ORDER BY room` + order)
		if err != nil { // a file of an earlier schema
			rows, err = db.Query(`SELECT room,text,files,cursor,at,'{}' FROM draft ORDER BY room` + order)
		}
		if err != nil {
			s.bad++
			continue
		}
		for rows.Next() {
			var d Draft
			var files, beside string
			if rows.Scan(&d.Room, &d.Text, &files, &d.Cursor, &d.At, &beside) != nil || d.decode(files, beside) != nil ||
				!workroom.ValidID(string(d.Room)) || !utf8.ValidString(d.Text) {
				s.bad++
				continue
			}
			if !seen[d.Room] {
				seen[d.Room] = true
				s.Drafts = append(s.Drafts, d)
			}
		}
		if rows.Err() != nil {
			s.bad++
		}
		rows.Close()
	}
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

func number(v any) int64 {
	n, _ := v.(int64)
	return n
}
