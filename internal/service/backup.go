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
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"trestle/internal/service/files"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// A backup is a folder:
//
//	manifest.json     what it is of, and the hash of each of the other two
//	tables.jsonl.gz   one moment of the database in its portable form, for either engine
//	parts.jsonl       the parts of files of that moment: space, hash, size
//	p/SPACE/SHA256    their bytes
//
// It is written under another name and gets its own when all of it is on the disk. The service may run meanwhile. Parts never change, so a
// later backup takes those of an earlier one as they are.

// Codes of a backup that cannot be made or restored.
const (
	BackupExists  workroom.Code = "backup_exists"
	BackupDamaged workroom.Code = "backup_damaged"
	NothingToSave workroom.Code = "nothing_to_save"
	RestoreOver   workroom.Code = "restore_not_empty"
	BackupTooNew  workroom.Code = "data_newer"
)

// parallelCopies is how many parts are read and written at a time.
const parallelCopies = 4

// Place is where a service keeps what it has, as in Config.
type Place struct {
	Data  string
	DB    string
	Blobs string
}

func (p Place) db() string {
	if p.DB == "" {
		return "sqlite:" + filepath.Join(p.Data, "service.db")
	}
	return p.DB
}

func (p Place) files() (*files.Files, error) {
	s := &Service{cfg: Config{Data: p.Data, Blobs: p.Blobs}}
	err := s.openFiles(p.Data)
	return s.files, err
}

// Manifest says what a backup holds.
type Manifest struct {
	Format  int              `json:"format"` // 1
	Made    time.Time        `json:"made"`
	Program string           `json:"program"`
	Service string           `json:"service"`
	Epoch   string           `json:"epoch"`
	Schema  int64            `json:"schema"`
	Engine  string           `json:"engine"`
	Tables  Sealed           `json:"tables"`
	Rows    map[string]int64 `json:"rows"`
	List    Sealed           `json:"list"`
	Parts   int64            `json:"parts"`
	Bytes   int64            `json:"bytes"`          // of the parts
	Taken   int64            `json:"taken"`          // parts that came from the earlier backup
	Lost    []Lost           `json:"lost,omitempty"` // parts that a file lists and that the service does not have any more
	Seal    string           `json:"seal"`           // hash of all the above
}

// seal is the hash of what a manifest says.
func (m Manifest) seal() string {
	m.Seal = ""
	b, _ := json.Marshal(m) // strings, numbers and a time always marshal
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Lost names a part whose bytes were not there.
type Lost struct {
	Space string `json:"space"`
	SHA   string `json:"sha"`
}

// Sealed names a file of a backup with its hash.
type Sealed struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Step is how far a backup or a restore is: what it does, and how much of it in rows, parts or bytes.
type Step struct {
	Doing       string
	Done, Total int64 // Total 0: not known
}

// savedPart is a line of parts.jsonl.
type savedPart struct {
	Space string `json:"space"`
	SHA   string `json:"sha"`
	Size  int64  `json:"size"`
}

// Backup writes what a service has into a new folder, target, while the service may run. like, if not empty, is an earlier backup: parts it
// has are linked from there, not copied. An error a person can act on is a *workroom.Refusal.
func Backup(ctx context.Context, from Place, program, target, like string, tell func(Step)) (*Manifest, error) {
	if tell == nil {
		tell = func(Step) {}
	}
	target = filepath.Clean(target)
	if _, err := os.Lstat(target); err == nil {
		return nil, &workroom.Refusal{Code: BackupExists, Text: "There is something already: " + target}
	}
	if like != "" {
		if _, err := readManifest(like); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return nil, cannotWrite(target, err)
	}
	temp, err := os.MkdirTemp(filepath.Dir(target), "."+filepath.Base(target)+".partial-") // 0700
	if err != nil {
		return nil, cannotWrite(target, err)
	}
	m, err := backup(ctx, from, program, temp, like, tell)
	if err == nil {
		err = finish(temp, target)
	}
	if err != nil {
		return nil, errors.Join(backupTrouble(target, err), os.RemoveAll(temp))
	}
	return m, nil
}

func cannotWrite(path string, err error) error {
	return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: DataUnwritable, Text: "The folder cannot be written: " + filepath.Dir(path)}, err)
}

