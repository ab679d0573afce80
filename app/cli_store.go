package app

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

type storeCmd struct {
	List    storeListCmd    `cmd:"" default:"withargs" help:"List the backups of this computer's copy."`
	Backup  storeBackupCmd  `cmd:"" help:"Make a backup now."`
	Restore storeRestoreCmd `cmd:"" help:"Put a backup in the place of the copy, which is set aside and never deleted."`
}

type storeListCmd struct{}

func (storeListCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := ask[StorageView](d, "Storage.View", nil)
		if err != nil {
			return err
		}
		return r.storage(v)
	})
}

// storage prints where the copy lies and its backups.
func (r *run) storage(v StorageView) error {
	return r.print(v, func(w io.Writer) {
		fmt.Fprintf(w, "Copy in %s, %s\n", v.Folder, bytesText(v.Size))
		t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
		for _, b := range v.List {
			note := ""
			if !b.Whole {
				note = "without what the service has"
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", b.ID, time.UnixMilli(b.At).Format("2006-01-02 15:04:05"), b.Reason, bytesText(b.Size), note)
		}
		t.Flush()
		if len(v.List) == 0 {
			fmt.Fprintln(w, "No backup yet. One is made each day; trestle store backup makes one now.")
		}
	})
}

type storeBackupCmd struct{}

func (storeBackupCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := ask[StorageView](d, "Storage.BackUp", nil)
		for err == nil && v.Making {
			time.Sleep(100 * time.Millisecond)
			v, err = ask[StorageView](d, "Storage.View", nil)
		}
		if err != nil {
			return err
		}
		return r.storage(v)
	})
}

type storeRestoreCmd struct {
	Name string `arg:"" help:"Name of the backup; see trestle store."`
}

func (c storeRestoreCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		b, err := ask[Boot](d, "Storage.Restore", IDIn{c.Name})
		if err != nil {
			return err
		}
		return r.print(b.Rescue, func(w io.Writer) {
			fmt.Fprintln(w, "The backup is in place.")
			if b.Rescue != nil {
				fmt.Fprintf(w, "What stood there before lies in %s.\n", b.Rescue.Where)
			}
		})
	})
}
