package proof

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/workroom"
)

// disk is a small disk of its own: a tmpfs, mounted.
type disk struct {
	t    testing.TB
	dir  string
	junk int
}

func mount(t testing.TB, size string) *disk {
	t.Helper()
	d := &disk{t: t, dir: t.TempDir()}
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a full disk needs a tmpfs of its own, which only root may mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(d.dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return d
}

// fill takes all free space but leave bytes.
func (d *disk) fill(leave int64) {
	d.t.Helper()
	var st syscall.Statfs_t
	must(d.t, syscall.Statfs(d.dir, &st))
	n := int64(st.Bavail)*st.Bsize - leave
	if n <= 0 {
		return
	}
	d.junk++
	f, err := os.Create(filepath.Join(d.dir, fmt.Sprintf("junk-%d", d.junk)))
	must(d.t, err)
	for err = syscall.ENOSPC; errors.Is(err, syscall.ENOSPC) && n > 0; n = n * 9 / 10 { // others write meanwhile
		err = syscall.Fallocate(int(f.Fd()), 0, 0, n)
	}
	must(d.t, err)
	must(d.t, f.Close())
}

// free gives the space back.
func (d *disk) free() {
	d.t.Helper()
	list, err := filepath.Glob(filepath.Join(d.dir, "junk-*"))
	must(d.t, err)
	for _, f := range list {
		must(d.t, os.Remove(f))
	}
}

// TestT8_DesktopDiskFull fills a desk's disk while its person writes, others' messages are pulled and a file goes up. An act is confirmed
// or refused as "disk full" in words; pulls wait quietly; restarting on the full disk loses nothing; with space again all is in step.
func TestT8_DesktopDiskFull(t *testing.T) {
	t.Parallel()
	h := openHouse(t, service.Config{})
	direct := "http://" + h.addr
	small := mount(t, "340m")
	a := signUp(t, direct, "Anna")
	a.dir = filepath.Join(small.dir, "desk")
	a.start()
	_, room := a.contract()
	a.sync()
	b := a.second(direct).start()
	b.sync()
	a.rep.MakeRoom() // what the courier does each minute

	var all []string
	low, refused, typed := 0, 0, func(doing string, err error) {
		t.Helper()
		var f *replica.Fault
		if !errors.As(err, &f) || f.Code != replica.DiskFull || f.Text == "" {
			t.Errorf("%s on a full disk: not typed: %v", doing, err)
		}
	}
	long := strings.Repeat("a long message that needs pages of its own ", 200)
	for i := range Size(4, 10, 30, 300) {
		small.fill(int64(i%3) * 40 << 10)
		for j := range 8 {
			text := fmt.Sprintf("a-%03d-%d %s", i, j, long)
			if _, err := a.rep.Enqueue(bg, workroom.SendMessage{Room: room, Text: text}, replica.EnqueueOpts{}); err != nil {
				typed("an act", err)
				refused++
				continue
			}
			all = append(all, text)
		}
		if err := a.sayWithFile(room, fmt.Sprintf("f-%03d", i), []byte(strings.Repeat(fmt.Sprint(i), 300<<10))); err == nil {
			all = append(all, fmt.Sprintf("f-%03d", i))
		} else if errors.Is(err, syscall.ENOSPC) || errors.Is(err, replica.ErrDiskFull) {
			refused++
		} else {
			t.Errorf("a file on a full disk: %v", err)
		}
		text := fmt.Sprintf("b-%03d %s", i, long)
		b.say(room, text) // to be pulled by a when there is space
		all = append(all, text)
		b.sync()
		if a.rep.Low() {
			low++
		}
	}
	if refused == 0 || low == 0 {
		t.Errorf("the disk never was full: %d refused, %d times low", refused, low)
	}
	a.stop()
	small.fill(0)
	if rep, err := replica.Open(a.copy(), replica.Options{Service: a.signed.Service, Account: a.signed.Account, Device: a.id}); err != nil {
		typed("opening", err)
	} else {
		must(t, rep.Close())
	}
	small.free()
	a.start()
	a.rep.MakeRoom()
	a.sync()
	b.sync()
	a.older(room)
	b.older(room)
	a.checkNotSent()
	checkTexts(t, a.texts(room), all)
	checkTexts(t, b.texts(room), all)
	compared := a.checkI3(direct) + b.checkI3(direct)
	a.stop()
	checkFile(t, a.copy())
	Report(t, "T8", "desk's disk full: %d acts confirmed, %d refused in words, %d things compared, integrity ok, 0 lost, 0 double", len(all), refused, compared)
}

// TestT8_ServiceDiskFull fills the service's disk while a desk sends messages and files: nothing is refused, all of it waits, and with space
// again it arrives once.
func TestT8_ServiceDiskFull(t *testing.T) {
	t.Parallel()
	small := mount(t, "64m")
	h := openHouse(t, service.Config{Data: filepath.Join(small.dir, "service")})
	direct := "http://" + h.addr
	a := signUp(t, direct, "Anna").start()
	_, room := a.contract()
	a.sync()
	b := a.second(direct).start()
	b.sync()
	var all []string
	long := strings.Repeat("a long message that needs pages of its own ", 200)
	met := 0
	for i := range Size(2, 4, 12, 100) {
		small.fill(int64(i%3) * 60 << 10)
		for j := range 20 {
			text := fmt.Sprintf("a-%03d-%d %s", i, j, long)
			a.say(room, text)
			all = append(all, text)
		}
		text := fmt.Sprintf("f-%03d", i)
		must(t, a.sayWithFile(room, text, []byte(strings.Repeat(text, 100<<10))))
		all = append(all, text)
		eventually(t, "a command is put off", func() bool {
			rows, err := a.rep.Rows(bg)
			must(t, err)
			for _, r := range rows {
				if r.NotBefore > 0 && r.Code != "" {
					return true
				}
			}
			return false
		})
		met++
		a.checkNotSent()
		small.free()
		a.sync()
	}
	b.sync()
	b.older(room)
	a.checkNotSent()
	checkTexts(t, b.texts(room), all)
	compared := a.checkI3(direct) + b.checkI3(direct)
	a.stop()
	b.stop()
	h.stop()
	checkI6(t, a.copy(), filepath.Join(h.data, "service.db"), a.signed.Account)
	checkFile(t, filepath.Join(h.data, "service.db"))
	Report(t, "T8", "service's disk full: %d times, %d acts confirmed, %d things compared, integrity ok, 0 lost, 0 double", met, len(all), compared)
}
