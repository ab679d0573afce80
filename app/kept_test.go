package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/search"
	"trestle/internal/workroom"
)

// scrolled opens a room and scrolls up until there is nothing older, as the page does; it answers the texts from the first to the newest, and
// how often older ones had to be asked for.
func scrolled(t *testing.T, c *Core, room string) (texts []string, asked int) {
	t.Helper()
	w, err := (&Rooms{c}).Newest(RoomIn{Room: room})
	if err != nil {
		t.Fatal(err)
	}
	for {
		page := []string{}
		for _, m := range w.Messages {
			page = append(page, m.Text)
		}
		texts = append(page, texts...)
		if !w.More {
			return texts, asked
		}
		if len(w.Messages) == 0 {
			t.Fatal("there is more, and nothing to scroll from")
		}
		top := w.Messages[0].ID
		eventually(t, "older messages come", func() bool {
			if w, err = (&Rooms{c}).Older(OlderIn{Room: room, Before: top}); err != nil {
				t.Fatal(err)
			}
			if w.Loading {
				asked++
			}
			return len(w.Messages) > 0 || !w.More
		})
	}
}

// found are the ids that a search finds, once the index holds what is here.
func found(t *testing.T, c *Core, typed string, want int) (out []string) {
	t.Helper()
	eventually(t, fmt.Sprintf("%q finds %d", typed, want), func() bool {
		f, err := c.session.replica.Find(context.Background(), search.Parse(typed, time.UTC), "", 0)
		if err != nil {
			t.Fatal(err)
		}
		out = nil
		for _, r := range f.Rows {
			out = append(out, r.ID)
		}
		return len(out) == want
	})
	return out
}

// TestM24_KeptAndFindable is M-24: a room has a long past, with a file and a link at its beginning. A new device shows the newest messages, brings the
// older ones as one scrolls up, all of them in their order, and then finds each of text, file and link by its words and in Files & links; it
// has them after a restart without the service too. What is not on this machine is said to be there.
func TestM24_KeptAndFindable(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	write(t, c, room, "the walrus is first")
	write(t, c, room, "see https://example.com/harbour-map for it")
	write(t, c, room, "and the plan", attached(t, c, room, "Ridgeway.txt", "60.31 24.48"))
	want := []string{"the walrus is first", "see https://example.com/harbour-map for it", "and the plan"}
	for i := range 330 { // more than the newest 50 and a page of 200
		text := fmt.Sprintf("line %03d", i)
		if _, err := c.session.replica.Enqueue(context.Background(), workroom.SendMessage{Room: workroom.RoomID(room), Text: text}, replica.EnqueueOpts{}); err != nil {
			t.Fatal(err)
		}
		want = append(want, text)
	}
	arrived(t, c)

	w := h.witness("Esme")
	first, err := (&Rooms{w}).Newest(RoomIn{Room: room})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(first.Messages); n == 0 || n >= len(want) || !first.More || first.Messages[n-1].Text != "line 329" {
		t.Fatalf("%d messages at first sight, more %t", n, first.More)
	}
	if f, err := w.session.replica.Find(context.Background(), search.Parse("walrus", time.UTC), "", 0); err != nil || len(f.Rows) != 0 {
		t.Fatalf("what is not here yet is found: %+v %v", f.Rows, err)
	}
	texts, asked := scrolled(t, w, room)
	if !slices.Equal(texts, want) || asked == 0 {
		t.Fatalf("%d messages of %d after scrolling, asked %d times", len(texts), len(want), asked)
	}
	look := func(c *Core, when string) {
		t.Helper()
		for _, typed := range []string{"walrus", "Ridgeway", "harbour"} {
			found(t, c, typed, 1)
		}
		v, err := (&Rooms{c}).Files(FilesIn{Room: room})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Files) != 1 || v.Files[0].Name != "Ridgeway.txt" {
			t.Errorf("%s: files %+v", when, v.Files)
		}
		if len(v.Links) != 1 || v.Links[0].URL != "https://example.com/harbour-map" || v.Links[0].Host != "example.com" {
			t.Errorf("%s: links %+v", when, v.Links)
		}
	}
	look(w, "after scrolling")

	dirs := w.dirs
	w.Close()
	h.stop()
	again := openDesk(t, dirs)
	texts, _ = scrolled(t, again, room)
	if !slices.Equal(texts, want) {
		t.Errorf("%d messages of %d after a restart without the service: %s …", len(texts), len(want), strings.Join(texts[:min(3, len(texts))], ", "))
	}
	look(again, "after a restart without the service")
}
