package store

import (
	"fmt"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// T-09: whose picture a file is, is found without reading the other screenshots of its contract: one of them that this program cannot read does not
// keep the others from being handed out.
func TestT09_OneShotIsFoundAmongMany(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address, Options{})
		scopes := []workroom.Scope{"d:k:2026-11-09", "d:k:2026-11-16"}
		err := s.Write(t.Context(), func(tx Tx) error {
			b := NewBatch(t.Context(), tx)
			if err := b.Lock(scopes...); err != nil {
				return err
			}
			var c workroom.Changes
			for i := range 20 {
				c.Put(scopes[i%2], fmt.Sprint("d.", i), &workroom.Shot{Slice: "s", Contract: "k", Device: "d", Cell: int64(i), At: int64(i) * 600, File: workroom.FileID(fmt.Sprint("file_", i))})
			}
			if _, _, err := b.Write("free", time.UnixMicro(1), "", c.List()); err != nil {
				return err
			}
			if _, err := b.Flush(); err != nil {
				return err
			}
			_, err := tx.ExecContext(t.Context(), "UPDATE thing SET body = ? WHERE id = ?", `{"file": 7}`, "d.0")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Read(t.Context(), func(tx Tx) error {
			for id, want := range map[workroom.FileID]string{"file_3": "d.3", "file_12": "d.12", "file_1": "d.1", "file_": "", "file": ""} {
				ref, ok, err := tx.ShotOf(t.Context(), &File{ID: id, Scope: scopes[0], Root: "k:k", Named: 99})
				if err != nil || ok != (want != "") || ref.ID != want {
					t.Errorf("%s: %v %v %v", id, ref, ok, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
