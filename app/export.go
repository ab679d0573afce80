package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// unsentText is everything that was not sent, in words and for keeping: what was refused and why, what waits, what stands in the boxes,
// and the time that runs. Each text is whole, as it was written.
func (s *Session) unsentText(now time.Time) (string, error) {
	ctx := context.Background()
	list, err := s.replica.Outbox(ctx)
	if err != nil {
		return "", err
	}
	drafts, err := s.replica.Drafts(ctx)
	if err != nil {
		return "", err
	}
	view := s.sortUnsent(list, math.MaxInt)
	var refused []UnsentRow
	for _, g := range view.Groups {
		refused = append(refused, g.Rows...)
	}
	refused = append(refused, view.Rows...)
	var b strings.Builder
	fmt.Fprintln(&b, "Trestle: what was not sent")
	fmt.Fprintf(&b, "%s on %s, %s\n", clean(s.st.Person), clean(s.st.Name), now.Format("2 January 2006, 15:04 -07:00"))
	fmt.Fprintf(&b, "%d refused, %d waiting, %s. All of it is still kept on this computer.\n",
		len(refused), len(view.Waiting), counted(len(drafts), "draft", "drafts"))
	if sum := unsentTime(list); sum > 0 {
		fmt.Fprintf(&b, "Tracked time in it: %s (hours and minutes).\n", hoursText(sum))
	}
	section(&b, "REFUSED", refused, s)
	section(&b, "WAITING TO BE SENT", view.Waiting, s)
	if s.track != nil {
		if live := s.track.running(); live != nil {
			fmt.Fprintf(&b, "\nBEING TRACKED\n\n%s, since %s\n", clean(s.title(live.Contract)), dateText(live.Start*1000))
			quoted(&b, live.Memo)
		}
	}
	if len(drafts) > 0 {
		fmt.Fprintf(&b, "\nDRAFTS\n")
	}
	for _, d := range drafts {
		where := "in a room that is not here any more"
		if _, r, err := s.room(string(d.Room)); err == nil {
			where = "in " + clean(r.Name)
		}
		fmt.Fprintf(&b, "\nDraft %s, %s\n", where, dateText(d.At/1000))
		for _, f := range d.Files {
			fmt.Fprintf(&b, "    File: %s (%s)\n", clean(f.Name), bytesText(f.Size))
		}
		quoted(&b, d.Text)
	}
	u, err := s.reached()
	if err != nil {
		return "", err
	}
	err = u.WriteSent(&b, time.Local)
	return b.String(), err
}

func section(b *strings.Builder, title string, rows []UnsentRow, s *Session) {
	if len(rows) > 0 {
		fmt.Fprintf(b, "\n%s\n", title)
	}
	for n, r := range rows {
		fmt.Fprintf(b, "\n%d. %s", n+1, unsentTitles[r.What])
		if r.Where != "" {
			fmt.Fprintf(b, ", %s", clean(r.Where))
		}
		fmt.Fprintf(b, ", %s\n", dateText(r.At))
		if r.Reason != "" {
			fmt.Fprintf(b, "    Reason: %s\n", clean(r.Reason))
		}
		if r.By != "" {
			fmt.Fprintf(b, "    Offered by: %s\n", clean(r.By))
		}
		if r.About != "" {
			fmt.Fprintf(b, "    About the message: %s\n", clean(r.About))
		}
		if r.Until > 0 {
			fmt.Fprintf(b, "    From %s until %s: %s\n", dateText(r.From), dateText(r.Until), hoursText((r.Until-r.From)/1000))
		}
		if r.Activity != "" {
			fmt.Fprintf(b, "    Activity: %s\n", clean(r.Activity))
		}
		for _, f := range r.Files {
			fmt.Fprintf(b, "    File: %s (%s)\n", clean(f.Name), bytesText(f.Size))
		}
		if r.Bytes {
			if i, _, err := s.item(r.ID); err == nil {
				quoted(b, fmt.Sprintf("%s %s\n%s", i.Op, i.ID, strings.ToValidUTF8(string(i.Args), "?")))
			}
			continue
		}
		quoted(b, cmp.Or(r.Source, r.Text))
	}
}

