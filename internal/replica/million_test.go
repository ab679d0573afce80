package replica

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/search"
	"trestle/internal/workroom"
)

// million makes a copy with a million messages in 100 rooms (half of them in one), with the index filled as index.go fills it, and
// waiting commands, a third of them in the long room. It takes about half a minute.
func million(b *testing.B, waiting int) string {
	path := filepath.Join(b.TempDir(), "copy.db")
	o := manual()
	o.Account = "a0"
	r := open(b, path, o)
	must(b, r.Apply(ctx, Epoch{"e1"}))
	words := `'the plan of week '||(i%97)||' was '||CASE i%5 WHEN 0 THEN 'agreed' WHEN 1 THEN 'moved' ELSE 'sent' END||CASE WHEN i%1000=0 THEN ' rarely' ELSE '' END||' item'||(i%5003)`
	must(b, r.write(ctx, false, func(t *tx) error {
		for _, q := range []string{
			`WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<100) INSERT INTO scope(sc,name,gen,seq,state,msgs) SELECT 10+i,'r:room'||i,1,1000010,'open',1000000 FROM c`,
			`INSERT INTO span(sc,lo,hi,state) SELECT sc,0,9223372036854775807,'have' FROM scope WHERE name LIKE 'r:%'`,
			`INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body) SELECT sc,'room',substr(name,3),1,1,1,0,0,'a1',1,'{"name":"'||name||'"}' FROM scope WHERE name LIKE 'r:%'`,
			`INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body) SELECT sc,'member','a0',1,1,1,0,0,'a1',1,'{"name":"Me"}' FROM scope WHERE name LIKE 'r:%'`,
			`WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<1000000)
			 INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body,found,look)
			 SELECT CASE WHEN i%2=0 THEN 11 ELSE 12+(i/2)%99 END,'message',printf('m%07d',i),10+i,10+i,1,i,0,'a'||(i%7),1500000000000000+i*60000000,
			 '{"author":"a'||(i%7)||'","text":"'||` + words + `||'","at":1}',((1500000000000000+i*60000000)/1000)<<6,0 FROM c`,
		} {
			if _, err := t.Exec(q); err != nil {
				return fmt.Errorf("%.60s: %w", q, err)
			}
		}
		var tok strings.Builder
		tok.WriteString(`CASE actor`)
		for i := range 7 {
			tok.WriteString(fmt.Sprintf(` WHEN 'a%d' THEN '%s'`, i, authorWord(workroom.AccountID(fmt.Sprint("a", i)))))
		}
		_, err := t.Exec(`INSERT INTO find(rowid,text,tok,sc,kind,id) SELECT found,json_extract(body,'$.text'),'r'||sc||' '||` + tok.String() + ` END||' message',sc,kind,id
			FROM base WHERE kind='message' ORDER BY found`)
		return err
	}))
	for i := range waiting {
		n := 1
		if i%3 > 0 {
			n = 2 + i%90
		}
		_, err := r.Enqueue(ctx, workroom.SendMessage{Room: workroom.RoomID(fmt.Sprint("room", n)), Text: "waiting"}, EnqueueOpts{})
		must(b, err)
	}
	must(b, r.Close())
	return path
}

// BenchmarkMillion: opening, searching and showing in a copy with a million messages. The ratios x/base (goal: at most 3) and x/token
// (goal: at least 5) compare in one run (sync.md §11, §18).
func BenchmarkMillion(b *testing.B) {
	path := million(b, 3000)
	o := manual()
	o.Account = "a0"
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			r, err := Open(path, o)
			must(b, err)
			must(b, r.Close())
		}
	})
	r := open(b, path, o)
	for name, typed := range map[string]string{"rare": "rarely", "common": "plan", "two": "agreed item17", "room": `in:room1 plan`, "person": "from:me item99", "days": "plan before:20180101"} {
		q := search.Parse(typed, time.UTC)
		b.Run("find/"+name, func(b *testing.B) { // what waits is matched only for the first page
			n := 0
			for b.Loop() {
				f, err := r.Find(ctx, q, "", all-1)
				must(b, err)
				n = len(f.Rows)
			}
			b.ReportMetric(float64(n), "hits")
		})
	}
	b.Run("find/waiting", func(b *testing.B) {
		for b.Loop() {
			_, err := r.Find(ctx, search.Parse("waiting", time.UTC), "", 0)
			must(b, err)
		}
	})
	timed := func(n int, q string, args ...any) time.Duration {
		at := time.Now()
		must(b, r.read(ctx, func(l *link) error {
			for range n {
				if _, err := queryRows(l, "r:room1", q, args...); err != nil {
					return err
				}
			}
			return nil
		}))
		return time.Since(at) / time.Duration(n)
	}
	b.Run("visible", func(b *testing.B) {
		const base = `SELECT kind,id,seq,born,rev,mn,gone,actor,at,COALESCE(body,''),0 FROM base WHERE sc=? AND kind=? AND gone=0 AND born>=? AND born<? ORDER BY born DESC LIMIT ?`
		var ours, theirs time.Duration
		for b.Loop() {
			for _, before := range []int64{all, 900_000, 500_000} { // among what waits, and deep in the room
				ours += timed(5, windowQuery, 11, "message", 0, before, 200)
				theirs += timed(5, base, 11, "message", 0, before, 200)
			}
		}
		b.ReportMetric(float64(ours)/float64(theirs), "x/base")
	})
	b.Run("token", func(b *testing.B) {
		lo, hi := int64(1), all
		count := func(q string, args ...any) time.Duration {
			at := time.Now()
			must(b, r.read(ctx, func(l *link) error {
				rows, err := l.Query(q, args...)
				if err != nil {
					return err
				}
				defer rows.Close()
				for rows.Next() {
				}
				return rows.Err()
			}))
			return time.Since(at)
		}
		var token, join time.Duration
		for b.Loop() { // a word everybody uses, in a room that is one of a hundred
			token += count(findQuery, `{text}:"agreed" AND {tok}:(r30)`, lo, hi, FindLimit)
			join += count(`SELECT f.rowid,f.sc,f.kind,f.id FROM find f JOIN base b ON b.sc=f.sc AND b.kind=f.kind AND b.id=f.id
				WHERE find MATCH ? AND f.rowid>=? AND f.rowid<? AND b.sc=30 ORDER BY f.rowid DESC LIMIT ?`, `{text}:"agreed"`, lo, hi, FindLimit)
		}
		b.ReportMetric(float64(join)/float64(token), "x/token")
	})
}
