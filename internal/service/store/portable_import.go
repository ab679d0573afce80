package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
)

var (
	// ErrNotEmpty says that there is something at the address that an import would write over.
	ErrNotEmpty = errors.New("the database is not empty")
	// ErrMalformed says that the portable form cannot be read to its end.
	ErrMalformed = errors.New("the portable form of the database is damaged")
)

// Import reads the portable form into an empty database at an address, which is left at the version of the tables that wrote it, with an
// epoch of its own, so that every device opens its scopes anew and offers again what it sent. All of it is there afterwards or nothing. has says
// of which parts of files the bytes are there: the rows of others are left out, so that whoever has them is asked for them. made is when the
// portable form was made: what the service was told from then until now is noted as lost (Store.Lost).
func Import(ctx context.Context, address string, made time.Time, from io.Reader, has func(space, sha string) bool) (*Exported, error) {
	kind, path, _ := strings.Cut(address, ":")
	pg := kind != "sqlite"
	var db *bun.DB
	var err error
	done := func() error { return nil }
	switch kind {
	case "sqlite":
		if err := Empty(ctx, address); err != nil {
			return nil, err
		}
		temp := path + ".restoring"
		_ = os.Remove(temp) // of a try that was broken off
		f, e := os.OpenFile(temp, os.O_CREATE|os.O_RDWR, 0o600)
		if e != nil {
			return nil, fmt.Errorf("import the service's database: %w", e)
		}
		_ = f.Close()
		done = func() error { return settle(temp, path) }
		defer func() { _ = os.Remove(temp) }()
		db, err = openSQLiteAt(temp, "_journal_mode=MEMORY&_synchronous=OFF") // it counts only once it is whole, and is synced then
	case "postgres", "postgresql":
		db, err = openPostgresAt(address)
	default:
		return nil, ErrAddress
	}
	if err != nil {
		return nil, fmt.Errorf("import the service's database: %w", err)
	}
	x := &importer{in: bufio.NewReaderSize(from, 1<<20), db: db, pg: pg, has: has, made: made, out: Exported{Rows: map[string]int64{}}}
	err = x.all(ctx)
	if err = errors.Join(err, db.Close()); err == nil {
		err = done()
	}
	if err != nil {
		return nil, fmt.Errorf("import the service's database: %w", err)
	}
	return &x.out, nil
}

