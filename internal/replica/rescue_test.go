package replica

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// lived makes a folder with a copy that was used for a while: history, an index, sent commands, refused and waiting ones, drafts. The
// process that used it died: nothing was closed. It answers the folder and what must be there after any damage.
func lived(t testing.TB) (dir string, want []string) {
	t.Helper()
	dir = quickDirT(t)
	path := filepath.Join(dir, "live", "replica.db")
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	o := options()
	o.Manual, o.Now = true, func() time.Time { return now }
	r := open(t, path, o)
	openRoom(t, r)
	p := Page{Scope: roomScope, Epoch: "e1", Gen: 1, After: 2}
	for seq := int64(3); seq < 500; seq++ {
		p.Things = append(p.Things, message(t, fmt.Sprint("m", seq), seq, "you", strings.Repeat("what was said ", 8)))
	}
	p.Page = wire.Page{Things: p.Things, Seq: 499}
	must(t, r.Apply(ctx, p))
	for more := true; more; {
		var err error
		more, err = r.index(ctx, 500)
		must(t, err)
	}
	for i := range 30 {
		id := say(t, r, fmt.Sprintf("sent %d", i))
		answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, 500+int64(i), me, "sent")}})
	}
	_, err := r.BackUp(ctx, BackupDaily)
	must(t, err)
	for i := range 40 {
		text := fmt.Sprintf("unsent %d %s", i, strings.Repeat("long ", i*20))
		say(t, r, text)
		want = append(want, text)
	}
	id := say(t, r, "refused")
	answer(t, r, wire.Result{ID: id, Status: wire.Rejected, Code: workroom.Internal})
	want = append(want, "refused")
	must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "half written"}))
	now = now.Add(10 * time.Second)
	r.Tend(ctx)
	return filepath.Join(dir, "live"), want
}

func quickDirT(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "replica-*")
	if err != nil {
		return folder(t)
	}
	t.Cleanup(func() { takeDown(t, dir) })
	return dir
}

func copyTree(t testing.TB, from, to string) {
	t.Helper()
	must(t, filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(from, path)
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o700)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, 0o600)
	}))
}

// unsentThere checks that everything unsent is here with its text, and the draft.
func unsentThere(t testing.TB, what string, r *Replica, want []string) {
	t.Helper()
	list, err := r.Outbox(ctx)
	must(t, err)
	have := map[string]bool{}
	for _, x := range list {
		if c, ok := x.Command.(workroom.SendMessage); ok {
			have[c.Text] = true
		}
	}
	for _, text := range want {
		if !have[text] {
			t.Errorf("%s: %.20q is lost", what, text)
		}
	}
	if d, _ := r.Draft(ctx, room); d.Text != "half written" {
		t.Errorf("%s: the draft is lost: %q", what, d.Text)
	}
}

// D-16: pages damaged at 100 random places: the copy always starts, what is unsent and older than 5 s is all there, the damaged files are
// kept, and a new act gets a number no other ever had.
func TestD16_DamagedPages(t *testing.T) {
	live, want := lived(t)
	places := 100
	if testing.Short() {
		places = 10
	}
	set, backed := 0, 0
	for seed := range places {
		dice := rand.New(rand.NewPCG(uint64(seed), 16))
		dir := filepath.Join(filepath.Dir(live), fmt.Sprint("hurt", seed))
		copyTree(t, live, dir)
		path := filepath.Join(dir, "replica.db")
		if seed%3 == 0 { // as after a clean end: all pages in the one file
			r := open(t, path, manual())
			must(t, r.Close())
		}
		target := path
		if seed%5 == 4 {
			target += "-wal"
		}
		b, err := os.ReadFile(target)
		if err != nil {
			target = path
			b, err = os.ReadFile(target)
			must(t, err)
		}
		junk := make([]byte, 4096)
		for i := range junk {
			junk[i] = byte(dice.Uint32())
		}
		copy(b[dice.IntN(len(b)/4096+1)*4096:], junk)
		must(t, os.WriteFile(target, b, 0o600))
		r, err := Open(path, manual())
		if err != nil {
			t.Fatalf("seed %d: does not start: %v", seed, err)
		}
		unsentThere(t, fmt.Sprint("seed ", seed), r, want)
		if rep, err := r.Report(ctx); err != nil {
			t.Error(err)
		} else if rep != nil {
			set++
			if rep.Backup != 0 {
				backed++
			}
			if _, err := os.Stat(filepath.Join(rep.Where, "replica.db")); err != nil {
				t.Errorf("seed %d: the damaged file is not kept: %v", seed, err)
			}
			id := say(t, r, "after it")
			list, err := r.Waiting(ctx)
			must(t, err)
			if at := slices.IndexFunc(list, func(i Item) bool { return i.ID == id }); at < 0 || list[at].N <= spare {
				t.Errorf("seed %d: its number may have been another's: %+v", seed, list)
			}
			must(t, r.Told(ctx))
			if rep, _ := r.Report(ctx); rep != nil {
				t.Error("told twice")
			}
			must(t, r.Close())
			r = open(t, path, manual())
			unsentThere(t, fmt.Sprint("seed ", seed, " once more"), r, want)
		}
		must(t, r.Close())
		os.RemoveAll(dir)
	}
	t.Logf("%d places damaged: %d copies set aside, %d of them replaced by a backup", places, set, backed)
	if set == 0 {
		t.Error("no damage was ever met: the test proves nothing")
	}
}

