package service

import (
	"bufio"
	zipped "compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/sync/errgroup"

	"trestle/internal/service/files"
	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// Restored says what a restore brought.
type Restored struct {
	Service string           `json:"service"`
	Epoch   string           `json:"epoch"` // a new one: devices open everything anew and offer again what they sent
	Made    time.Time        `json:"made"`  // when the backup was made
	Rows    map[string]int64 `json:"rows"`
	Parts   int64            `json:"parts"`
	Bytes   int64            `json:"bytes"`
	Lost    int              `json:"lost"` // parts that were lost before the backup
}

// Restore brings a backup to a place where nothing is yet, on either engine and any store of files, and begins a new epoch there. Every byte
// of the backup is verified before the first is written, and the database comes last, in one step: a place where a restore was broken off
// holds no service. An error a person can act on is a *workroom.Refusal.
func Restore(ctx context.Context, source string, to Place, tell func(Step)) (*Restored, error) {
	if tell == nil {
		tell = func(Step) {}
	}
	m, err := readManifest(source)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(to.Data, 0o700); err != nil {
		return nil, cannotWrite(filepath.Join(to.Data, "x"), err)
	}
	if strings.HasPrefix(to.db(), "sqlite:") {
		lock := flock.New(filepath.Join(to.Data, "service.lock"), flock.SetPermissions(0o600))
		got, err := lock.TryLock()
		if err != nil {
			return nil, cannotWrite(filepath.Join(to.Data, "x"), err)
		}
		if !got {
			return nil, &workroom.Refusal{Code: DataInUse, Text: "A Trestle is using the data folder: " + to.Data}
		}
		defer func() { _ = lock.Unlock() }()
	}
	out, err := restore(ctx, source, m, to, tell)
	if err != nil {
		return nil, backupTrouble(filepath.Join(to.Data, "x"), err)
	}
	return out, nil
}

// readManifest reads what a backup says of itself.
func readManifest(dir string) (*Manifest, error) {
	b, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", &workroom.Refusal{Code: BackupDamaged, Text: "This is no backup of a service, or not a whole one: " + dir}, err)
	}
	m := &Manifest{}
	if err := json.Unmarshal(b, m); err != nil || m.Format < 1 {
		return nil, damagedBackup("its manifest cannot be read")
	}
	if m.Format > 1 {
		return nil, &workroom.Refusal{Code: BackupTooNew, Text: "A newer version of Trestle made this backup. Please update this one; nothing was changed."}
	}
	if m.Seal != m.seal() {
		return nil, damagedBackup("its manifest was changed")
	}
	if m.Tables.File != "tables.jsonl.gz" || m.List.File != "parts.jsonl" {
		return nil, damagedBackup("its manifest names other files")
	}
	return m, nil
}

func damagedBackup(why string) error {
	return &workroom.Refusal{Code: BackupDamaged, Text: "The backup is damaged: " + why + ". Nothing was restored."}
}

func restore(ctx context.Context, source string, m *Manifest, to Place, tell func(Step)) (*Restored, error) {
	if err := store.Empty(ctx, to.db()); err != nil {
		return nil, err
	}
	parts, err := verifyBackup(ctx, source, m, tell)
	if err != nil {
		return nil, err
	}
	target, err := to.files()
	if err != nil {
		return nil, err
	}
	defer func() { _ = target.Close() }()
	var done int64
	err = eachPart(ctx, parts, func(ctx context.Context, p savedPart) error {
		f, err := os.Open(filepath.Join(source, "p", p.Space, p.SHA))
		if err != nil {
			return damagedBackup("a part of a file is gone")
		}
		defer f.Close()
		err = target.Put(ctx, p.Space, p.SHA, p.Size, f)
		if errors.Is(err, files.ErrMismatch) {
			return damagedBackup("a part of a file changed while it was being restored")
		}
		return err
	}, func(p savedPart) {
		done += p.Size
		tell(Step{"restoring files", done, m.Bytes})
	})
	if err != nil {
		return nil, err
	}
	tell(Step{"restoring tables", 0, 0})
	f, err := os.Open(filepath.Join(source, m.Tables.File))
	if err != nil {
		return nil, damagedBackup("its tables are gone")
	}
	defer f.Close()
	sum := sha256.New()
	zip, err := zipped.NewReader(io.TeeReader(bufio.NewReaderSize(f, 1<<20), sum))
	if err != nil {
		return nil, damagedBackup("its tables cannot be read")
	}
	saved := make(map[savedKey]bool, len(parts))
	for _, p := range parts {
		saved[savedKey{p.Space, p.SHA}] = true
	}
	got, err := store.Import(ctx, to.db(), m.Made, zip, func(space, sha string) bool { return saved[savedKey{space, sha}] })
	if err != nil {
		return nil, err
	}
	if err := checkRestored(ctx, to, got, m); err != nil {
		return nil, err
	}
	return &Restored{Service: got.Service, Epoch: got.Epoch, Made: m.Made, Rows: got.Rows, Parts: m.Parts, Bytes: m.Bytes, Lost: len(m.Lost)}, nil
}