// settle gives a finished file its name, for good.
func settle(temp, path string) error {
	f, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// Empty reports with ErrNotEmpty that there is something at an address: a file, or tables with anything in them.
func Empty(ctx context.Context, address string) error {
	kind, path, _ := strings.Cut(address, ":")
	if kind == "sqlite" {
		for _, tail := range []string{"", "-wal"} {
			if _, err := os.Stat(path + tail); err == nil {
				return fmt.Errorf("%w: %s", ErrNotEmpty, path+tail)
			}
		}
		return nil
	}
	if kind != "postgres" && kind != "postgresql" {
		return ErrAddress
	}
	db, err := openPostgresAt(address)
	if err != nil {
		return fmt.Errorf("look at the service's database: %w", err)
	}
	defer func() { _ = db.Close() }()
	tables, err := tablesOf(ctx, db, true)
	if err != nil {
		return fmt.Errorf("look at the service's database: %w", err)
	}
	for _, t := range tables {
		var any bool
		if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM "`+t+`")`).Scan(&any); err != nil {
			return fmt.Errorf("look at the service's database: %w", err)
		}
		if any {
			return fmt.Errorf("%w: table %s", ErrNotEmpty, t)
		}
	}
	return nil
}

type importer struct {
	in   *bufio.Reader
	db   *bun.DB
	pg   bool
	has  func(space, sha string) bool
	made time.Time
	out  Exported
}

func (x *importer) all(ctx context.Context) error {
	if err := x.read(&x.out.Header); err != nil || x.out.Format != 1 {
		return fmt.Errorf("%w: its first line", ErrMalformed)
	}
	if err := x.tables(ctx); err != nil {
		return err
	}
	return run(ctx, x.db, nil, func(tx bun.Tx) error {
		if err := x.rows(ctx, tx); err != nil {
			return err
		}
		x.out.Epoch = Random(8)
		if _, err := tx.ExecContext(ctx, "UPDATE meta SET v = ? WHERE k = 'epoch'", x.out.Epoch); err != nil {
			return fmt.Errorf("begin a new epoch: %w", err)
		}
		return noteLost(ctx, tx, x.made, time.Now())
	})
}

// tables makes the tables as they were where the rows come from.
func (x *importer) tables(ctx context.Context) error {
	kind := goose.DialectSQLite3
	if x.pg {
		kind = goose.DialectPostgres
		have, err := tablesOf(ctx, x.db, true)
		if err != nil {
			return err
		}
		if len(have) > 0 { // of a try that was broken off; of another version they would not fit
			if n, err := schemaOf(ctx, x.db); err != nil || n != x.out.Schema {
				return fmt.Errorf("%w: it has tables of another version", ErrNotEmpty)
			}
		}
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	p, err := goose.NewProvider(kind, x.db.DB, files, goose.WithVerbose(false), goose.WithTableName(goose.DefaultTablename))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	known := int64(0)
	for _, s := range p.ListSources() {
		known = max(known, s.Version)
	}
	if x.out.Schema > known {
		return ErrNewer
	}
	if _, err := p.UpTo(ctx, x.out.Schema); err != nil {
		return fmt.Errorf("make tables: %w", err)
	}
	// What migrations themselves put into new tables is in the rows that come.
	names, err := tablesOf(ctx, x.db, x.pg)
	if err != nil {
		return err
	}
	for _, t := range names {
		if _, err := x.db.ExecContext(ctx, `DELETE FROM "`+t+`"`); err != nil {
			return fmt.Errorf("make tables: %w", err)
		}
	}
	return nil
}

func (x *importer) read(v any) error {
	b, err := x.in.ReadBytes('\n')
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(v)
}

func (x *importer) rows(ctx context.Context, tx bun.Tx) error {
	names, err := tablesOf(ctx, tx, x.pg)
	if err != nil {
		return err
	}
	for {
		var l tableLine
		if err := x.read(&l); err != nil {
			return fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		if l.Tables > 0 {
			if l.Tables != len(x.out.Rows) {
				return fmt.Errorf("%w: tables are missing", ErrMalformed)
			}
			return nil
		}
		if _, twice := x.out.Rows[l.Table]; twice || !slices.Contains(names, l.Table) {
			return fmt.Errorf("%w: a table that is not expected", ErrMalformed)
		}
		cols, err := columnsOf(ctx, tx, l.Table, x.pg)
		if err != nil {
			return err
		}
		if err := sameColumns(cols, l.Columns); err != nil {
			return err
		}
		n, err := x.table(ctx, tx, l.Table, l.Columns)
		if err != nil {
			return fmt.Errorf("table %s: %w", l.Table, err)
		}
		x.out.Rows[l.Table] = n
	}
}

// sameColumns wants the same names and kinds; their order may be another, since engines add columns at their own place.
func sameColumns(have, want [][2]string) error {
	kinds := map[string]string{}
	for _, c := range have {
		kinds[c[0]] = c[1]
	}
	for _, c := range want {
		if kinds[c[0]] != c[1] {
			return fmt.Errorf("%w: a column that is not expected", ErrMalformed)
		}
	}
	if len(have) != len(want) {
		return fmt.Errorf("%w: columns are missing", ErrMalformed)
	}
	return nil
}

// table writes rows until the line that ends them, a few hundred a statement.
func (x *importer) table(ctx context.Context, tx bun.Tx, table string, cols [][2]string) (n int64, err error) {
	names, marks := make([]string, len(cols)), make([]string, len(cols))
	for i, c := range cols {
		names[i], marks[i] = `"`+c[0]+`"`, "?"
	}
	head := `INSERT INTO "` + table + `" (` + strings.Join(names, ", ") + ") VALUES "
	one := "(" + strings.Join(marks, ", ") + ")"
	var args []any
	rows, size := 0, 0
	flush := func() error {
		if rows == 0 {
			return nil
		}
		_, err := tx.ExecContext(ctx, head+strings.Repeat(one+", ", rows-1)+one, args...)
		args, rows, size = args[:0], 0, 0
		return err
	}
	for {
		line, err := x.in.ReadBytes('\n')
		if err != nil {
			return n, fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		if line[0] == '{' {
			var end tableLine
			if err := json.Unmarshal(line, &end); err != nil || end.End != table || end.Rows != n {
				return n, fmt.Errorf("%w: rows are missing", ErrMalformed)
			}
			return n, flush()
		}
		var row []json.RawMessage
		if err := json.Unmarshal(line, &row); err != nil || len(row) != len(cols) {
			return n, fmt.Errorf("%w: a row", ErrMalformed)
		}
		n++
		values := make([]any, len(cols))
		for i, c := range cols {
			if values[i], err = valueOf(row[i], c[1]); err != nil {
				return n, fmt.Errorf("%w: a value", ErrMalformed)
			}
		}
		if table == "part" && !x.kept(cols, values) {
			continue
		}
		args = append(args, values...)
		rows++
		if size += len(line); rows == 200 || size > 1<<20 {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
}

// kept reports whether the bytes of a row of parts are there.
func (x *importer) kept(cols [][2]string, row []any) bool {
	var space, sha string
	for i, c := range cols {
		switch c[0] {
		case "space":
			space, _ = row[i].(string)
		case "sha":
			sha, _ = row[i].(string)
		}
	}
	return x.has(space, sha)
}

func valueOf(raw json.RawMessage, kind string) (any, error) {
	if string(raw) == "null" {
		return nil, nil
	}
	switch kind {
	case "i":
		var v int64
		err := json.Unmarshal(raw, &v)
		return v, err
	case "b":
		var v bool
		err := json.Unmarshal(raw, &v)
		return v, err
	case "f":
		var v float64
		err := json.Unmarshal(raw, &v)
		return v, err
	}
	if len(raw) > 0 && raw[0] == '{' {
		var v struct{ B64 []byte }
		err := json.Unmarshal(raw, &v)
		return string(v.B64), err
	}
	var v string
	err := json.Unmarshal(raw, &v)
	return v, err
}
