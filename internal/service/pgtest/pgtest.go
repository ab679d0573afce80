// Package pgtest gives tests a real PostgreSQL: an empty schema for each test, which to the service is a database of its own, on a server that is started with the first one and ends with
// the test process, however that ends. TRESTLE_TEST_POSTGRES=postgres://… names a server to use instead. Where no PostgreSQL is installed the
// test is skipped by name. Only tests import this package.
package pgtest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // postgres://
)

var made atomic.Int64

// New makes an empty schema, which takes a tenth of the time of a database, and answers the address of it. It is dropped when the test ends.
func New(t testing.TB) string {
	t.Helper()
	server, err := start()
	if err != nil {
		t.Fatal(err)
	}
	if server == "" {
		t.Skip("PostgreSQL is not installed (apt-get install postgresql)")
	}
	name := fmt.Sprintf("t%d_%d", os.Getpid(), made.Add(1))
	Exec(t, server, "CREATE SCHEMA "+name)
	t.Cleanup(func() { Exec(t, server, "DROP SCHEMA "+name+" CASCADE") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// Exec runs statements as an operator would, apart from the store's own connections.
func Exec(t testing.TB, address string, statements ...string) {
	t.Helper()
	db := Open(t, address)
	defer func() { _ = db.Close() }()
	for _, q := range statements {
		if _, err := db.ExecContext(context.Background(), q); err != nil { // cleanups run when the test's own context has ended
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// Open is a plain connection pool to a database; who opens it closes it.
func Open(t testing.TB, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// start answers the address of the server; "" if there is none to be had.
var start = sync.OnceValues(func() (string, error) {
	if address := os.Getenv("TRESTLE_TEST_POSTGRES"); address != "" {
		return address, nil
	}
	installed, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if _, missing := exec.LookPath("initdb"); missing != nil && (err != nil || len(installed) == 0) {
		return "", nil
	}
	_, here, _, _ := runtime.Caller(0)
	script := filepath.Join(filepath.Dir(here), "..", "..", "..", "build", "servers")
	dir, err := os.MkdirTemp("", "trestle-postgres-")
	if err != nil {
		return "", err
	}
	// Waits for the end of this process and takes the server with it; a killed test cleans up nothing itself.
	guard := exec.Command("setsid", "sh", "-c", `while kill -0 "$1" 2>/dev/null; do sleep 0.3; done; "$2" stop "$3"; rm -rf "$3"`,
		"trestle-postgres", strconv.Itoa(os.Getpid()), script, dir)
	if err := guard.Start(); err != nil {
		return "", errors.Join(fmt.Errorf("guard PostgreSQL: %w", err), os.RemoveAll(dir))
	}
	var said, complaints bytes.Buffer
	run := exec.Command(script, dir, "postgres")
	run.Stdout, run.Stderr = &said, &complaints
	if err := run.Run(); err != nil {
		return "", fmt.Errorf("start PostgreSQL: %w: %s", err, complaints.String())
	}
	address, ok := strings.CutPrefix(strings.TrimSpace(said.String()), "POSTGRES=")
	if !ok {
		return "", fmt.Errorf("start PostgreSQL: it said %q", said.String())
	}
	return address, nil
})
