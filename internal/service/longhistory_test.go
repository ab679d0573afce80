package service

import (
	"fmt"
	"testing"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// A report of time is judged by all that happened to its contract. What it costs with as much as one side can bring about is measured by hand:
// go test -run XXX -bench LongHistory ./internal/service
func BenchmarkReportOnALongHistory(b *testing.B) {
	for _, turns := range []int{0, 200, 2000, 4000} {
		b.Run(fmt.Sprint(turns), func(b *testing.B) {
			now := time.Date(2026, 11, 17, 7, 0, 0, 0, time.UTC)
			s, c := start(b, Config{Now: func() time.Time { return now }})
			client, free := join(b, c, "client"), join(b, c, "free")
			hire(client, free, "k1", "r1")
			now = now.Add(time.Hour)
			err := s.store.Write(b.Context(), func(tx store.Tx) error {
				batch := store.NewBatch(b.Context(), tx)
				k := workroom.ContractScope("k1")
				if err := batch.Lock(k); err != nil {
					return err
				}
				for from := 0; from < turns; from += 200 {
					var out workroom.Changes
					for i := from; i < from+200; i++ {
						out.Put(k, fmt.Sprintf("turn-%d", i), &workroom.Turn{What: workroom.TurnAnswered, By: client.id, At: now.UnixMicro() + int64(i), Week: "2026-11-09"})
					}
					if _, _, err := batch.Write(client.id, now, "", out.List()); err != nil {
						return err
					}
				}
				_, err := batch.Flush()
				return err
			})
			must(b, err)
			n := 0
			for b.Loop() {
				n++
				free.does(fmt.Sprint("r", n), workroom.ReportSlice{Week: "2026-11-16", Slice: workroom.Slice{ID: fmt.Sprint("s", n), Rev: 1, Freelancer: free.id, Device: "d", Boot: "b",
					Contract: "k1", Start: now.Unix() - 60, End: now.Unix(), Memo: "work", Kind: workroom.Tracked, Close: workroom.CloseStop}})
			}
		})
	}
}
