package service

import (
	"context"
	"fmt"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
)

// periodic is what one node does for all, once in each period.
var periodic = []struct {
	kind  string
	every time.Duration
	run   func(*Service, context.Context) error
}{
	{"sweep files", time.Hour, (*Service).sweep},
	{"expire pictures", 24 * time.Hour, func(s *Service, ctx context.Context) error { return s.Expire(ctx, s.now()) }},
	{"lapse offers", 24 * time.Hour, (*Service).lapsePast},
	{"prune records", 24 * time.Hour, func(s *Service, ctx context.Context) error { return s.Prune(ctx, s.now()) }},
	{"compact", 24 * time.Hour, func(s *Service, ctx context.Context) error { return s.Compact(ctx, s.now()) }},
}

// Prune forgets what is no longer needed to answer a device at a time: records of commands older than 180 days, tags older than 60.
func (s *Service) Prune(ctx context.Context, now time.Time) error {
	records, err := s.store.PruneRecords(ctx, now.Add(-store.KeepRecords))
	if err != nil {
		return fmt.Errorf("prune records: %w", err)
	}
	tags, err := s.store.PruneTags(ctx, now.Add(-store.KeepTags), store.TagsOfScope)
	if err != nil {
		return fmt.Errorf("prune tags: %w", err)
	}
	if records+tags > 0 {
		s.log.InfoContext(ctx, "pruned", "records", records, "tags", tags)
	}
	return nil
}

// Compact removes what was deleted more than 90 days before a time; see store.Compact.
func (s *Service) Compact(ctx context.Context, now time.Time) error {
	n, err := s.store.Compact(ctx, now.Add(-store.KeepTombstones))
	if err != nil {
		return fmt.Errorf("compact: %w", err)
	}
	if n > 0 {
		s.log.InfoContext(ctx, "compacted", "tombstones", n)
	}
	return nil
}

// work adds the periodic jobs of this moment and does all that is due. Of several nodes each job is one's.
func (s *Service) work(ctx context.Context) error {
	now := s.now()
	err := s.store.Write(ctx, func(tx store.Tx) error {
		for _, p := range periodic {
			period := now.Truncate(p.every)
			if err := tx.AddJob(ctx, p.kind, fmt.Sprintf("%s %d", p.kind, period.Unix()), "", period); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.due(ctx)
}

// hurry says that a job was noted for which somebody waits.
func (s *Service) hurry() {
	select {
	case s.hurried <- struct{}{}:
	default: // that is known already
	}
}

// due does the jobs whose time has come.
func (s *Service) due(ctx context.Context) error {
	for ctx.Err() == nil {
		j, err := s.store.ClaimJob(ctx, s.now())
		if err != nil || j == nil {
			return err
		}
		failed := s.do(ctx, j)
		code := ""
		if failed != nil {
			code = string(s.fail(ctx, "do job "+j.Kind, failed).Code)
		}
		if err := s.store.FinishJob(ctx, j, code, s.now()); err != nil {
			return err
		}
	}
	return nil
}

// do runs one job; its panic is its failure.
func (s *Service) do(ctx context.Context, j *store.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &panicked{value: p}
		}
	}()
	for _, p := range periodic {
		if p.kind == j.Kind {
			return p.run(s, ctx)
		}
	}
	if j.Kind == jobWithdraw {
		return s.withdraw(ctx, j.Args)
	}
	if j.Kind == jobLapse {
		return s.lapse(ctx, j.Args)
	}
	if j.Kind == jobPart {
		return s.part(ctx, j.Args)
	}
	if j.Kind == store.JobPreviews {
		return s.files.DropThumbs(ctx, j.Args)
	}
	return wire.Fail("internal") // of a newer version: it is tried again, perhaps by a newer node
}
