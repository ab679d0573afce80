package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"
)

// Job is work to be done once, whichever node does it.
type Job struct {
	ID       string
	Kind     string
	Args     string
	Attempts int64
}

const (
	jobLease = 15 * time.Minute // a node that claimed a job and says nothing for so long has died
	jobTries = 10
	jobKept  = 30 * 24 * time.Hour
)

// AddJob notes work to be done from a time on, unless there is a job with the same dedupe already, done or not.
func (tx Tx) AddJob(ctx context.Context, kind, dedupe, args string, runAt time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO jobs (id, kind, dedupe, args, run_at, lease, attempts, error, done) VALUES (?, ?, ?, ?, ?, 0, 0, '', ?)
		ON CONFLICT (dedupe) DO NOTHING`, tx.s.uuid(), kind, dedupe, args, runAt.UnixMicro(), false)
	if err != nil {
		return fmt.Errorf("add a job: %w", err)
	}
	return nil
}

// ClaimJob takes the next job that is due for this node; nil if there is none. Nobody else gets it while the lease lasts.
func (s *Store) ClaimJob(ctx context.Context, now time.Time) (*Job, error) {
	var j *Job
	err := s.Write(ctx, func(tx Tx) error {
		if err := tx.s.fail(PointJobs); err != nil {
			return err
		}
		at := now.UnixMicro()
		var x Job
		err := tx.QueryRowContext(ctx, `UPDATE jobs SET lease = ?, attempts = attempts + 1 WHERE lease < ? AND NOT done AND id =
			(SELECT id FROM jobs WHERE NOT done AND run_at <= ? AND lease < ? ORDER BY run_at, id LIMIT 1) RETURNING id, kind, args, attempts`,
			now.Add(jobLease).UnixMicro(), at, at, at).Scan(&x.ID, &x.Kind, &x.Args, &x.Attempts)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("claim a job: %w", err)
		}
		j = &x
		return nil
	})
	return j, err
}

// FinishJob says how a job went. One that failed is due again after a pause that doubles, at most an hour, and is given up after ten times.
// code is what is kept of the failure, "" if it went well.
func (s *Store) FinishJob(ctx context.Context, j *Job, code string, now time.Time) error {
	return s.Write(ctx, func(tx Tx) error {
		done := code == "" || j.Attempts >= jobTries
		pause := min(time.Hour, 5*time.Second<<min(j.Attempts, 20))
		_, err := tx.ExecContext(ctx, "UPDATE jobs SET done = ?, lease = 0, error = ?, run_at = ? WHERE id = ? AND attempts = ?",
			done, code, now.Add(pause).UnixMicro(), j.ID, j.Attempts)
		if err != nil {
			return fmt.Errorf("finish a job: %w", err)
		}
		_, err = tx.removed(ctx, "DELETE FROM jobs WHERE done AND error = '' AND run_at < ?", now.Add(-jobKept).UnixMicro())
		return err
	})
}

// Jobs counts the jobs that wait, and says since when the oldest that is due does, in µs; and how many were given up. What is noted for a
// later day, such as the end of an offer, does not wait yet; what failed and is tried again does.
func (tx Tx) Jobs(ctx context.Context, now time.Time) (waiting int, oldest time.Duration, dead int, err error) {
	var first sql.NullInt64
	err = tx.QueryRowContext(ctx, `SELECT count(CASE WHEN NOT done AND (run_at <= ? OR attempts > 0) THEN 1 END), min(CASE WHEN NOT done THEN run_at END),
		count(CASE WHEN done AND error <> '' THEN 1 END) FROM jobs`, now.UnixMicro()).Scan(&waiting, &first, &dead)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("count jobs: %w", err)
	}
	if first.Valid {
		oldest = max(0, now.Sub(time.UnixMicro(min(first.Int64, math.MaxInt64))))
	}
	return waiting, oldest, dead, nil
}
