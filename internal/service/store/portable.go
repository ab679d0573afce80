package store

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// The portable form of a database is a stream of JSON lines that both engines write and read: a Header; for each table a line with its name
// and columns, its rows as arrays, and a line with their number; and at last how many tables there were. Bytes that are no UTF-8 stand as
// {"b64":…}. Tables of goose and of one engine alone (search indexes) are not in it: they are made anew.

// Header is the first line of the portable form.
type Header struct {
	Format  int    `json:"format"` // 1
	Schema  int64  `json:"schema"` // version of the tables
	Engine  string `json:"engine"` // that wrote it: sqlite, postgres
	Service string `json:"service"`
	Epoch   string `json:"epoch"`
}

type tableLine struct {
	Table   string      `json:"table,omitempty"`
	Columns [][2]string `json:"columns,omitempty"` // name; t(ext), i(nteger), b(oolean), f(loat)
	End     string      `json:"end,omitempty"`
	Rows    int64       `json:"rows"`
	Tables  int         `json:"complete,omitempty"`
}

// ErrNothing says that there is no service's database at an address.
var ErrNothing = errors.New("there is no service's database")

// Exported is what an export wrote.
type Exported struct {
	Header
	Rows map[string]int64 // by table
}

// Export writes one moment of the database at an address in the portable form, while the service may go on writing. row, if not nil, is shown
// each row of the tables it is asked for. Nothing is changed there, not even its version. temp is a folder for a SQLite file's copy, so
// that the moment is taken quickly.
func Export(ctx context.Context, address, temp string, to io.Writer, row func(table string, values map[string]any) error) (*Exported, error) {
	kind, rest, _ := strings.Cut(address, ":")
	var db *bun.DB
	var err error
	switch kind {
	case "sqlite":
		copied := filepath.Join(temp, "moment.db")
		defer func() { _ = os.Remove(copied) }()
		if err := moment(ctx, rest, copied); err != nil {
			return nil, err
		}
		db, err = openSQLiteAt(copied, "mode=ro")
	case "postgres", "postgresql":
		db, err = openPostgresAt(address)
	default:
		return nil, ErrAddress
	}
	if err != nil {
		return nil, fmt.Errorf("open the service's database: %w", err)
	}
	defer func() { _ = db.Close() }()
	x := &exporter{w: bufio.NewWriterSize(to, 1<<20), row: row, pg: kind != "sqlite"}
	var o *sql.TxOptions
	if x.pg {
		o = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	err = run(ctx, db, o, func(tx bun.Tx) error { return x.export(ctx, tx) })
	if err != nil {
		return nil, fmt.Errorf("export the service's database: %w", err)
	}
	return &x.out, nil
}

// moment copies a SQLite file as it is now.
func moment(ctx context.Context, path, to string) error {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return fmt.Errorf("%w: %s", ErrNothing, path)
	}
	db, err := openSQLiteAt(path, "mode=rw&_busy_timeout=10000")
	if err != nil {
		return fmt.Errorf("copy the service's database: %w", err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return fmt.Errorf("copy the service's database: %w", err)
	}
	return nil
}

func openSQLiteAt(path, query string) (*bun.DB, error) {
	db, err := sql.Open("sqlite3", dsn(path, query))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return bun.NewDB(db, sqlitedialect.New()), nil
}

// openPostgresAt is one connection without a limit of time: a copy may take long.
func openPostgresAt(address string) (*bun.DB, error) {
	if !slices.Contains(sql.Drivers(), "pgx") {
		return nil, ErrNoDriver
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%w: this one cannot be read", ErrAddress)
	}
	q := u.Query()
	for k, v := range map[string]string{"default_query_exec_mode": "simple_protocol", "standard_conforming_strings": "on", "client_encoding": "UTF8",
		"application_name": "trestle backup", "connect_timeout": "10"} {
		if !q.Has(k) {
			q.Set(k, v)
		}
	}
	u.RawQuery = q.Encode()
	db, err := sql.Open("pgx", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return bun.NewDB(db, pgdialect.New()), nil
}

type exporter struct {
	w   *bufio.Writer
	row func(string, map[string]any) error
	pg  bool
	out Exported
}

func (x *exporter) line(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = x.w.Write(append(b, '\n'))
	return err
}

func (x *exporter) export(ctx context.Context, tx bun.Tx) error {
	tables, err := tablesOf(ctx, tx, x.pg)
	if err != nil {
		return err
	}
	if !slices.Contains(tables, "meta") {
		return ErrNothing
	}
	x.out = Exported{Header: Header{Format: 1, Engine: "sqlite"}, Rows: map[string]int64{}}
	if x.pg {
		x.out.Engine = "postgres"
	}
	if x.out.Schema, err = schemaOf(ctx, tx); err != nil {
		return err
	}
	for k, v := range map[string]*string{"service": &x.out.Service, "epoch": &x.out.Epoch} {
		if err := tx.QueryRowContext(ctx, "SELECT v FROM meta WHERE k = ?", k).Scan(v); err != nil {
			return fmt.Errorf("%w (%w)", ErrNothing, err)
		}
	}
	if err := x.line(x.out.Header); err != nil {
		return err
	}
	for _, t := range tables {
		n, err := x.table(ctx, tx, t)
		if err != nil {
			return fmt.Errorf("table %s: %w", t, err)
		}
		x.out.Rows[t] = n
	}
	if err := x.line(tableLine{Tables: len(tables)}); err != nil {
		return err
	}
	return x.w.Flush()
}

func schemaOf(ctx context.Context, tx bun.IDB) (n int64, err error) {
	err = tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&n)
	return n, err
}

// tablesOf lists the portable tables, by name.
func tablesOf(ctx context.Context, tx bun.IDB, pg bool) ([]string, error) {
	q := "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' ORDER BY name"
	if pg {
		q = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'goose%' ORDER BY table_name"
	}
	var out []string
	if err := tx.NewRaw(q).Scan(ctx, &out); err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	return out, nil
}

// columnsOf lists a table's columns with their kinds in their order; a kind that is none of the portable ones is an error.
func columnsOf(ctx context.Context, tx bun.IDB, table string, pg bool) ([][2]string, error) {
	q := "SELECT name, type FROM pragma_table_info(?) ORDER BY cid"
	if pg {
		q = "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position"
	}
	rows, err := tx.QueryContext(ctx, q, table)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out [][2]string
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, err
		}
		k, ok := map[string]string{"text": "t", "bigint": "i", "integer": "i", "boolean": "b", "double precision": "f"}[strings.ToLower(kind)]
		if !ok {
			return nil, fmt.Errorf("column %s is of a kind that only one engine has: %s", name, kind)
		}
		out = append(out, [2]string{name, k})
	}
	return out, rows.Err()
}