// unsentTime sums the seconds of the slices in an outbox, each in its newest report.
func unsentTime(list []replica.Item) int64 {
	seconds := map[string]int64{}
	for _, i := range list {
		switch c := i.Command.(type) {
		case workroom.ReportSlice:
			seconds[c.Slice.ID] = c.Slice.End - c.Slice.Start
		case workroom.AddTime:
			for _, e := range c.Entries {
				seconds[e.ID] = e.To - e.From
			}
		}
	}
	sum := int64(0)
	for _, n := range seconds {
		sum += n
	}
	return sum
}

func quoted(b *strings.Builder, text string) {
	if text == "" {
		return
	}
	for line := range strings.Lines(text) {
		fmt.Fprintf(b, "    | %s\n", strings.TrimRight(line, "\n"))
	}
}

// clean makes a name or sentence one line without controls.
func clean(s string) string {
	return oneLine(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s))
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func dateText(ms int64) string { return time.UnixMilli(ms).Format("2 Jan 2006 15:04:05") }

func hoursText(seconds int64) string {
	return fmt.Sprintf("%d:%02d", seconds/3600, seconds/60%60)
}

// keptItem is a row of the outbox as it is stored.
type keptItem struct {
	ID     string          `json:"id"`
	Op     string          `json:"op"`
	V      int             `json:"v"`
	Lane   string          `json:"lane"`
	At     time.Time       `json:"at"`
	After  []string        `json:"after,omitempty"`
	Args   json.RawMessage `json:"args,omitempty"`
	Bytes  []byte          `json:"bytes,omitempty"` // base64, where the arguments are no JSON
	State  string          `json:"state,omitempty"`
	Code   string          `json:"code,omitempty"`
	Reason string          `json:"reason,omitempty"`
}

func keptOf(i replica.Item) keptItem {
	k := keptItem{ID: i.ID, Op: string(i.Op), V: i.V, Lane: i.Lane, At: time.UnixMicro(i.At).UTC(), After: i.After,
		State: string(i.State), Code: string(i.Code), Reason: i.Text}
	if json.Valid(i.Args) {
		k.Args = i.Args
	} else {
		k.Bytes = i.Args
	}
	return k
}

// unsentJSON is the same for a program to read, exact to the byte.
func (s *Session) unsentJSON() (string, error) {
	u, err := s.replica.Unsent(context.Background())
	if err != nil {
		return "", err
	}
	had, err := s.reached()
	if err != nil {
		return "", err
	}
	u.Sent = had.Sent
	out := struct {
		Items []replica.UnsentItem `json:"items"` // in words
		*replica.Unsent
		Running *workroom.Slice `json:"running,omitempty"`
	}{Items: u.Items(), Unsent: u}
	if s.track != nil {
		out.Running = s.track.running()
	}
	body, err := json.MarshalIndent(out, "", "  ")
	return string(body) + "\n", err
}

// reached is what the service acknowledged lately, with the names of its places, if it does not let the person in any more: it may have
// lost both. Else it is empty.
func (s *Session) reached() (*replica.Unsent, error) {
	u := &replica.Unsent{}
	if s.st.Way != wayService || s.sync().State != "signedOut" {
		return u, nil
	}
	u, err := s.replica.Unsent(context.Background())
	if err != nil {
		return nil, err
	}
	u.Sent, err = s.replica.Reached(context.Background())
	return u, err
}

// unsentName names a file of what was not sent, without its ending.
func unsentName(now time.Time) string { return "Trestle not sent " + now.Format("2006-01-02 1504") }

// unsentDocument is everything that was not sent as a file: "text" to read, or "json".
func (s *Session) unsentDocument(format string) (Document, error) {
	now := time.Now()
	name := unsentName(now)
	if format == "json" {
		text, err := s.unsentJSON()
		return Document{Name: name + ".json", Text: text}, err
	}
	text, err := s.unsentText(now)
	return Document{Name: name + ".txt", Text: text}, err
}

// Unsent is everything that was not sent, for the command line; if nobody is signed in, of those who signed out here.
func (v *Verbs) Unsent(in FormatIn) (out Document, err error) {
	defer guard(&err)
	if v.c.stuck != nil {
		return v.c.aside(in.Format)
	}
	s, err := v.c.here()
	if f := AsFailure(err); f != nil && f.Code == "signed_out" {
		return v.c.left(in.Format)
	}
	if err != nil {
		return out, err
	}
	return s.unsentDocument(in.Format)
}
