//go:build linux

package app

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// realScreen starts a display with something to see on it, and a screenshot's moment that comes at once.
func realScreen(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xdotool", "import", "display"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("pictures of a real display need %s", tool)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "640x480x24", "-noreset")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = x.Process.Signal(syscall.SIGTERM)
		_ = x.Wait()
	})
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
	t.Setenv("TRESTLE_DEV_SHOT", "1")
	// It ends with 1 even when it has drawn; what counts is what is seen.
	_ = exec.Command("display", "-size", "640x480", "-window", "root", "plasma:fractal").Run()
	colours, _ := exec.Command("import", "-window", "root", "-format", "%k", "info:").Output()
	if n, _ := strconv.Atoi(strings.TrimSpace(string(colours))); n < 1000 {
		t.Fatalf("nothing was drawn on the display: %d colours", n)
	}
}

// press presses a key at the real display, so that somebody is there.
func press(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("xdotool", "key", "a").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
}

// held waits for the picture that is shown and has not left, and answers it with its file.
func held(t *testing.T, c *Core) *PendingShot {
	t.Helper()
	var one *PendingShot
	eventually(t, "a screenshot is shown", func() bool {
		press(t)
		one = status(t, c).Shot
		return one != nil
	})
	return one
}

// bytesIn lists the files under a folder that contain a piece of bytes.
func bytesIn(t *testing.T, dir string, piece []byte) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		body, err := os.ReadFile(path)
		if err == nil && bytes.Contains(body, piece) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// middle is a piece of a picture's compressed pixels, which nothing else holds by chance.
func middle(body []byte) []byte { return body[len(body)/2 : len(body)/2+48] }

// twoMonitors sets the real display up as two monitors beside each other, the right one first.
func twoMonitors(t *testing.T) {
	t.Helper()
	for _, args := range [][]string{{"--setmonitor", "left", "320/80x480/120+0+0", "screen"}, {"--setmonitor", "*right", "320/80x400/100+320+0", "none"}} {
		if out, err := exec.Command("xrandr", args...).CombinedOutput(); err != nil {
			t.Skipf("xrandr: %v %s", err, out)
		}
	}
}

