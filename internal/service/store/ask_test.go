package store

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"trestle/internal/workroom"
)

func init() { Prepared = pgx.QueryExecModeCacheStatement } // as the program that has the driver does

// A list stands for as many values; few of them are kept prepared and many are not, and both find the same.
func TestAskSpreadsLists(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address, Options{})
		var many []string
		for i := range 40 {
			id := fmt.Sprintf("it's $%d?", i) // what a placeholder looks like is only a name here
			many = append(many, id)
			if err := put(t.Context(), s, id, "r:a"); err != nil {
				t.Fatal(err)
			}
		}
		for _, ids := range [][]string{many[:1], many[:3], many[:3], many} {
			found := 0
			err := s.Read(t.Context(), func(tx Tx) error {
				rows, err := tx.ask(t.Context(), "SELECT id FROM thing WHERE scope IN (?) AND kind = ? AND id IN (?) AND seq > ?",
					[]workroom.Scope{"r:a", "r:b"}, workroom.KindMessage, ids, 0)
				if err != nil {
					return err
				}
				defer func() { _ = rows.Close() }()
				for rows.Next() {
					found++
				}
				return rows.Err()
			})
			if err != nil || found != len(ids) {
				t.Errorf("%d of %d found: %v", found, len(ids), err)
			}
		}
	})
}