// backupTrouble says in words what a person can do something about.
func backupTrouble(path string, err error) error {
	var r *workroom.Refusal
	switch {
	case errors.As(err, &r):
		return err
	case errors.Is(err, store.ErrNothing):
		return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: NothingToSave, Text: "There is no service's database there to save."}, err)
	case errors.Is(err, store.ErrNotEmpty):
		return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: RestoreOver, Text: "There is data already where the backup would be restored to. Nothing was changed; use an empty place."}, err)
	case errors.Is(err, store.ErrMalformed):
		return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: BackupDamaged, Text: "The backup is damaged: its tables cannot be read to the end. Nothing was restored."}, err)
	case errors.Is(err, store.ErrNewer):
		return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: BackupTooNew, Text: "A newer version of Trestle made this backup. Please update this one; nothing was changed."}, err)
	case errors.Is(err, files.ErrAway):
		return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: BlobsUnusable, Field: "blobs", Text: "The store of files does not answer. Nothing was changed; try again."}, err)
	case errors.Is(err, store.ErrNoDriver), errors.Is(err, store.ErrAddress), store.IsAway(err):
		return databaseTrouble(err, "")
	case errors.Is(err, fs.ErrPermission), store.IsFull(err):
		return cannotWrite(path, err)
	}
	return err
}

func backup(ctx context.Context, from Place, program, temp, like string, tell func(Step)) (*Manifest, error) {
	m := &Manifest{Format: 1, Made: time.Now().UTC().Truncate(time.Second), Program: program}
	list, err := newSealing(temp, "parts.jsonl")
	if err != nil {
		return nil, err
	}
	tables, err := newSealing(temp, "tables.jsonl.gz")
	if err != nil {
		return nil, errors.Join(err, list.f.Close())
	}
	zip := zipped.NewWriter(tables)
	rows := int64(0)
	listed := map[string]map[string]bool{}
	all := map[string]map[string]int64{}
	out, err := store.Export(ctx, from.db(), temp, zip, func(table string, row map[string]any) error {
		if rows++; rows%10_000 == 0 {
			tell(Step{"saving tables", rows, 0})
		}
		return notePart(table, row, listed, all)
	})
	if err == nil {
		err = zip.Close()
	}
	if err == nil {
		m.Tables, err = tables.seal()
	}
	if err != nil {
		return nil, errors.Join(err, list.f.Close(), tables.f.Close())
	}
	m.Service, m.Epoch, m.Schema, m.Engine, m.Rows = out.Service, out.Epoch, out.Schema, out.Engine, out.Rows
	var parts []savedPart
	for space, shas := range all {
		for sha, size := range shas {
			if listed[space][sha] { // what no file lists is about to be swept
				parts = append(parts, savedPart{space, sha, size})
			}
		}
	}
	if err := saveParts(ctx, from, m, parts, temp, like, list, tell); err != nil {
		return nil, errors.Join(err, list.f.Close())
	}
	if m.List, err = list.seal(); err != nil {
		return nil, err
	}
	m.Seal = m.seal()
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	return m, writeWhole(filepath.Join(temp, "manifest.json"), strings.NewReader(string(b)+"\n"))
}

// notePart gathers which parts there are and which of them a file lists.
func notePart(table string, row map[string]any, listed map[string]map[string]bool, all map[string]map[string]int64) error {
	space, _ := row["space"].(string)
	switch table {
	case "part":
		if taken, _ := row["taken"].(int64); taken > 0 {
			return nil
		}
		if all[space] == nil {
			all[space] = map[string]int64{}
		}
		size, _ := row["size"].(int64)
		all[space][row["sha"].(string)] = size
	case "file":
		var shas []string
		text, _ := row["parts"].(string)
		if err := json.Unmarshal([]byte(text), &shas); err != nil {
			return fmt.Errorf("read a file's parts: %w", err)
		}
		if listed[space] == nil {
			listed[space] = map[string]bool{}
		}
		for _, sha := range shas {
			listed[space][sha] = true
		}
	}
	return nil
}