func manual() Options {
	o := options()
	o.Manual = true
	return o
}

// The worst single losses. Each starts, keeps what is unsent, and does not loop.
func TestD16_LostHeaderWalBackups(t *testing.T) {
	live, want := lived(t)
	for name, hurt := range map[string]func(dir string){
		"header lost": func(dir string) {
			overwrite(t, filepath.Join(dir, "replica.db"), 0, bytes.Repeat([]byte{7}, 100))
		},
		"header and -wal lost": func(dir string) {
			overwrite(t, filepath.Join(dir, "replica.db"), 0, bytes.Repeat([]byte{7}, 4096))
			os.Remove(filepath.Join(dir, "replica.db-wal"))
		},
		"-wal damaged": func(dir string) {
			overwrite(t, filepath.Join(dir, "replica.db-wal"), 5000, bytes.Repeat([]byte{7}, 60_000))
		},
		"no text at all": func(dir string) {
			must(t, os.WriteFile(filepath.Join(dir, "replica.db"), []byte("this is no database"), 0o600))
			os.Remove(filepath.Join(dir, "replica.db-wal"))
		},
		"the backup too": func(dir string) {
			overwrite(t, filepath.Join(dir, "replica.db"), 0, bytes.Repeat([]byte{7}, 4096))
			os.Remove(filepath.Join(dir, "replica.db-wal"))
			for _, b := range BackupsOf(filepath.Join(dir, "replica.db")) {
				overwrite(t, b.Path, 0, bytes.Repeat([]byte{9}, 4096))
			}
		},
		"unsent.json damaged, and a page": func(dir string) {
			overwrite(t, filepath.Join(dir, unsentName), 500, []byte("XX"))
			overwrite(t, filepath.Join(dir, "replica.db"), 40*4096, bytes.Repeat([]byte{7}, 4096))
			f, err := os.Create(filepath.Join(dir, "replica.db"+suspectName))
			must(t, err)
			f.Close()
		},
	} {
		dir := filepath.Join(filepath.Dir(live), strings.ReplaceAll(name, " ", "-"))
		copyTree(t, live, dir)
		hurt(dir)
		r, err := Open(filepath.Join(dir, "replica.db"), manual())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		unsentThere(t, name, r, want)
		if name == "header and -wal lost" {
			rep, _ := r.Report(ctx)
			if rep == nil || rep.Commands != len(want) || rep.Drafts != 1 {
				t.Errorf("report %+v", rep)
			}
			if b, err := os.ReadFile(filepath.Join(rep.Where, "replica.db")); err != nil || b[0] != 7 {
				t.Errorf("the damaged file is not as it was: %v", err)
			}
		}
		must(t, r.Close())
	}
}

func overwrite(t testing.TB, path string, at int64, junk []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	_, err = f.WriteAt(junk, at)
	must(t, err)
	must(t, f.Close())
}

// A damaged file that is nobody's database is moved, byte for byte, not deleted; the copy begins empty and works.
func TestD16_StrangeFileIsKept(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	said := "this is no database, but it is somebody's file"
	must(t, os.WriteFile(path, []byte(said), 0o600))
	r := open(t, path, options())
	rep, err := r.Report(ctx)
	must(t, err)
	if b, _ := os.ReadFile(filepath.Join(rep.Where, "c.db")); string(b) != said {
		t.Errorf("kept: %q", b)
	}
	openRoom(t, r)
	say(t, r, "goes on")
}