// hashesIn are the SHA-256 of everything that lies in the folders: whole files, and each JPEG that stands inside one.
func hashesIn(t *testing.T, dirs ...string) map[[32]byte]string {
	t.Helper()
	out := map[[32]byte]string{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			body, err := os.ReadFile(path)
			if err != nil {
				return nil
			}
			out[sha256.Sum256(body)] = path
			for from := 0; ; {
				at := bytes.Index(body[from:], []byte{0xff, 0xd8, 0xff})
				if at < 0 {
					return nil
				}
				from += at
				for end := from; ; {
					n := bytes.Index(body[end:], []byte{0xff, 0xd9})
					if n < 0 || end > from+8<<20 {
						break
					}
					end += n + 2
					out[sha256.Sum256(body[from:end])] = path
				}
				from += 3
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestT07_EveryDisplayHasItsPicture: two monitors give two pictures, which the preview, one's own diary and the service's have; deleting the
// segment takes both from all of them.
func TestT07_EveryDisplayHasItsPicture(t *testing.T) {
	h := openHouse(t)
	realScreen(t)
	twoMonitors(t)
	c := h.desk("Esme")
	id := own(t, c, "full")
	started(t, c, id, "", "Draw the otters")
	one := held(t, c)
	if len(one.Files) != 2 || one.Files[0] != one.File {
		t.Fatalf("held: %+v", one)
	}
	var bodies [][]byte
	for i, name := range one.Files {
		f, err := c.session.storedFile(context.Background(), name, 0) // as a page reads it
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(f.Content)
		f.Content.Close()
		if err != nil {
			t.Fatal(err)
		}
		size, err := jpeg.DecodeConfig(bytes.NewReader(body))
		if want := []int{400, 480}[i]; err != nil || size.Width != 320 || size.Height != want {
			t.Errorf("picture %d: %+v %v", i, size, err)
		}
		bodies = append(bodies, body)
	}
	if bytes.Equal(bodies[0], bodies[1]) {
		t.Error("both pictures are the same")
	}
	tracked(t, c, 2)
	if s := shotIn(cells(t, c, id)); s == nil || len(s.Files) != 2 || s.Displays != 2 {
		t.Errorf("one's own diary has %+v", s)
	}
	press(t)
	if _, err := (&Tracker{c}).KeepShot(IDIn{one.ID}); err != nil && AsFailure(err).Code != "gone" {
		t.Fatal(err)
	}
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it left this computer", func() bool { return status(t, c).LastShot != nil })
	arrived(t, c)
	w := h.witness("Esme")
	seen := cells(t, w, id)
	s := shotIn(seen)
	if s == nil || len(s.Files) != 2 || s.Files[0].File != s.File || s.Files[0].H != 400 || s.Files[1].H != 480 {
		t.Fatalf("the service has %+v", s)
	}
	for i, f := range s.Files {
		got, err := w.session.bytesOf(context.Background(), f.File, 0)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(got)
		got.Close()
		if err != nil || !bytes.Equal(body, bodies[i]) {
			t.Errorf("picture %d came as another: %d bytes, %v", i, len(body), err)
		}
	}
	if _, err := (&Diary{c}).Cut(CutIn{Contract: id, Cells: []int64{seen[0].Cell}}); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	arrived(t, w)
	for i, body := range bodies {
		eventually(t, "its bytes are gone here and there", func() bool {
			return len(bytesIn(t, c.session.dir, middle(body)))+len(bytesIn(t, w.session.dir, middle(body))) == 0
		})
		if body, _, err := w.session.client.Download(context.Background(), workroom.FileID(s.Files[i].File), 0); err == nil {
			body.Close()
			t.Errorf("the service still hands out picture %d", i)
		}
	}
}

func pictureOf(t *testing.T, c *Core, one *PendingShot) []byte {
	t.Helper()
	body, err := os.ReadFile(c.session.track.shots.picturePath(one.ID))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func shotIn(list []CellView) *ShotView {
	for _, c := range list {
		if c.Shot != nil {
			return c.Shot
		}
	}
	return nil
}

// TestT07_ShotIsHeldThenReachesTheService: it is real, counted with real keys, waits ten seconds here, and is in the diary after that.
func TestT07_ShotIsHeldThenReachesTheService(t *testing.T) {
	h := openHouse(t)
	realScreen(t)
	c := h.desk("Esme")
	id := own(t, c, "full")
	started(t, c, id, "", "Draw the otters")
	one := held(t, c)
	if wait := one.Leaves - time.Now().UnixMilli(); wait > leastPreview*1000 || one.Blur {
		t.Errorf("held for %d ms, blurred %v", wait, one.Blur)
	}
	body := pictureOf(t, c, one)
	pixels, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil || pixels.Bounds().Dx() != 640 {
		t.Fatalf("the picture: %v %v", pixels.Bounds(), err)
	}
	arrived(t, c)
	if s := shotIn(cells(t, h.witness("Esme"), id)); s != nil {
		t.Errorf("it reached the service while it could be deleted: %+v", s)
	}
	tracked(t, c, 2) // the picture is covered only if somebody was there after its second
	press(t)
	if _, err := (&Tracker{c}).KeepShot(IDIn{one.ID}); err != nil && AsFailure(err).Code != "gone" {
		t.Fatal(err)
	}
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it left this computer", func() bool { v := status(t, c); return v.Shot == nil && v.LastShot != nil })
	arrived(t, c)
	seen := cells(t, h.witness("Esme"), id)
	s := shotIn(seen)
	if s == nil || s.File == "" || s.W != 640 || s.Seed != "" {
		t.Fatalf("the service has %+v", s)
	}
	if !seen[0].Counted || seen[0].Keys == 0 {
		t.Errorf("the service has no keys: %+v", seen[0])
	}
	if len(bytesIn(t, h.dir, middle(body))) == 0 {
		t.Error("the service has not the picture that was shown")
	}
	if got := bytesIn(t, filepath.Join(c.session.dir, "shots"), middle(body)); len(got) != 0 {
		t.Errorf("it is still held: %v", got)
	}
}

// TestT07_TenSecondsAloneLetItGo: nobody need say anything.
func TestT07_TenSecondsAloneLetItGo(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	h := openHouse(t)
	realScreen(t)
	c := h.desk("Esme")
	id := own(t, c, "full")
	started(t, c, id, "", "Draw the otters")
	one := held(t, c)
	tracked(t, c, 2) // the picture is covered only if somebody was there after its second
	press(t)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	if v := status(t, c); v.Shot == nil || v.Shot.ID != one.ID || v.LastShot != nil {
		t.Fatalf("after the stop: %+v %+v", v.Shot, v.LastShot)
	}
	if s := shotIn(cells(t, c, id)); s == nil || s.File == "" {
		t.Errorf("one's own diary does not show what is held: %+v", s)
	}
	eventually(t, "it left by itself", func() bool { v := status(t, c); return v.Shot == nil && v.LastShot != nil })
	if _, err := (&Tracker{c}).DeleteShot(IDIn{one.ID}); err == nil || AsFailure(err).Code != "gone" {
		t.Errorf("deleted after it left: %v", err)
	}
	arrived(t, c)
	if s := shotIn(cells(t, h.witness("Esme"), id)); s == nil || s.File == "" {
		t.Errorf("the service has %+v", s)
	}
}

// TestT07_DeletedWithoutTrace: no file here or at the service holds a byte of it, nothing says that there was one, and the time stays.
func TestT07_DeletedWithoutTrace(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	h := openHouse(t)
	realScreen(t)
	twoMonitors(t)
	c := h.desk("Esme")
	id := own(t, c, "full")
	started(t, c, id, "", "Draw the otters")
	one := held(t, c)
	places := []string{c.dirs.Data, h.dir, c.dirs.Cache, c.dirs.Log, temp} // store, blobs, outbox; the service; what is written beside
	var hashes [][32]byte
	var pieces [][]byte
	for _, name := range one.Files {
		body, err := os.ReadFile(c.session.track.shots.picturePath(name))
		if err != nil {
			t.Fatal(err)
		}
		hashes, pieces = append(hashes, sha256.Sum256(body)), append(pieces, middle(body))
		if hashesIn(t, places...)[hashes[len(hashes)-1]] == "" || len(bytesIn(t, c.dirs.Data, middle(body))) == 0 {
			t.Fatal("the picture was not found where it is held; the checks below would show nothing")
		}
	}
	if len(hashes) != 2 {
		t.Errorf("%d pictures of two displays", len(hashes))
	}
	if _, err := (&Tracker{c}).DeleteShot(IDIn{one.ID}); err != nil {
		t.Fatal(err)
	}
	v := status(t, c)
	if v.Shot != nil || v.LastShot != nil {
		t.Errorf("it is still shown: %+v %+v", v.Shot, v.LastShot)
	}
	press(t)
	tracked(t, c, 1)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	c.Close() // so that the store's journal is written back
	there := hashesIn(t, places...)
	for i, name := range one.Files {
		if got := there[hashes[i]]; got != "" {
			t.Errorf("picture %d is in %s", i, got)
		}
		for _, dir := range places {
			if got := bytesIn(t, dir, pieces[i]); len(got) != 0 {
				t.Errorf("bytes of picture %d are in %v", i, got)
			}
			if got := bytesIn(t, dir, []byte(name)); len(got) != 0 {
				t.Errorf("the id of picture %d is in %v", i, got)
			}
		}
	}
	inDiary := cells(t, h.witness("Esme"), id)
	if s := shotIn(inDiary); s != nil || secondsOf(inDiary) < 1 {
		t.Errorf("%d s and %+v at the service", secondsOf(inDiary), s)
	}
}

// TestT07_BlurKeepsOnlyTheSeed: the pixels go at once, here and for good; what leaves is 32 × 18.
func TestT07_BlurKeepsOnlyTheSeed(t *testing.T) {
	h := openHouse(t)
	realScreen(t)
	c := h.desk("Esme")
	id := own(t, c, "full")
	started(t, c, id, "", "Draw the otters")
	one := held(t, c)
	body := pictureOf(t, c, one)
	v, err := (&Tracker{c}).BlurShot(IDIn{one.ID})
	if err != nil || v.Shot == nil || !v.Shot.Blur || v.Shot.File != "" {
		t.Fatalf("%+v %v", v.Shot, err)
	}
	if got := bytesIn(t, c.dirs.Data, middle(body)); len(got) != 0 {
		t.Errorf("its pixels are still in %v", got)
	}
	press(t)
	tracked(t, c, 1)
	if _, err := (&Tracker{c}).KeepShot(IDIn{one.ID}); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it left", func() bool { return status(t, c).LastShot != nil })
	arrived(t, c)
	s := shotIn(cells(t, h.witness("Esme"), id))
	if s == nil || s.File != "" {
		t.Fatalf("the service has %+v", s)
	}
	seed, err := base64.StdEncoding.DecodeString(s.Seed)
	if err != nil {
		t.Fatal(err)
	}
	small, err := jpeg.DecodeConfig(bytes.NewReader(seed))
	if err != nil || small.Width > 32 || small.Height > 32 {
		t.Errorf("the seed is %+v %v", small, err)
	}
	if got := append(bytesIn(t, h.dir, middle(body)), bytesIn(t, c.dirs.Data, middle(body))...); len(got) != 0 {
		t.Errorf("its pixels are in %v", got)
	}
}

// TestT07_BlurredContractNeverHoldsThePixels: where the contract asks for a blur, the picture is never written.
func TestT07_BlurredContractNeverHoldsThePixels(t *testing.T) {
	h := openHouse(t)
	realScreen(t)
	c := h.desk("Esme")
	id := own(t, c, "blurred")
	started(t, c, id, "", "Draw the otters")
	if one := held(t, c); !one.Blur || one.File != "" {
		t.Errorf("held: %+v", one)
	}
	if got, _ := filepath.Glob(filepath.Join(c.session.dir, "shots", "*.jpg")); len(got) != 0 {
		t.Errorf("on the disk: %v", got)
	}
}

// TestT07_NoneGrabsNothing: a contract without screenshots has none, though the moment comes at once and somebody is there.
func TestT07_NoneGrabsNothing(t *testing.T) {
	h := openHouse(t)
	realScreen(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	started(t, c, id, "", "Draw the otters")
	eventually(t, "keys are counted for three seconds", func() bool {
		press(t)
		return status(t, c).Seconds >= 3
	})
	v, err := (&Tracker{c}).Stop()
	if err != nil || v.Shot != nil || v.LastShot != nil {
		t.Errorf("%+v %+v %v", v.Shot, v.LastShot, err)
	}
	if got, _ := filepath.Glob(filepath.Join(c.session.dir, "shots", "*")); len(got) != 0 {
		t.Errorf("on the disk: %v", got)
	}
	arrived(t, c)
	if s := shotIn(cells(t, h.witness("Esme"), id)); s != nil {
		t.Errorf("the service has %+v", s)
	}
}

// TestT07_HeldShotSurvivesAStartWithNewTime: whoever closed the program may not have seen it.
func TestT07_HeldShotSurvivesAStartWithNewTime(t *testing.T) {
	h := openHouse(t)
	realScreen(t)
	c := h.desk("Esme")
	id := own(t, c, "full")
	started(t, c, id, "", "Draw the otters")
	one := held(t, c)
	press(t)
	tracked(t, c, 1)
	press(t)
	dirs := c.dirs
	c.Close()
	c = openDesk(t, dirs)
	v := status(t, c)
	if v.Shot == nil || v.Shot.ID != one.ID {
		t.Fatalf("after the start: %+v", v.Shot)
	}
	if _, err := (&Tracker{c}).DeleteShot(IDIn{one.ID}); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	if s := shotIn(cells(t, h.witness("Esme"), id)); s != nil {
		t.Errorf("the service has %+v", s)
	}
}

// TestT07_StoppedAtOnceHoldsNothing: a picture that no stretch of time covers is not kept, one that is covered leaves.
func TestT07_StoppedAtOnceHoldsNothing(t *testing.T) {
	h := openHouse(t)
	realScreen(t)
	c := h.desk("Esme")
	id := own(t, c, "full")
	started(t, c, id, "", "A moment")
	held(t, c)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "nothing is held any more", func() bool {
		got, _ := filepath.Glob(filepath.Join(c.session.dir, "shots", "*"))
		return len(got) == 0
	})
	if s := shotIn(cells(t, c, id)); s != nil && secondsOf(cells(t, c, id)) == 0 {
		t.Errorf("a picture without time: %+v", s)
	}
}

// TestT07_NoDisplayKeepsTheReason: without a picture the time stays and the diary says why.
func TestT07_NoDisplayKeepsTheReason(t *testing.T) {
	h := openHouse(t)
	t.Setenv("TRESTLE_DEV_SHOT", "1")
	c := h.desk("Esme")
	id := own(t, c, "full")
	started(t, c, id, "", "Draw the otters")
	tracked(t, c, 2)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	var s *ShotView
	eventually(t, "the diary says why there is none", func() bool {
		s = shotIn(cells(t, c, id))
		return s != nil && s.Reason != ""
	})
	if s.File != "" || s.Seed != "" {
		t.Errorf("%+v", s)
	}
}