func (x *exporter) table(ctx context.Context, tx bun.Tx, table string) (n int64, err error) {
	cols, err := columnsOf(ctx, tx, table, x.pg)
	if err != nil {
		return 0, err
	}
	if err := x.line(tableLine{Table: table, Columns: cols}); err != nil {
		return 0, err
	}
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = `"` + c[0] + `"`
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+strings.Join(names, ", ")+` FROM "`+table+`"`)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		into, values := cells(cols)
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		row := values()
		if x.row != nil {
			named := make(map[string]any, len(cols))
			for i, c := range cols {
				named[c[0]] = row[i]
			}
			if err := x.row(table, named); err != nil {
				return n, err
			}
		}
		for i, v := range row {
			if s, ok := v.(string); ok && !utf8.ValidString(s) {
				row[i] = map[string]string{"b64": base64.StdEncoding.EncodeToString([]byte(s))}
			}
		}
		if err := x.line(row); err != nil {
			return n, err
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return n, err
	}
	return n, x.line(tableLine{End: table, Rows: n})
}

// cells are places to scan a row into, and what was scanned.
func cells(cols [][2]string) (into []any, values func() []any) {
	for _, c := range cols {
		switch c[1] {
		case "i":
			into = append(into, new(sql.Null[int64]))
		case "b":
			into = append(into, new(sql.Null[bool]))
		case "f":
			into = append(into, new(sql.Null[float64]))
		default:
			into = append(into, new(sql.Null[string]))
		}
	}
	return into, func() []any {
		out := make([]any, len(into))
		for i, p := range into {
			switch p := p.(type) {
			case *sql.Null[int64]:
				if p.Valid {
					out[i] = p.V
				}
			case *sql.Null[bool]:
				if p.Valid {
					out[i] = p.V
				}
			case *sql.Null[float64]:
				if p.Valid {
					out[i] = p.V
				}
			case *sql.Null[string]:
				if p.Valid {
					out[i] = p.V
				}
			}
		}
		return out
	}
}