// D-16: a file of a newer program is refused in words and not changed; what is unsent in it can still be saved to a file.
func TestD16_NewerIsReadOnly(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	r := open(t, path, manual())
	openRoom(t, r)
	say(t, r, "from the future")
	must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "draft"}))
	_, err := r.full.Exec(`INSERT INTO goose_db_version(version_id,is_applied) VALUES(99,1)`)
	must(t, err)
	_, err = r.full.conn.ExecContext(ctx, `ALTER TABLE outbox ADD COLUMN later TEXT`)
	must(t, err)
	must(t, r.Close())
	was, _ := os.ReadFile(path)
	var f *Fault
	if _, err := Open(path, manual()); !errors.Is(err, ErrNewer) || !errors.As(err, &f) || f.Text == "" {
		t.Fatalf("a newer file: %v", err)
	}
	u, err := ReadUnsent(path)
	must(t, err)
	var text, doc strings.Builder
	must(t, u.WriteText(&text, time.UTC))
	must(t, u.WriteJSON(&doc))
	for _, s := range []string{"Unsent work of Me, 2 items", "| from the future", "| draft", "Message · Room\n", "Draft · Room\n"} {
		if !strings.Contains(text.String(), s) {
			t.Errorf("%q is not in\n%s", s, text.String())
		}
	}
	if !strings.Contains(doc.String(), `"from the future"`) {
		t.Error(doc.String())
	}
	if now, _ := os.ReadFile(path); !bytes.Equal(was, now) {
		t.Error("a newer file was changed")
	}
}

// Everything unsent in words: message, time with its memo, a file, what was refused with the reason, a draft.
func TestExport_EveryItemInWords(t *testing.T) {
	r := joined(t)
	say(t, r, "first line\nsecond line")
	week := workroom.WeekOf(time.Unix(600, 0)).String()
	_, err := r.Enqueue(ctx, workroom.ReportSlice{Week: week, Slice: workroom.Slice{ID: "s", Rev: 1, Freelancer: me, Contract: "k", Device: "dev", Boot: "b",
		Start: 600, End: 1200, Memo: "drew the plan", Kind: workroom.Tracked}}, EnqueueOpts{})
	must(t, err)
	id := say(t, r, "refused")
	answer(t, r, wire.Result{ID: id, Status: wire.Rejected, Code: workroom.RoomArchived})
	must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "half"}))
	u, err := r.Unsent(ctx)
	must(t, err)
	var b strings.Builder
	must(t, u.WriteText(&b, time.UTC))
	for _, s := range []string{"Unsent work of Me, 4 items", "1. Message · Room\n", "   | first line\n   | second line\n", "Tracked time", "drew the plan", "1970-01-01T00:10:00Z to 1970-01-01T00:20:00Z (10m0s)",
		"not sent: This room is archived", "Draft · Room"} {
		if !strings.Contains(b.String(), s) {
			t.Errorf("%q is not in\n%s", s, b.String())
		}
	}
}

// Backups: the two newest of a reason stay, one is restored with what is unsent now, nothing is deleted; with little space only what
// cannot be pulled again is copied, and that is a source for a rescue too.
func TestD16_BackupAndRestore(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "c.db")
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	o := manual()
	o.Now = func() time.Time { now = now.Add(time.Second); return now }
	r := open(t, path, o)
	openRoom(t, r)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"))
	say(t, r, "before")
	var made []string
	for range 3 {
		p, err := r.BackUp(ctx, BackupByHand)
		must(t, err)
		made = append(made, p)
	}
	if list := r.Backups(); len(list) != 2 || list[0].Reason != BackupByHand || !list[0].Whole || list[0].Size == 0 {
		t.Fatalf("backups %+v", list)
	}
	page(t, r, roomScope, message(t, "b", 4, "you", "b"))
	say(t, r, "after")
	must(t, r.Close())
	if _, err := Restore(path, filepath.Join(dir, "nothing.db"), o); err == nil {
		t.Error("restored from nothing")
	}
	r, err := Restore(path, made[2], o)
	must(t, err)
	expect(t, r, "a before:queued after:queued")
	if c, _ := r.Cursor(ctx, roomScope); c.Seq != 3 {
		t.Errorf("cursor %d: what came later is not asked again", c.Seq)
	}
	rep, _ := r.Report(ctx)
	if rep == nil || !rep.Chosen || rep.Backup == 0 {
		t.Errorf("report %+v", rep)
	}
	must(t, copyPart(context.Background(), bare(t, path), filepath.Join(dir, "part.db")))
	s, err := salvageFile(filepath.Join(dir, "part.db"))
	must(t, err)
	if len(s.Outbox) != 2 || s.Account != me || s.Next < spare || s.bad != 0 {
		t.Errorf("a part: %+v", s)
	}
	must(t, r.Close())
}

