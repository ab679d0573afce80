package app

import (
	"fmt"
	"io"
	"time"
)

type syncCmd struct {
	Timeout time.Duration `default:"30s" help:"How long to try."`
}

func (c syncCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		until := time.Now().Add(c.Timeout)
		s, err := ask[Sync](d, "Shell.SyncNow", nil)
		if err != nil {
			return err
		}
		for {
			if s, err = ask[Sync](d, "Shell.Status", nil); err != nil {
				return err
			}
			if s.Settled && s.Waiting == 0 && s.NotSent == 0 {
				return r.print(s, func(w io.Writer) { fmt.Fprintln(w, "Everything is sent and fetched.") })
			}
			if s.State == "signedOut" {
				return Fail("signed_out", s.Why)
			}
			if s.Settled && s.NotSent > 0 || time.Now().After(until) {
				v, err := ask[OutboxView](d, "Outbox.List", nil)
				if err != nil {
					return err
				}
				return unfinished(s, v.Rows)
			}
			select {
			case <-r.ctx.Done():
				return r.ctx.Err()
			case <-time.After(40 * time.Millisecond):
			}
		}
	})
}
