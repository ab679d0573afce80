package app

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

type outboxCmd struct {
	List    outboxListCmd    `cmd:"" default:"withargs" help:"List what waits to be sent and what was refused."`
	Export  outboxExportCmd  `cmd:"" help:"Write everything that was not sent into a file, drafts too; of somebody the service does not let in, what it had as well."`
	Retry   outboxRetryCmd   `cmd:"" help:"Send something again that was refused."`
	Discard outboxDiscardCmd `cmd:"" help:"Throw something away that was refused or has not been sent yet."`
}

type outboxListCmd struct{}

func (outboxListCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := ask[OutboxView](d, "Outbox.List", nil)
		if err != nil {
			return err
		}
		return r.print(v.Rows, func(w io.Writer) {
			t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
			for _, x := range v.Rows {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", time.UnixMilli(x.At).Format("2006-01-02 15:04:05"), x.Op, x.State, x.ID, plain(x.Reason))
			}
			t.Flush()
			if len(v.Rows) == 0 {
				fmt.Fprintln(w, "Nothing is waiting.")
			}
		})
	})
}

type outboxExportCmd struct {
	File string `arg:"" help:"File to write; - is standard output. A name that ends in .json takes the form a program reads."`
}

func (c outboxExportCmd) Run(r *run) error {
	format := "text"
	if r.json || strings.EqualFold(filepath.Ext(c.File), ".json") {
		format = "json"
	}
	var doc Document
	err := r.desk(func(d desk) (err error) {
		d.connected(3 * time.Second)
		doc, err = ask[Document](d, "Verbs.Unsent", FormatIn{format})
		return err
	})
	if stuckBy(err) != nil { // the store cannot be used; what was not sent can still be read out of it
		doc, err = r.aside(format)
	}
	if err != nil {
		return err
	}
	if c.File == "-" {
		_, err := io.WriteString(r.out, doc.Text)
		return err
	}
	path, err := filepath.Abs(c.File)
	if err != nil {
		return err
	}
	if err := writeDocument(path, []byte(doc.Text)); err != nil {
		return err
	}
	return r.print(SavedOut{Path: path}, func(w io.Writer) { fmt.Fprintf(w, "Written to %s\n", path) })
}

type outboxRetryCmd struct {
	ID string `arg:"" help:"Id of the item; see trestle outbox."`
}

func (c outboxRetryCmd) Run(r *run) error { return r.decide("Outbox.Retry", c.ID, "It is sent again.") }

type outboxDiscardCmd struct {
	ID string `arg:"" help:"Id of the item; see trestle outbox."`
}

func (c outboxDiscardCmd) Run(r *run) error { return r.decide("Outbox.Discard", c.ID, "Discarded.") }

// decide tells the program what becomes of one item.
func (r *run) decide(call, id, done string) error {
	return r.desk(func(d desk) error {
		if _, err := ask[struct{}](d, call, IDIn{id}); err != nil {
			return err
		}
		d.settle(3 * time.Second)
		return r.print(map[string]string{"id": id}, func(w io.Writer) { fmt.Fprintln(w, done) })
	})
}

// aside reads what was not sent out of a store that this program cannot use. Nothing is changed.
func (r *run) aside(format string) (Document, error) {
	dirs, err := FindDirs(r.data)
	if err != nil {
		return Document{}, err
	}
	st, err := openState(dirs.Data)
	if err != nil {
		return Document{}, err
	}
	return (&Core{dirs: dirs, state: st}).aside(format)
}