// I21, D-16: a process that dies at any point of a change of the schema leaves a file that opens with everything in it.
func TestD16_MigrationKilledAtEachStep(t *testing.T) {
	for kill := 1; ; kill++ {
		dir := folder(t)
		path := filepath.Join(dir, "c.db")
		loadOld(t, path)
		before := oldUnsent(t, path)
		met := 0
		o := manual()
		o.Account, o.Service, o.Device = "", "", ""
		o.Fail = func(point string) error {
			if point == PointMigrate || point == PointBackup {
				if met++; met == kill {
					return errors.New("killed")
				}
			}
			return nil
		}
		r, err := Open(path, o)
		if err == nil {
			must(t, r.Close())
			if kill < 3 {
				t.Errorf("only %d points", kill-1)
			}
			return
		}
		if after := oldUnsent(t, path); after != before {
			t.Errorf("killed at %d: %s, was %s", kill, after, before)
		}
		o.Fail = nil
		r, err = Open(path, o)
		must(t, err)
		if n, refused, _ := r.Count(ctx); n+refused == 0 {
			t.Errorf("killed at %d: the outbox is empty", kill)
		}
		must(t, r.Close())
	}
}

func oldUnsent(t testing.TB, path string) string {
	t.Helper()
	s, err := salvageFile(path)
	must(t, err)
	var b strings.Builder
	for _, k := range s.Outbox {
		fmt.Fprintf(&b, "%d %s %s %d\n", k.N, k.ID, k.Args, k.Attempts)
	}
	return b.String()
}

// unsent.json is written soon after a change, no oftener than every 5 s, readable by its owner only, and again at the end.
func TestUnsent_RewrittenAfterChanges(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	o := manual()
	o.Now = func() time.Time { return now }
	r := open(t, path, o)
	openRoom(t, r)
	holds := func() int {
		u, err := readUnsent(r.unsentPath())
		must(t, err)
		if u == nil {
			return -1
		}
		return len(u.Outbox)
	}
	say(t, r, "one")
	r.Tend(ctx)
	if holds() != 1 {
		t.Errorf("%d", holds())
	}
	say(t, r, "two")
	if wait := r.Tend(ctx); holds() != 1 || wait <= 0 || wait > unsentEvery {
		t.Errorf("%d after %v", holds(), wait)
	}
	now = now.Add(unsentEvery)
	r.Tend(ctx)
	if holds() != 2 {
		t.Errorf("%d", holds())
	}
	if info, err := os.Stat(r.unsentPath()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	say(t, r, "three")
	must(t, r.Close())
	if holds() != 3 {
		t.Errorf("at the end: %d", holds())
	}
}

func bare(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", dsn(path, "_busy_timeout=5000"))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// grep answers which words stand in the bytes of a copy's files.
func grep(t testing.TB, path string, words ...string) string {
	t.Helper()
	var out []string
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if err != nil {
			continue
		}
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				out = append(out, w+end)
			}
		}
	}
	return strings.Join(out, " ")
}

// A scan ends at a bad page; the rows behind it are found by their numbers (safety.md §2).
func TestD16_SalvagePassesABadPage(t *testing.T) {
	dir := quickDirT(t)
	path := filepath.Join(dir, "c.db")
	r := open(t, path, manual())
	for i := range 400 {
		_, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: fmt.Sprintf("number %d. %s", i, strings.Repeat("x", 300))}, EnqueueOpts{})
		must(t, err)
	}
	must(t, r.Close())
	b, err := os.ReadFile(path)
	must(t, err)
	hurt := 0
	for page := 1; page < len(b)/4096; page++ { // the leaf of the outbox, not that of the effects
		p := b[page*4096 : (page+1)*4096]
		if p[0] == 0x0d && bytes.Contains(p, []byte("number 200. ")) && bytes.Contains(p, []byte(`SendMessage`)) {
			overwrite(t, path, int64(page)*4096, bytes.Repeat([]byte{0xa5}, 4096))
			hurt++
		}
	}
	s, err := salvageFile(path)
	must(t, err)
	first, last := 0, 0
	for _, k := range s.Outbox {
		first += map[bool]int{true: 1}[k.N < 150]
		last += map[bool]int{true: 1}[k.N > 250]
	}
	if hurt == 0 || first != 149 || last != 150 || len(s.Outbox) < 370 || len(s.Outbox) == 400 || s.bad == 0 {
		t.Errorf("%d pages hurt: %d rows before, %d behind, %d in all, %d unread", hurt, first, last, len(s.Outbox), s.bad)
	}
}
