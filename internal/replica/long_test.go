package replica

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// TestLongRoom makes a room of a desktop's copy long, for the journeys that read one (frontend/tests/list.mjs): TRESTLE_LONG names the
// file, TRESTLE_LONG_N how many messages of random length the room "Otter Trails" gets, spread over two years.
func TestLongRoom(t *testing.T) {
	path := os.Getenv("TRESTLE_LONG")
	if path == "" {
		t.Skip("no copy is named")
	}
	n := 100_000
	if _, err := fmt.Sscan(os.Getenv("TRESTLE_LONG_N"), &n); err != nil {
		t.Fatal(err)
	}
	l, err := dial(ctx, path, writeQuery)
	must(t, err)
	defer l.close()
	var sc int64
	var people []string
	_, err = l.scan(`SELECT sc FROM base WHERE kind='room' AND body LIKE '%Otter Trails%'`, nil, &sc)
	must(t, err)
	rows, err := l.Query(`SELECT id FROM base WHERE sc=? AND kind='member'`, sc)
	must(t, err)
	for rows.Next() {
		var id string
		must(t, rows.Scan(&id))
		people = append(people, id)
	}
	must(t, rows.Close())
	if len(people) != 2 {
		t.Fatalf("%d people", len(people))
	}
	roll := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("signage walnut kiosk trail otter sizes from the workshop came back and one more colour for etched glass please look at it before Friday")
	said := func(i int) string {
		n := 1 + roll.IntN(12)
		if roll.IntN(5) == 0 {
			n += roll.IntN(160)
		}
		list := []string{fmt.Sprintf("No. %d:", i)}
		for range n {
			list = append(list, words[roll.IntN(len(words))])
		}
		text := strings.Join(list, " ")
		switch roll.IntN(20) {
		case 0:
			text += "\n\n```\n" + strings.Repeat("a line of code\n", 1+roll.IntN(9)) + "```"
		case 1:
			text += "\n> quoted\n> twice\nand **bold** with `code`"
		}
		return text
	}
	began := time.Now().Add(-2 * 365 * 24 * time.Hour)
	step := time.Since(began) / time.Duration(n+1)
	must(t, l.within("BEGIN IMMEDIATE", func() error {
		for _, q := range []string{`DELETE FROM base WHERE sc=? AND kind='message'`, `DELETE FROM span WHERE sc=?`} {
			if _, err := l.Exec(q, sc); err != nil {
				return err
			}
		}
		if _, err := l.Exec(`INSERT INTO span(sc,lo,hi,state) VALUES(?,0,9223372036854775807,'have')`, sc); err != nil {
			return err
		}
		if _, err := l.Exec(`UPDATE scope SET msgs=?,seq=MAX(seq,?) WHERE sc=?`, n, n+1000, sc); err != nil {
			return err
		}
		who := 0
		for i := 1; i <= n; i++ {
			if roll.IntN(3) == 0 {
				who = 1 - who
			}
			at := began.Add(time.Duration(i) * step).UnixMicro()
			body, err := workroom.Encode(&workroom.Message{Author: workroom.AccountID(people[who]), Text: said(i), At: at})
			if err != nil {
				return err
			}
			if _, err := l.Exec(`INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body,found,look) VALUES(?,'message',?,?,?,1,?,0,?,?,?,0,0)`,
				sc, fmt.Sprintf("long-%06d", i), 1000+i, 1000+i, i, people[who], at, string(body)); err != nil {
				return err
			}
		}
		return nil
	}))
}
