package app

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"trestle/internal/service"
)

// keptIn says where a service keeps what it has, as for serve. The service inside a window has a folder of its own in the data folder.
type keptIn struct {
	DB    string `name:"db" env:"TRESTLE_DB" help:"Database: sqlite:FILE or postgres://…; a file in the data folder by default." placeholder:"ADDRESS"`
	Blobs string `env:"TRESTLE_BLOBS" help:"Where files are kept: file:///DIR or s3://BUCKET?…; a folder in the data folder by default." placeholder:"ADDRESS"`
}

func (k keptIn) place(r *run) (service.Place, error) {
	dirs, err := FindDirs(r.data)
	if err != nil {
		return service.Place{}, err
	}
	data := dirs.Data
	if k.DB == "" && k.Blobs == "" && inWindow(data) {
		data = filepath.Join(data, "service-"+wayLocal)
	}
	return service.Place{Data: data, DB: k.DB, Blobs: k.Blobs}, nil
}

// inWindow reports whether a folder is a desktop's that has its service inside the window, and not one of serve.
func inWindow(data string) bool {
	if _, err := os.Stat(filepath.Join(data, "service.db")); err == nil {
		return false
	}
	var st struct{ Way string }
	b, err := os.ReadFile(filepath.Join(data, "desktop.json"))
	return err == nil && json.Unmarshal(b, &st) == nil && st.Way == wayLocal
}

// backupCmd saves a service while it runs.
type backupCmd struct {
	keptIn
	Target string `arg:"" help:"Folder to make, with everything the service has."`
	Like   string `help:"An earlier backup: files it has are linked from there instead of copied." placeholder:"DIR" type:"path"`
}

// saved is the answer of backup.
type saved struct {
	Target string `json:"target"`
	*service.Manifest
}

// Run makes a backup. Progress goes to standard error, the manifest to standard output with --json.
func (c backupCmd) Run(r *run) error {
	from, err := c.place(r)
	if err != nil {
		return err
	}
	target, err := filepath.Abs(c.Target)
	if err != nil {
		return fmt.Errorf("find the target: %w", err)
	}
	m, err := service.Backup(r.ctx, from, Version, target, c.Like, steps(r))
	if err != nil {
		return err
	}
	return r.print(saved{target, m}, func(w io.Writer) {
		fmt.Fprintf(w, "Saved %s: %d rows, %d parts of files, %s", target, total(m.Rows), m.Parts, bytesText(m.Bytes))
		if m.Taken > 0 {
			fmt.Fprintf(w, ", %d of them from the earlier backup", m.Taken)
		}
		fmt.Fprintln(w, ".")
		if len(m.Lost) > 0 {
			fmt.Fprintf(w, "%d parts of files are lost on the service and could not be saved.\n", len(m.Lost))
		}
	})
}

// restoreCmd brings a backup to an empty place.
type restoreCmd struct {
	keptIn
	Source string `arg:"" help:"Folder that backup made." type:"existingdir"`
}

// Run restores a backup. Progress goes to standard error, the result to standard output with --json.
func (c restoreCmd) Run(r *run) error {
	to, err := c.place(r)
	if err != nil {
		return err
	}
	out, err := service.Restore(r.ctx, c.Source, to, steps(r))
	if err != nil {
		return err
	}
	return r.print(out, func(w io.Writer) {
		fmt.Fprintf(w, "Restored the service of %s: %d rows, %d parts of files, %s. Start it; desktops send again what it does not know.\n",
			out.Made.Local().Format("2 January 2006 15:04"), total(out.Rows), out.Parts, bytesText(out.Bytes))
		if out.Lost > 0 {
			fmt.Fprintf(w, "%d parts of files were lost before the backup was made.\n", out.Lost)
		}
	})
}

func total(rows map[string]int64) (n int64) {
	for _, x := range rows {
		n += x
	}
	return n
}

// steps writes progress to standard error a line at a time: each thing that is begun and done, and in between one line a second.
func steps(r *run) func(service.Step) {
	w := r.errs
	var doing string
	var last time.Time
	return func(s service.Step) {
		now := time.Now()
		if s.Doing == doing && now.Sub(last) < time.Second && s.Done != s.Total {
			return
		}
		doing, last = s.Doing, now
		switch {
		case r.json:
			_ = json.NewEncoder(w).Encode(map[string]any{"doing": s.Doing, "done": s.Done, "total": s.Total})
		case s.Total > 0:
			fmt.Fprintf(w, "%s: %d %% (%s of %s)\n", s.Doing, s.Done*100/s.Total, bytesText(s.Done), bytesText(s.Total))
		case s.Done > 0:
			fmt.Fprintf(w, "%s: %d rows\n", s.Doing, s.Done)
		default:
			fmt.Fprintf(w, "%s\n", s.Doing)
		}
	}
}
