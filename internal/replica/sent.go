package replica

import (
	"fmt"
	"time"
)

// pruneEvery is how many acks pass before old ones are forgotten within one run of the program.
const pruneEvery = 500

// keepSent and keepCount say how long acked commands stay: as long as they are offered again.
const (
	keepSent  = 14 * 24 * time.Hour
	keepCount = 10_000
)

func (t *tx) pruneSent() error {
	_, err := t.Exec(`DELETE FROM sent WHERE acked<? OR acked<(SELECT acked FROM sent ORDER BY acked DESC LIMIT 1 OFFSET ?)`,
		t.r.o.Now().Add(-keepSent).UnixMicro(), keepCount-1)
	if err == nil { // what cannot be offered again need not be proven
		_, err = t.Exec(`DELETE FROM unproven WHERE id NOT IN (SELECT id FROM sent)`)
	}
	if err != nil {
		return fmt.Errorf("prune sent commands: %w", err)
	}
	return nil
}
