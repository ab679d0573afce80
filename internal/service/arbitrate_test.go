package service

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand"
	"reflect"
	"strings"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// diary is what a person's copy of some weeks of a contract's diary holds, and the bytes it came as.
func (p *person) diary(k workroom.ContractID, weeks ...string) (*workroom.Diary, string) {
	p.t.Helper()
	d := workroom.NewDiary()
	var raw strings.Builder
	for _, w := range weeks {
		out, err := p.Open(p.t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.DiaryScope(k, w)}})
		if err != nil {
			p.t.Fatal(err)
		}
		page := out.Scopes[0]
		for _, x := range page.Hot {
			b, err := json.Marshal(x)
			if err != nil {
				p.t.Fatal(err)
			}
			raw.Write(b)
			if x.Gone {
				continue
			}
			t, err := workroom.Decode(x.Kind, x.Body)
			if err != nil {
				p.t.Fatal(err)
			}
			d.Add(workroom.Ref{Scope: page.Scope, Kind: x.Kind, ID: x.ID}, t)
		}
	}
	return d, raw.String()
}

func ofContract(pieces []workroom.Piece, k workroom.ContractID) []workroom.Piece {
	out := []workroom.Piece{}
	for _, p := range pieces {
		if p.Contract == k {
			out = append(out, p)
		}
	}
	return out
}

// T-13, T-22, example 8: time of one freelancer on two contracts and two devices arrives in any order, grows, is late, is swapped and cut. After
// every command each client's diary, from the rows it may read, shows what the freelancer's shows from all rows, and names nothing else.
func TestT13_ClientsSeeWhatIsLeftToThem(t *testing.T) {
	monday := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	for seed := range int64(3) {
		now := monday.Add(-2 * time.Hour)
		_, c := start(t, Config{Now: func() time.Time { return now }})
		xena, yves, free := join(t, c, "xena"), join(t, c, "yves"), join(t, c, "free")
		clients := map[workroom.ContractID]*person{"contract-of-xena": xena, "contract-of-yves": yves}
		hire(xena, free, "contract-of-xena", "rx")
		hire(yves, free, "contract-of-yves", "ry")
		rnd := rand.New(rand.NewSource(seed))
		kept := map[string]workroom.Slice{}
		var ids []string
		weeks := []string{"2026-11-09", "2026-11-16"}
		for n := range 40 {
			id := fmt.Sprintf("c-%d-%d", seed, n)
			if n == 30 { // what comes from here on of the first week is late
				now = monday.Add(13 * time.Hour)
			}
			var cmd workroom.Command
			switch roll := rnd.Intn(10); {
			case roll < 6 || len(ids) == 0:
				from := monday.Unix() - 3600 + rnd.Int63n(5000)
				s := workroom.Slice{ID: fmt.Sprintf("s%d", len(ids)), Rev: 1, Freelancer: free.id, Device: []string{"d", "e"}[rnd.Intn(2)], Boot: "b", Seq: int64(n),
					Contract: []workroom.ContractID{"contract-of-xena", "contract-of-yves"}[rnd.Intn(2)], Start: from, End: from + 1 + rnd.Int63n(3000),
					Memo: "work", Kind: []workroom.SliceKind{workroom.Tracked, workroom.KeptIdle}[rnd.Intn(2)]}
				ids = append(ids, s.ID)
				kept[s.ID] = s
				now = maxTime(now, time.Unix(s.End, 0))
				cmd = workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), Slice: s}
			case roll < 8: // grows or ends earlier
				s := kept[ids[rnd.Intn(len(ids))]]
				s.Rev++
				if rnd.Intn(2) == 0 {
					s.End += rnd.Int63n(1500)
				} else {
					s.End, s.Close = s.Start+rnd.Int63n(s.End-s.Start+1), workroom.CloseIdle
				}
				kept[s.ID] = s
				now = maxTime(now, time.Unix(s.End, 0))
				cmd = workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), Slice: s}
			case roll < 9:
				s := kept[ids[rnd.Intn(len(ids))]]
				cmd = workroom.MarkTime{Contract: s.Contract, Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), What: workroom.MarkOwner,
					Spans: []workroom.MarkSpan{{Slice: s.ID, From: s.Start, To: s.Start + 1 + rnd.Int63n(2000)}}}
			default:
				at := monday.Unix() - 3600 + rnd.Int63n(6)*600
				cmd = workroom.CutTime{Contract: "contract-of-xena", Week: workroom.WeekOf(time.Unix(at, 0)).String(), From: at, To: at + 600}
			}
			free.send(free.command(id, cmd)) // some are refused, as frozen or out of range

			all := &workroom.Diary{}
			for k := range clients {
				d, _ := free.diary(k, weeks...)
				all.Slices, all.Marks, all.Approved = append(all.Slices, d.Slices...), append(all.Marks, d.Marks...), append(all.Approved, d.Approved...)
			}
			pieces := all.Pieces()
			for k, client := range clients {
				d, raw := client.diary(k, weeks...)
				if got, want := ofContract(d.Pieces(), k), ofContract(pieces, k); !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d, after %s %+v\n%s sees %+v\nand is   %+v", seed, cmd.Op(), cmd, k, got, want)
				}
				for other := range clients {
					if other != k && strings.Contains(raw, string(other)) {
						t.Fatalf("%s reads of %s: %s", k, other, raw)
					}
				}
			}
		}
		if len(kept) < 10 {
			t.Fatalf("only %d slices", len(kept))
		}
	}
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Example 12, T-21: three days offline with 26 hours of work arrive in batches; the one item with a malformed memo is refused alone, and all of it
// once more changes nothing.
func TestExample12_ThreeDaysOffline(t *testing.T) {
	begin := time.Date(2026, 11, 17, 7, 0, 0, 0, time.UTC)
	now := begin
	_, c := start(t, Config{Now: func() time.Time { return now }})
	client, free := join(t, c, "client"), join(t, c, "free")
	hire(client, free, "k1", "r1")
	now = begin.Add(80 * time.Hour)
	var cmds []wire.Command
	for i := range 156 { // of ten minutes each
		from := begin.Unix() + int64(i/52)*86400 + int64(i%52)*600
		s := workroom.Slice{ID: fmt.Sprintf("s%03d", i), Rev: 3, Freelancer: free.id, Contract: "k1", Device: "d", Boot: "b", Seq: int64(i), Start: from, End: from + 600,
			Activity: "k1-dev", Memo: "work", Kind: workroom.Tracked, Close: workroom.CloseSwitch}
		if i == 70 {
			s.Memo = "two\nlines"
		}
		cmds = append(cmds, free.command("c-"+s.ID, workroom.ReportSlice{Week: "2026-11-16", Slice: s}))
	}
	count := func() (seconds int64, seq int64) {
		d, _ := client.diary("k1", "2026-11-16")
		for _, p := range d.Pieces() {
			seconds += p.Seconds()
		}
		out, err := client.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.DiaryScope("k1", "2026-11-16")}})
		if err != nil {
			t.Fatal(err)
		}
		return seconds, out.Scopes[0].Seq
	}
	var first int64
	for round := range 2 {
		for from := 0; from < len(cmds); from += 64 {
			for i, r := range free.send(cmds[from:min(from+64, len(cmds))]...) {
				if want := map[bool]wire.Verdict{true: wire.Rejected, false: wire.OK}[from+i == 70]; r.Status != want || want == wire.Rejected && r.Field != "memo" {
					t.Errorf("round %d, item %d: %+v", round, from+i, r)
				}
			}
		}
		seconds, seq := count()
		if seconds != 26*3600-600 {
			t.Errorf("round %d: %d s", round, seconds)
		}
		if round == 1 && seq != first {
			t.Errorf("told again it wrote %d rows more", seq-first)
		}
		first = seq
	}
	// The same reports under new ids, as after a lost answer of a device that forgot: nothing either.
	for i := range cmds {
		cmds[i].ID = "again-" + cmds[i].ID
	}
	for from := 0; from < len(cmds); from += 64 {
		free.send(cmds[from:min(from+64, len(cmds))]...)
	}
	if seconds, seq := count(); seconds != 26*3600-600 || seq != first {
		t.Errorf("under new ids: %d s, %d rows more", seconds, seq-first)
	}
}

