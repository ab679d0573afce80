package app

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

// markdown writes the messages to be read. Each text stands as it was written, behind four spaces, so that nothing in it passes for a heading
// or for another person's words.
func (x *roomExport) markdown(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s\n\n", clean(x.Room))
	fmt.Fprintf(b, "Exported by %s on %s. ", clean(x.By), x.At.Local().Format("2 January 2006, 15:04 -07:00"))
	fmt.Fprintf(b, "%s.\n", counted(len(x.Message), "message", "messages"))
	if x.Partial != "" {
		fmt.Fprintf(b, "%s\n", x.Partial)
	}
	fmt.Fprintf(b, "\nPeople:\n\n")
	for _, p := range x.People {
		fmt.Fprintf(b, "- %s (%s)\n", clean(p.Name), p.Role)
	}
	day := ""
	for _, l := range x.Message {
		at := l.At.Local()
		if d := at.Format("Monday, 2 January 2006"); d != day {
			day = d
			fmt.Fprintf(b, "\n## %s\n", d)
		}
		fmt.Fprintf(b, "\n**%s**, %s", clean(l.Name), at.Format(time.TimeOnly))
		switch {
		case l.Removed:
			fmt.Fprint(b, ", removed by an administrator")
		case l.Deleted != nil:
			fmt.Fprint(b, ", deleted")
		case l.Edited != nil:
			fmt.Fprint(b, ", edited")
		}
		if l.Waiting {
			fmt.Fprint(b, ", waiting to be sent")
		}
		fmt.Fprint(b, "\n\n")
		for line := range strings.Lines(l.plain) {
			fmt.Fprintf(b, "    %s\n", strings.TrimRight(line, "\n"))
		}
		for _, f := range l.Files {
			fmt.Fprintf(b, "    [file] %s\n", clean(f))
		}
	}
	return b.Flush()
}

// list names the files of the room, those that are in the archive and those that are not.
func (x *roomExport) list(w io.Writer) error {
	b := bufio.NewWriter(w)
	if len(x.Files) == 0 {
		fmt.Fprintln(b, "No files.")
	}
	for _, f := range x.Files {
		where := "not on this computer"
		if f.In != "" {
			where = f.In
		}
		fmt.Fprintf(b, "%s\t%s\t%s\t%s\t%s\n", f.At.Local().Format("2006-01-02 15:04"), clean(f.Name), bytesText(f.Size), clean(f.By), where)
	}
	return b.Flush()
}
