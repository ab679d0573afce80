package proof

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// bug is a mistake that could be made in the engine, planted by replacing text when the test program is built. The product has no hook for
// it.
type bug struct {
	name  string
	edits []edit
}

type edit struct{ file, old, new string } // the old text stands exactly once in the file, under internal/

// bugs are the 25 of sync.md §18.
var bugs = []bug{
	{"cursor before rows", []edit{{"replica/page.go", `	m := touched{}
	for i := range c.Things {
		if c.Things[i].Scope != c.Scope || c.Things[i].Seq > c.Seq {`, `	m := touched{}
	if c.Seq > c.After {
		s.seq, s.tag = c.Seq, c.Tag
		_ = t.saveScope(s)
		_, _ = t.Exec("COMMIT")
		_, _ = t.Exec("BEGIN IMMEDIATE")
	}
	for i := range c.Things {
		if c.Things[i].Scope != c.Scope || c.Things[i].Seq > c.Seq {`}}},
	{"cursor from a later head", []edit{{"service/store/read.go", `p.Things, p.Seq = things[:n], things[n-1].Seq`, `p.Things = things[:n]`}}},
	{"page splits a seq", []edit{{"service/store/read.go", `p.Things, p.Seq = things[:n], things[n-1].Seq`, `p.Things, p.Seq = things[:limit], things[limit-1].Seq`}}},
	{"seq from a counter", []edit{
		{"service/store/number.go", `	h.Seq++
	h.Tag = `, `	counted = max(counted, h.Seq) + 1
	h.Seq = counted
	h.Tag = `},
		{"service/store/number.go", `// weekSeq is the number`, `var counted int64

// weekSeq is the number`}}},
	{"no tag check", []edit{{"service/store/read.go", `	if why != "" {
		return &wire.Page{Reset: why,`, `	if why != "" && why != wire.ResetFork {
		return &wire.Page{Reset: why,`}}},
	{"no gen check", []edit{{"service/store/read.go", `	case in.Gen != a.Gen:
		return &wire.Page{`, `	case in.Gen < 0:
		return &wire.Page{`}}},
	{"no from_born check", []edit{{"service/store/read.go", `in.Scope, in.After, bun.List(dated), a.FromBorn, limit+1)`, `in.Scope, in.After, bun.List(dated), 0, limit+1)`}}},
	{"tombstone dropped while loading", []edit{{"replica/page.go", `	if dated && !here && from == pulled {
		var one int`, `	if dated && !here && from == pulled && x.Gone {
		return nil
	}
	if dated && !here && from == pulled {
		var one int`}}},
	{"have before merge", []edit{{"replica/history.go", `	m := touched{}
	there := [][2]string{}`, `	if first := min(c.Lo, lo); c.More || first > 0 {
		if !c.More {
			first = 0
		}
		_, _ = t.Exec("UPDATE span SET lo=? WHERE sc=? AND lo=? AND state='have'", first, s.sc, lo)
		_, _ = t.Exec("COMMIT")
		_, _ = t.Exec("BEGIN IMMEDIATE")
	}
	m := touched{}
	there := [][2]string{}`}}},
	{"older seq wins", []edit{{"replica/page.go", `	if here && seq >= x.Seq && !lost {`, `	if here && seq == x.Seq {
		_ = lost`}}},
	{"ack before commit", []edit{{"service/writer.go", `	o, err := w.transaction(ctx, items)
	for tries`, `	o, err := w.transaction(ctx, items)
	if o != nil && o.hints != nil {
		err = nil
	}
	for tries`}}},
	{"ack leaves effects", []edit{{"replica/settle.go", `things []wire.Thing, m touched) error {
	old, err := t.clear(row.N)`, `things []wire.Thing, m touched) error {
	old, err := t.effects(row.N)`}}},
	{"no rebase", []edit{{"replica/rebase.go", `func (t *tx) rebase(m touched) error {
`, `func (t *tx) rebase(m touched) error {
	if len(m) >= 0 {
		return t.announce(m)
	}
`}}},
	{"lane by id", []edit{{"outbox/rows.go", "`,NULL FROM outbox ORDER BY pos,n`", "`,NULL FROM outbox ORDER BY id`"}}},
	{"follower passes a held head", []edit{{"outbox/choose.go", `			if r.Holds() {
				return
			}
			continue`, `			continue`}}},
	{"child before parent", []edit{{"outbox/choose.go", `slices.ContainsFunc(r.After, func(id string) bool { return !inside[id] }) || !take(r)`, `!take(r)`}}},
	{"untyped 4xx final", []edit{{"wire/error.go", `Code: Unexpected, Retry: workroom.RetryLater, After: retryAfter(res),
`, `Code: map[bool]workroom.Code{true: workroom.BadInput, false: Unexpected}[res.StatusCode/100 == 4], Retry: workroom.RetryNever, Final: res.StatusCode/100 == 4, After: retryAfter(res),
`}}},
	{"token refresh clears outbox", []edit{{"courier/courier.go", `		return fmt.Errorf("resume: this copy belongs to another service")
	}
	c.mu.Lock()`, `		return fmt.Errorf("resume: this copy belongs to another service")
	}
	rows, _ := c.rep.Rows(context.Background())
	for i := range rows {
		_ = c.rep.Discard(context.Background(), rows[i].ID)
	}
	c.mu.Lock()`}}},
	{"fold after attempt", []edit{
		{"outbox/rows.go", `fold<>'' AND attempts=0 AND verdict=''`, `fold<>'' AND verdict=''`},
		{"outbox/rows.go", `WHERE n=? AND attempts=0`, `WHERE n=?`}}},
	{"new id on resend", []edit{{"replica/flight.go", `			row.Attempts++
			out = append(out, *row)`, `			row.Attempts++
			if row.Attempts > 1 && row.Op == workroom.OpSendMessage {
				row.ID = t.r.o.NewID()
				_, _ = t.Exec("UPDATE outbox SET id=? WHERE n=?", row.ID, row.N)
			}
			out = append(out, *row)`}}},
	{"record in another transaction", []edit{{"service/store/flush.go", `	insert(w, b.freshRecords, "")`, `	w.send()
	if w.err == nil {
		_, w.err = b.tx.Tx.Tx.ExecContext(b.ctx, "COMMIT; BEGIN IMMEDIATE")
	}
	insert(w, b.freshRecords, "")`}}},
	{"revoked still recipient", []edit{{"service/store/hint.go", `a.Gen > 0 && !a.Gone {`, `a.Gen > 0 {`}}},
	{"purge skips index", []edit{{"replica/reopen.go", "`DELETE FROM find WHERE rowid IN (SELECT found FROM base WHERE found<>0 AND ` + where + `)`", "`DELETE FROM find WHERE rowid<0 AND rowid IN (SELECT found FROM base WHERE ` + where + `)`"}}},
	{"marker takes lower e", []edit{{"workroom/account.go", `return m.E > o.E`, `return m.E < o.E`}}},
	{"digest ignores tombstones", []edit{{"service/store/number.go", `		h.Digest -= old.digest()
`, `		if !t.Gone {
			h.Digest -= old.digest()
		}
`}}},
}