// T-08: with the time of a segment its screenshot goes: its bytes can be read by nobody from then on, and who deleted it stays.
func TestT08_BytesGoWithTheTime(t *testing.T) {
	_, c := start(t, Config{Now: inSlice})
	client, free := join(t, c, "client"), join(t, c, "free")
	hire(client, free, "k1", "r1")
	free.does("slice1", slice(free.id, "slice1"))
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	free.upload("shot1", "d:k1:2001-09-03", "s.jpg", picture.Bytes())
	if err := free.Complete(t.Context(), "shot1"); err != nil {
		t.Fatal(err)
	}
	free.does("p", workroom.AddShot{Week: "2001-09-03", Who: free.id, Shot: workroom.Shot{Slice: "slice1", Contract: "k1", Device: "d", Cell: 1_000_000_000 / 600, At: 1e9, File: "shot1", W: 8, H: 8}})
	reads := func() int {
		res := client.raw("GET", "/v1/files/shot1", nil)
		defer res.Body.Close()
		return res.StatusCode
	}
	if got := reads(); got != 200 {
		t.Fatalf("before: %d", got)
	}
	cell := int64(1e9) / 600 * 600
	free.does("cut", workroom.CutTime{Contract: "k1", Week: "2001-09-03", From: cell, To: cell + 600})
	if got := reads(); got == 200 {
		t.Error("the client still reads the bytes")
	}
	d, _ := client.diary("k1", "2001-09-03")
	if len(d.Shots) != 0 || len(d.Marks) != 1 || d.Marks[0].By != free.id || d.Marks[0].Seconds != 60 {
		t.Errorf("%+v %+v", d.Shots, d.Marks)
	}
}
