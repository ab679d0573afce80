package app

import (
	"fmt"
	"io"
	"strings"
	"time"
)

type findCmd struct {
	Text  []string `arg:"" help:"Words, \"a phrase\", from:NAME in:ROOM before:20150501 after:20150501. Behind -- a word may begin with a dash."`
	Room  string   `help:"Find in this room only: its id, or its name."`
	Limit int      `default:"50" help:"How many of the newest."`
}

// indexLimit is how long a search waits for what is here and cannot be found yet.
const indexLimit = 5 * time.Second

func (c findCmd) Run(r *run) error {
	if c.Limit < 1 {
		return Fail(CodeBadInput, "--limit is at least 1.")
	}
	return r.desk(func(d desk) error {
		in := FindIn{Text: strings.Join(c.Text, " ")}
		if c.Room != "" {
			x, err := room(d, c.Room)
			if err != nil {
				return err
			}
			in.Room = x.ID
		}
		out, err := ask[FindView](d, "Search.Find", in)
		for until := time.Now().Add(indexLimit); err == nil && out.Indexing && time.Now().Before(until) && r.ctx.Err() == nil; {
			time.Sleep(40 * time.Millisecond) // what came a moment ago is not in the index yet
			out, err = ask[FindView](d, "Search.Find", in)
		}
		if err != nil {
			return err
		}
		for in.From = out.Next; len(out.Hits) < c.Limit && in.From > 0; {
			page, err := ask[FindView](d, "Search.Find", in)
			if err != nil {
				return err
			}
			out.Hits, out.Next, in.From = append(out.Hits, page.Hits...), page.Next, page.Next
		}
		out.Hits = out.Hits[:min(len(out.Hits), c.Limit)]
		for _, chip := range out.Chips {
			if chip.Bad != "" {
				r.note(strings.TrimPrefix(chip.Op+":", ":") + plain(chip.Value) + " is left out. " + chip.Bad)
			}
		}
		return r.print(out.Hits, func(w io.Writer) {
			for _, h := range out.Hits {
				var text strings.Builder
				for _, p := range h.Parts {
					text.WriteString(p.Text)
				}
				if h.Folded {
					text.WriteString("(from somebody you blocked)")
				}
				fmt.Fprintf(w, "%s %s, %s: %s\n", time.UnixMilli(h.At).Format("2006-01-02 15:04"), plain(h.RoomName), plain(h.Name), plain(text.String()))
			}
			if len(out.Hits) == 0 {
				fmt.Fprintln(w, "Nothing found on this computer.")
			}
			if out.Indexing {
				fmt.Fprintln(w, "Not all that is here can be found yet. Try again in a moment.")
			}
			if n := len(out.Behind); n > 0 {
				fmt.Fprintf(w, "Older messages of %d of the rooms are at the service only and were not searched.\n", n)
			}
		})
	})
}
