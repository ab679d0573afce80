package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"trestle/internal/workroom"
)

// Account is a row of people who can sign in.
type Account struct {
	bun.BaseModel `bun:"table:account"`

	ID       workroom.AccountID `bun:"id,pk"`
	Email    string             `bun:"email"`
	Fold     string             `bun:"email_fold"` // lower case, unique
	Name     string             `bun:"name"`
	Password string             `bun:"password"` // argon2id, as its own text form
	Joined   int64              `bun:"joined"`
}

// ErrTaken says that there is an account with this e-mail address.
var ErrTaken = errors.New("the address has an account")

// FoldEmail is the form of an address by which accounts are told apart.
func FoldEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// AddAccount writes a new account, or answers ErrTaken.
func (tx Tx) AddAccount(ctx context.Context, a *Account) error {
	a.Fold = FoldEmail(a.Email)
	if _, ok, err := tx.AccountByEmail(ctx, a.Fold); err != nil {
		return err
	} else if ok {
		return ErrTaken
	}
	if _, err := tx.NewInsert().Model(a).Exec(ctx); isTwice(err) { // made by another transaction in this very moment
		return ErrTaken
	} else if err != nil {
		return fmt.Errorf("write account: %w", err)
	}
	return nil
}

// AccountByEmail finds an account whatever the case of the address.
func (tx Tx) AccountByEmail(ctx context.Context, email string) (*Account, bool, error) {
	return tx.account(ctx, "email_fold = ?", FoldEmail(email))
}

// Account finds an account by its id.
func (tx Tx) Account(ctx context.Context, id workroom.AccountID) (*Account, bool, error) {
	return tx.account(ctx, "id = ?", id)
}

func (tx Tx) account(ctx context.Context, where string, arg any) (*Account, bool, error) {
	a := &Account{}
	err := tx.QueryRowContext(ctx, "SELECT id, email, email_fold, name, password, joined FROM account WHERE "+where, arg).
		Scan(&a.ID, &a.Email, &a.Fold, &a.Name, &a.Password, &a.Joined)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read account: %w", err)
	}
	return a, true, nil
}

// AnyAccount reports whether the service has an account at all.
func (tx Tx) AnyAccount(ctx context.Context) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM account LIMIT 1) AS x").Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read accounts: %w", err)
	}
	return n > 0, nil
}

// Alone makes others who ask for it too wait until this transaction has ended.
func (tx Tx) Alone(ctx context.Context) error {
	if _, err := tx.ExecContext(ctx, "UPDATE meta SET v = v WHERE k = ?", "service"); err != nil {
		return fmt.Errorf("be alone: %w", err)
	}
	return nil
}

// Token is a device's right to act for an account. Only the token's hash is stored.
type Token struct {
	Hash    string
	Account workroom.AccountID
	Device  string
	Made    int64
	Used    int64
}

// PutToken stores a device's token, in place of an older one of that device, and answers the hash of that one or "". ErrDevices refuses one device
// too many.
func (tx Tx) PutToken(ctx context.Context, t Token, deviceName string) (string, error) {
	var old string
	err := tx.QueryRowContext(ctx, "SELECT hash FROM token WHERE account = ? AND device = ?", t.Account, t.Device).Scan(&old)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read token: %w", err)
	}
	var known, devices int
	err = tx.QueryRowContext(ctx, "SELECT COALESCE(sum(CASE WHEN id = ? THEN 1 ELSE 0 END), 0), count(*) FROM device WHERE account = ?", t.Device, t.Account).Scan(&known, &devices)
	switch {
	case err != nil:
		return "", fmt.Errorf("count devices: %w", err)
	case known == 0 && devices >= MaxDevices:
		return "", ErrDevices
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO token (hash, account, device, made, used) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account, device) DO UPDATE SET hash = EXCLUDED.hash, made = EXCLUDED.made, used = EXCLUDED.used`, t.Hash, t.Account, t.Device, t.Made, t.Used)
	if err != nil {
		return "", fmt.Errorf("write token: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO device (id, account, name, incarnation, pruned_n, seen) VALUES (?, ?, ?, '', 0, ?)
		ON CONFLICT (account, id) DO UPDATE SET name = EXCLUDED.name, seen = EXCLUDED.seen`, t.Device, t.Account, deviceName, t.Made)
	if err != nil {
		return "", fmt.Errorf("write device: %w", err)
	}
	return old, nil
}