var (
	plantBugs = flag.Bool("proof.bugs", false, "plant the known mistakes and see that each is found (T3); it takes minutes")
	plantOne  = flag.String("proof.bug", "", "plant only the mistakes of these names, with commas between")
)

// plant writes the changed files of a bug and the list that tells the compiler of them.
func (b *bug) plant(t *testing.T, dir string) string {
	t.Helper()
	replace := map[string]string{}
	for _, e := range b.edits {
		path, err := filepath.Abs(filepath.Join("..", e.file))
		must(t, err)
		from := path
		if done, ok := replace[path]; ok {
			from = done
		}
		text, err := os.ReadFile(from)
		must(t, err)
		if n := bytes.Count(text, []byte(e.old)); n != 1 {
			t.Fatalf("%s: the text to replace stands %d times in %s:\n%s", b.name, n, e.file, e.old)
		}
		to := filepath.Join(dir, strings.ReplaceAll(e.file, "/", "_"))
		must(t, os.WriteFile(to, bytes.Replace(text, []byte(e.old), []byte(e.new), 1), 0o600))
		replace[path] = to
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	must(t, err)
	path := filepath.Join(dir, "overlay.json")
	must(t, os.WriteFile(path, list, 0o600))
	return path
}

// TestT3_TextsStand is the quick part of T3: each mistake can still be planted.
func TestT3_TextsStand(t *testing.T) {
	for i := range bugs {
		bugs[i].plant(t, t.TempDir())
	}
	if len(bugs) != 25 {
		t.Errorf("%d mistakes", len(bugs))
	}
}

var foundPattern = regexp.MustCompile(`(?m)^\s+(?:model\w*_test.go:\d+: )?(?:\S+ )?\b([IL]\d{1,2}) \S+: .*$|\b([IL]\d{1,2}): .*$`)

// TestT3_PlantedBugs builds the proof's own tests with each mistake and runs T1 and T2 against it: at least 24 of the 25 must be found, and
// without a mistake nothing may be.
func TestT3_PlantedBugs(t *testing.T) {
	if Size(0, 0, 1, 1) == 0 && !*plantBugs && *plantOne == "" {
		t.Skip("the planted mistakes are part of make prove")
	}
	if *plantOne == "" {
		if control := try(t, &bug{name: "none"}); control.part != "" {
			t.Fatalf("without a mistake %s fails: %s", control.part, control.said)
		}
	}
	found, two := make([]verdict, len(bugs)), make(chan bool, 2)
	t.Run("bugs", func(t *testing.T) {
		for i := range bugs {
			if *plantOne != "" && !slices.Contains(strings.Split(*plantOne, ","), bugs[i].name) {
				continue
			}
			t.Run(bugs[i].name, func(t *testing.T) {
				t.Parallel()
				two <- true // builds at a time
				defer func() { <-two }()
				found[i] = try(t, &bugs[i])
			})
		}
	})
	var table strings.Builder
	killed, tried := 0, 0
	for i, r := range found {
		if r.took == 0 {
			continue
		}
		tried++
		if r.by != "" {
			killed++
		}
		fmt.Fprintf(&table, "\n  %-34s %-4s %-5s %5.0f s  %s", bugs[i].name, r.part, r.by, r.took.Seconds(), r.said)
	}
	Report(t, "T3", "%d of %d planted mistakes found%s", killed, tried, table.String())
	if killed < min(tried, 24) {
		t.Errorf("only %d of %d planted mistakes were found", killed, tried)
	}
}

// verdict is what came of a planted bug.
type verdict struct {
	part, by, said string
	took           time.Duration
}

func try(t *testing.T, b *bug) (v verdict) {
	t.Helper()
	start := time.Now()
	defer func() { v.took = time.Since(start) }()
	dir := t.TempDir()
	exe := filepath.Join(dir, "planted.test")
	args := []string{"-n", "5", "go", "test", "-c", "-tags", "sqlite_fts5", "-o", exe}
	if len(b.edits) > 0 {
		args = append(args, "-overlay", b.plant(t, dir))
	}
	if out, err := exec.Command("nice", append(args, ".")...).CombinedOutput(); err != nil {
		t.Fatalf("%s does not compile: %s", b.name, out)
	}
	parts := []struct{ name, run string }{{"T1", "TestT1_"}, {"T2", "TestT2_Simulation"}}
	if len(b.edits) > 0 && (strings.HasPrefix(b.edits[0].file, "service/") || strings.HasPrefix(b.edits[0].file, "workroom/")) {
		parts[0], parts[1] = parts[1], parts[0] // the model has a service of its own
	}
	for _, part := range parts {
		cmd := exec.Command("nice", "-n", "5", exe, "-test.run", part.run, "-test.timeout", "5m", "-proof.seeds", "20", "-proof.ops", "120", "-test.parallel", "1", "-proof.maxfail", "1",
			"-rapid.nofailfile", "-rapid.shrinktime", "500ms")
		cmd.Env = append(os.Environ(), "TRESTLE_PROOF_MODEL=200")
		out, err := cmd.CombinedOutput()
		if err == nil {
			continue
		}
		v.part, v.by = part.name, "?"
		if m := foundPattern.FindSubmatch(out); m != nil {
			v.by = string(m[1]) + string(m[2])
			v.said = strings.TrimSpace(string(m[0]))
		} else {
			v.said = lastLine(out)
		}
		if len(v.said) > 150 {
			v.said = v.said[:150]
		}
		return v
	}
	return v
}

func lastLine(b []byte) string {
	for l := range strings.SplitSeq(string(b), "\n") {
		if strings.Contains(l, "panic:") || strings.Contains(l, "_test.go:") {
			return strings.TrimSpace(l)
		}
	}
	return ""
}