type savedKey struct{ space, sha string }

// checkRestored opens what was restored as a service would, which brings its tables up to date.
func checkRestored(ctx context.Context, to Place, got *store.Exported, m *Manifest) error {
	s, err := store.Open(ctx, to.db(), store.Options{})
	if err != nil {
		return err
	}
	err = s.Check(ctx)
	if err == nil && (s.Service != m.Service || s.Epoch != got.Epoch || s.Epoch == m.Epoch) {
		err = fmt.Errorf("what was restored is another service")
	}
	return errors.Join(err, s.Close())
}

// verifyBackup reads all of a backup and compares it with what its manifest says.
func verifyBackup(ctx context.Context, source string, m *Manifest, tell func(Step)) ([]savedPart, error) {
	for _, s := range []Sealed{m.Tables, m.List} {
		if err := verifyFile(filepath.Join(source, s.File), s.SHA256, s.Bytes); err != nil {
			return nil, damagedBackup(s.File + " " + err.Error())
		}
	}
	f, err := os.Open(filepath.Join(source, m.List.File))
	if err != nil {
		return nil, damagedBackup("its list of parts is gone")
	}
	defer f.Close()
	var parts []savedPart
	var bytes int64
	for dec := json.NewDecoder(bufio.NewReader(f)); ; {
		var p savedPart
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil || !shaPattern.MatchString(p.SHA) || p.Space == "" || strings.ContainsAny(p.Space, `/\`) || p.Space[0] == '.' {
			return nil, damagedBackup("its list of parts cannot be read")
		}
		parts = append(parts, p)
		bytes += p.Size
	}
	if int64(len(parts)) != m.Parts || bytes != m.Bytes {
		return nil, damagedBackup("its list of parts is not whole")
	}
	var done int64
	return parts, eachPart(ctx, parts, func(ctx context.Context, p savedPart) error {
		if err := verifyFile(filepath.Join(source, "p", p.Space, p.SHA), p.SHA, p.Size); err != nil {
			return damagedBackup("a part of a file " + err.Error())
		}
		return ctx.Err()
	}, func(p savedPart) {
		done += p.Size
		tell(Step{"verifying files", done, m.Bytes})
	})
}

// verifyFile says what is wrong with a file, to be put after its name.
func verifyFile(path, sha string, size int64) error {
	f, err := os.Open(path)
	if err != nil {
		return errors.New("is missing")
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	switch {
	case err != nil:
		return errors.New("cannot be read")
	case n != size:
		return errors.New("has another length")
	case hex.EncodeToString(sum.Sum(nil)) != sha:
		return errors.New("is not what it was")
	}
	return nil
}

// eachPart does something with each part, several at a time, and tells of each that is done, one at a time.
func eachPart(ctx context.Context, parts []savedPart, do func(context.Context, savedPart) error, done func(savedPart)) error {
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallelCopies)
	for _, p := range parts {
		g.Go(func() error {
			if err := do(ctx, p); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done(p)
			return nil
		})
	}
	return g.Wait()
}
