package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"trestle/internal/service/pgtest"
	"trestle/internal/workroom"
)

// asked collects what a batch asks the database.
type asked struct{ list []string }

func (a *asked) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }
func (a *asked) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	if strings.HasPrefix(e.Query, "SELECT") {
		a.list = append(a.list, e.Query)
	}
}

// What a batch reads before it decides is found by an index, each of its conditions, on both engines; on PostgreSQL also while it knows
// nothing of the tables yet.
func TestAheadUsesIndexes(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address, Options{})
		for i := range 20 {
			if err := put(t.Context(), s, fmt.Sprint("m", i), "r:a", "r:b", "r:c"); err != nil {
				t.Fatal(err)
			}
		}
		if s.Shared() { // as many rows as make a difference, and no knowledge of them
			pgtest.Exec(t, address, `INSERT INTO thing (scope, kind, id, seq, born, rev, mn, gone, actor, at, body)
				SELECT 'r:' || n % 300, 'message', 'x' || n, n, n, 1, n, FALSE, 'anna', n, '{}' FROM generate_series(1, 45000) AS n`,
				`INSERT INTO command (account, id, device, n, op, hash, status, code, detail, field, seqs, at)
				SELECT 'u' || n % 300, 'x' || n, 'd', n, 'SendMessage', 'h', 'ok', '', '', '', '{}', n FROM generate_series(1, 45000) AS n`)
		}
		ahead := func(n int) (a Ahead) {
			for i := range n {
				id := fmt.Sprint("m", i)
				a.Records = append(a.Records, Asking{"anna", id}, Asking{"ben", id})
				a.Devices = []Asking{{"anna", "d"}, {"ben", "d"}}
				a.Roots = []workroom.Scope{"r:a", "r:b"}
				for _, sc := range a.Roots {
					a.Things = append(a.Things, workroom.Ref{Scope: sc, Kind: workroom.KindMessage, ID: id}, workroom.Ref{Scope: sc, Kind: workroom.KindMember, ID: id})
				}
			}
			return a
		}
		seen := &asked{}
		s.write = s.write.WithQueryHook(seen)
		err := s.Write(t.Context(), func(tx Tx) error {
			b := NewBatch(t.Context(), tx)
			if err := b.Lock("r:a", "r:b"); err != nil {
				return err
			}
			return b.Ahead(ahead(64))
		})
		if err != nil || len(seen.list) != 3 {
			t.Fatalf("%d questions: %v", len(seen.list), err)
		}
		explain, bad := "EXPLAIN QUERY PLAN ", []string{"SCAN "}
		if s.Shared() { // the two small tables are read whole
			explain, bad = "EXPLAIN ", []string{"Seq Scan on thing", "Seq Scan on command"}
		}
		for _, n := range []int{1, 32} { // of one command and of a whole batch
			text, args, _ := spread(ahead(n).statement())
			seen.list = append(seen.list, s.write.QueryGen().FormatQuery(text, args...))
		}
		for _, q := range seen.list {
			plan := planOf(t, s, explain+q)
			if slices.ContainsFunc(bad, func(b string) bool { return strings.Contains(plan, b) }) {
				t.Errorf("%.80s…\n%s", q, plan)
			}
		}
	})
}

// planOf is the last column of each row of an explanation.
func planOf(t *testing.T, s *Store, q string) string {
	t.Helper()
	rows, err := s.read.DB.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		if err := rows.Scan(row...); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(*row[len(row)-1].(*any)))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}