// saveParts brings the bytes of parts into the backup, from the earlier one where it has them, and lists them.
func saveParts(ctx context.Context, from Place, m *Manifest, parts []savedPart, temp, like string, list *sealing, tell func(Step)) error {
	source, err := from.files()
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	var total int64
	for _, p := range parts {
		total += p.Size
	}
	var mu sync.Mutex
	var done int64
	enc := json.NewEncoder(list)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallelCopies)
	for _, p := range parts {
		g.Go(func() error {
			linked, err := savePart(ctx, source, p, temp, like)
			mu.Lock()
			defer mu.Unlock()
			done += p.Size
			tell(Step{"saving files", done, total})
			switch {
			case errors.Is(err, files.ErrLost):
				m.Lost = append(m.Lost, Lost{Space: p.Space, SHA: p.SHA})
				return nil
			case err != nil:
				return err
			}
			if m.Parts++; linked {
				m.Taken++
			}
			m.Bytes += p.Size
			return enc.Encode(p)
		})
	}
	return g.Wait()
}

func savePart(ctx context.Context, source *files.Files, p savedPart, temp, like string) (linked bool, err error) {
	if !shaPattern.MatchString(p.SHA) || !fs.ValidPath(p.Space) || strings.Contains(p.Space, "/") || p.Size < 1 || p.Size > wire.PartSize {
		return false, fmt.Errorf("save a part: the database names one that cannot be")
	}
	to := filepath.Join(temp, "p", p.Space, p.SHA)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return false, err
	}
	if like != "" {
		had := filepath.Join(like, "p", p.Space, p.SHA)
		if info, err := os.Lstat(had); err == nil && info.Mode().IsRegular() && info.Size() == p.Size && os.Link(had, to) == nil {
			return true, nil
		}
	}
	in := source.Read(ctx, p.Space, []string{p.SHA}, p.Size)
	defer func() { _ = in.Close() }()
	sum := sha256.New()
	if err := writeWhole(to, io.TeeReader(in, sum)); err != nil {
		return false, errors.Join(err, os.Remove(to))
	}
	if hex.EncodeToString(sum.Sum(nil)) != p.SHA {
		return false, errors.Join(files.ErrLost, os.Remove(to))
	}
	return false, nil
}

// sealing is a file of a backup whose hash is known when it is written.
type sealing struct {
	f   *os.File
	w   *bufio.Writer
	sum hash.Hash
	n   int64
}

func newSealing(dir, name string) (*sealing, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write a backup: %w", err)
	}
	return &sealing{f: f, w: bufio.NewWriterSize(f, 1<<20), sum: sha256.New()}, nil
}

func (s *sealing) Write(b []byte) (int, error) {
	s.sum.Write(b)
	s.n += int64(len(b))
	return s.w.Write(b)
}

func (s *sealing) seal() (Sealed, error) {
	err := s.w.Flush()
	if err == nil {
		err = s.f.Sync()
	}
	if err = errors.Join(err, s.f.Close()); err != nil {
		return Sealed{}, fmt.Errorf("write a backup: %w", err)
	}
	return Sealed{filepath.Base(s.f.Name()), hex.EncodeToString(s.sum.Sum(nil)), s.n}, nil
}

// writeWhole writes a new file, private and on the disk.
func writeWhole(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write a backup: %w", err)
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write a backup: %w", err)
	}
	return nil
}

// finish brings the folders to the disk and gives the backup its name.
func finish(temp, target string) error {
	err := filepath.WalkDir(temp, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			syncFolder(path)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("write a backup: %w", err)
	}
	if err := os.Rename(temp, target); err != nil {
		return fmt.Errorf("write a backup: %w", err)
	}
	syncFolder(filepath.Dir(target))
	return nil
}

// syncFolder makes what a folder names last; systems that cannot sync a folder need not.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}
