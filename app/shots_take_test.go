package app

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"trestle/internal/screen"
	"trestle/internal/workroom"
)

// T-07: whatever the source of chance, each second of what is left of a segment is drawn alike often: by the chi-square test,
// whose limit a uniform source passes once in some 100,000 times; this one is seeded, so it never does.
func TestT07_EachSecondIsAlikeLikely(t *testing.T) {
	t.Parallel()
	source := rand.NewChaCha8([32]byte{7})
	for _, n := range []int64{600, 599, 450, 60, 7} {
		counts := make([]int, n)
		want := 100.0
		for range int(want) * int(n) {
			counts[drawn(source, n)]++
		}
		sum := 0.0
		for _, c := range counts {
			sum += (float64(c) - want) * (float64(c) - want) / want
		}
		if limit := float64(n) + 4*math.Sqrt(2*float64(n)) + 12; sum > limit { // four deviations, and some for few degrees of freedom
			t.Errorf("of %d seconds: chi-square %.0f, want at most %.0f", n, sum, limit)
		}
	}
}

// T-07: why there is no picture is kept as one of the reasons that the diary knows, however deep the screen's own lies.
func TestT07_ReasonsForNoPicture(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want workroom.ShotReason
	}{
		{screen.ErrLocked, workroom.ShotLocked},
		{fmt.Errorf("grab: %w", screen.ErrLocked), workroom.ShotLocked},
		{screen.ErrDenied, workroom.ShotDenied},
		{fmt.Errorf("ask the portal: %w", screen.ErrCancelled), workroom.ShotDenied},
		{screen.ErrTimeout, workroom.ShotFailed},
		{screen.ErrNoDisplay, workroom.ShotFailed},
		{screen.ErrUnsupported, workroom.ShotFailed},
		{context.DeadlineExceeded, workroom.ShotFailed},
		{errors.New("no memory"), workroom.ShotFailed},
	} {
		if got := shotReason(c.err); got != c.want {
			t.Errorf("%v is kept as %s, want %s", c.err, got, c.want)
		}
	}
}

// T-07: of a desktop that gives one picture of everything as many displays are kept readable as fit beside each other in it.
func TestT07_OnePictureOfEverything(t *testing.T) {
	t.Parallel()
	for size, want := range map[image.Point]int{
		{1920, 1080}: 1, {1080, 1920}: 1, {2560, 1080}: 1, {3440, 1440}: 1, {3840, 1080}: 2, {3840, 2160}: 1, {4480, 1440}: 2,
		{5760, 1080}: 3, {5120, 2880}: 1, {1, 0}: 1, {20000, 10}: 1125,
	} {
		if got := across(size); got != want {
			t.Errorf("%v holds %d displays, want %d", size, got, want)
		}
	}
	if n := displaysIn(screen.Shot{Display: screen.Display{ID: "DP-1"}, Image: image.NewRGBA(image.Rect(0, 0, 3840, 1080))}); n != 1 {
		t.Errorf("one wide display is taken for %d", n)
	}
}

// T-07: pictures that belong to nothing are removed at the start: those of a damaged note, those whose note was not written before the
// program ended, and those that a blur had not reached; a held one keeps all of its own.
func TestT07_PicturesOfNobodyGo(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	s, dir := c.session, filepath.Join(c.session.dir, "shots")
	put := func(name, body string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	held, second, blurred, alone, damaged := newID(), newID(), newID(), newID(), newID()
	note := func(id string, full bool, more ...heldPicture) {
		one := &heldShot{ID: id, Full: full, Kept: true, Week: "2026-11-16", More: more, Seed: []byte{1},
			Shot: workroom.Shot{Slice: "nobody's", Contract: "k", Device: "d", Cell: 1, At: 600}}
		s.track.shots.write(one)
	}
	c.Close()
	note(held, true, heldPicture{ID: second, W: 1, H: 1})
	note(blurred, false)
	put(damaged+".json", `{"id":`)
	for _, id := range []string{held, second, blurred, alone, damaged} {
		put(id+".jpg", "a picture of "+id)
	}
	put(".trestle-123", "half a picture")
	openShots(&tracking{s: s}, dir).close()
	for name, want := range map[string]bool{held + ".jpg": true, second + ".jpg": true, held + ".json": true, blurred + ".json": true,
		blurred + ".jpg": false, alone + ".jpg": false, damaged + ".jpg": false, damaged + ".json": false, ".trestle-123": false} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: there %v, want %v", name, err == nil, want)
		}
	}
}