// TokenByHash finds a token as it is now, outside any transaction, which every question begins with.
func (s *Store) TokenByHash(ctx context.Context, hash string) (t Token, ok bool, err error) {
	if err := s.fail(PointRead); err != nil {
		return t, false, err
	}
	for tries := 0; ; tries++ {
		t = Token{Hash: hash}
		err = s.askOne(ctx, s.read, "SELECT account, device, made, used FROM token WHERE hash = ?", hash).Scan(&t.Account, &t.Device, &t.Made, &t.Used)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return t, false, nil
		case err == nil:
			return t, true, nil
		case !isCut(err) || tries == again || ctx.Err() != nil:
			return t, false, fmt.Errorf("read token: %w", err)
		}
	}
}

// UseToken notes when a token was last used.
func (tx Tx) UseToken(ctx context.Context, t Token, at int64) error {
	if _, err := tx.ExecContext(ctx, "UPDATE token SET used = ? WHERE hash = ?", at, t.Hash); err != nil {
		return fmt.Errorf("write token: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "UPDATE device SET seen = ? WHERE account = ? AND id = ?", at, t.Account, t.Device); err != nil {
		return fmt.Errorf("write device: %w", err)
	}
	return nil
}

// EndToken makes a token worthless.
func (tx Tx) EndToken(ctx context.Context, hash string) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM token WHERE hash = ?", hash); err != nil {
		return fmt.Errorf("end token: %w", err)
	}
	return nil
}

// Attempts counts failures under a key within a window of time.
type Attempts struct {
	N    int64
	Last int64 // Unix µs
}

// Attempts reads the failures under a key since the window began. Others who ask for the same key wait until this transaction has ended, so
// that many guesses at the same moment are counted one after the other.
func (tx Tx) Attempts(ctx context.Context, k string, now time.Time, window time.Duration) (Attempts, error) {
	var a Attempts
	if tx.s.Shared() { // this statement changes nothing but holds the row; SQLite has one writer anyway
		_, err := tx.ExecContext(ctx, "INSERT INTO attempt (k, n, since, last) VALUES (?, 0, 0, 0) ON CONFLICT (k) DO UPDATE SET n = attempt.n", k)
		if err != nil {
			return a, fmt.Errorf("hold attempts: %w", err)
		}
	}
	err := tx.QueryRowContext(ctx, "SELECT n, last FROM attempt WHERE k = ? AND last > ?", k, now.Add(-window).UnixMicro()).Scan(&a.N, &a.Last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return a, fmt.Errorf("read attempts: %w", err)
	}
	return a, nil
}

// AddAttempt counts one more failure under a key; a window without any starts the count anew.
func (tx Tx) AddAttempt(ctx context.Context, k string, now time.Time, window time.Duration) error {
	at, old := now.UnixMicro(), now.Add(-window).UnixMicro()
	_, err := tx.ExecContext(ctx, `INSERT INTO attempt (k, n, since, last) VALUES (?, 1, ?, ?) ON CONFLICT (k) DO UPDATE SET
		n = CASE WHEN attempt.last <= ? THEN 1 ELSE attempt.n + 1 END, since = CASE WHEN attempt.last <= ? THEN EXCLUDED.since ELSE attempt.since END,
		last = EXCLUDED.last`, k, at, at, old, old)
	if err != nil {
		return fmt.Errorf("write attempts: %w", err)
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM attempt WHERE last <= ?", now.Add(-24*time.Hour).UnixMicro())
	if err != nil {
		return fmt.Errorf("forget attempts: %w", err)
	}
	return nil
}

// ForgetAttempts clears a key.
func (tx Tx) ForgetAttempts(ctx context.Context, k string) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM attempt WHERE k = ?", k); err != nil {
		return fmt.Errorf("forget attempts: %w", err)
	}
	return nil
}

// UndoAttempt takes back one failure that was none.
func (tx Tx) UndoAttempt(ctx context.Context, k string) error {
	if _, err := tx.ExecContext(ctx, "UPDATE attempt SET n = n - 1 WHERE k = ? AND n > 0", k); err != nil {
		return fmt.Errorf("write attempts: %w", err)
	}
	return nil
}

// KnowsDevice reports whether an account signed in on a device before.
func (tx Tx) KnowsDevice(ctx context.Context, who workroom.AccountID, device string) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM device WHERE account = ? AND id = ?", who, device).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("read device: %w", err)
	}
	return n > 0, nil
}
