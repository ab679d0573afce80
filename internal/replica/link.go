package replica

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
)

// Parameters of the three ways into the file (safety.md §2). Whatever a person did is committed with FULL, which waits for the disk; a
// page of the service's rows with NORMAL, because a lost one is pulled again.
const (
	writeQuery = "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on&_secure_delete=on"
	pullQuery  = "_journal_mode=WAL&_synchronous=NORMAL&_busy_timeout=5000&_foreign_keys=on&_secure_delete=on"
	readQuery  = "_busy_timeout=5000&_query_only=on"
)

// dsn names a file for the driver; spaces and # % ? & in the path work.
func dsn(path, query string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query
}

// link is one connection with the statements it has prepared. It is used by one goroutine at a time.
type link struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func dial(ctx context.Context, path, query string) (*link, error) {
	db, err := sql.Open("sqlite3", dsn(path, query))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return &link{db: db, conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

func (l *link) close() error {
	for _, s := range l.stmts {
		s.Close()
	}
	l.conn.Close()
	return l.db.Close()
}

func (l *link) prepare(q string) (*sql.Stmt, error) {
	if s := l.stmts[q]; s != nil {
		return s, nil
	}
	s, err := l.conn.PrepareContext(context.Background(), q)
	if err != nil {
		return nil, err
	}
	l.stmts[q] = s
	return s, nil
}

// Exec runs a statement, prepared once.
func (l *link) Exec(q string, args ...any) (sql.Result, error) {
	s, err := l.prepare(q)
	if err != nil {
		return nil, err
	}
	return s.Exec(args...)
}

// Query runs a query, prepared once. The rows must be closed before the transaction ends.
func (l *link) Query(q string, args ...any) (*sql.Rows, error) {
	s, err := l.prepare(q)
	if err != nil {
		return nil, err
	}
	return s.Query(args...)
}

// scan reads the first row of a query into dest and says whether there was one.
func (l *link) scan(q string, args []any, dest ...any) (bool, error) {
	rows, err := l.Query(q, args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return false, rows.Err()
	}
	if err := rows.Scan(dest...); err != nil {
		return false, err
	}
	return true, rows.Close()
}

// within runs fn between begin and COMMIT. Statements run without the caller's context, so that a transaction is never cut in the middle:
// it is done or it never was.
func (l *link) within(begin string, fn func() error) (err error) {
	if _, err := l.Exec(begin); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			l.Exec("ROLLBACK")
		}
	}()
	if err := fn(); err != nil {
		return err
	}
	if _, err := l.Exec("COMMIT"); err != nil {
		return err
	}
	done = true
	return nil
}
