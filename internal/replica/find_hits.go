package replica

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"trestle/internal/search"
	"trestle/internal/workroom"
)

// hit is a place in the index and what stands there.
type hit struct {
	rowid, sc int64
	kind, id  string
}

const findQuery = `SELECT rowid,sc,kind,id FROM find WHERE find MATCH ? AND rowid>=? AND rowid<? ORDER BY rowid DESC LIMIT ?`

// The index walks the list of every word asked for, rooms among them, so a room that holds much of everything is a list longer than those
// of the words, and the words alone are looked at first: those of other rooms are passed over, and where there are many, the room's own list
// is walked from there on. Two common words that never stand together took twice as long in such a room as everywhere.
const (
	longRoom = 4   // one in so many of all messages
	passed   = 500 // hits of other rooms
)

// findHits are the newest hits between two places of the index, one more than a page if there are more.
func findHits(l *link, q search.Query, people []workroom.AccountID, rooms []workroom.Scope, lo, hi int64) ([]hit, error) {
	begun, err := begunBy(l, q)
	if err != nil {
		return nil, err
	}
	out, hi, err := newestBegun(l, q, begun, people, rooms, lo, hi)
	if err != nil || len(out) > FindLimit || hi <= lo {
		return out, err
	}
	if long, err := wordsFirst(l, q, rooms); err != nil {
		return nil, err
	} else if len(long) > 0 {
		match, _, err := matchOf(l, q, begun, people, nil)
		if err != nil {
			return nil, err
		}
		others := 0
		err = eachHit(l, match, lo, hi, passed+FindLimit+1, func(h hit) bool {
			hi = h.rowid
			if slices.Contains(long, h.sc) {
				out = append(out, h)
			} else {
				others++
			}
			return len(out) <= FindLimit && others < passed
		})
		if err != nil || others < passed {
			return out, err
		}
	}
	match, ok, err := matchOf(l, q, begun, people, rooms)
	if err != nil || !ok {
		return out, err
	}
	err = eachHit(l, match, lo, hi, FindLimit+1-len(out), func(h hit) bool {
		out = append(out, h)
		return true
	})
	return out, err
}

// eachHit hands at most so many hits to take, newest first, until it says no.
func eachHit(l *link, match string, lo, hi int64, most int, take func(hit) bool) error {
	rows, err := l.Query(findQuery, match, lo, hi, most)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var h hit
		if err := rows.Scan(&h.rowid, &h.sc, &h.kind, &h.id); err != nil {
			return fmt.Errorf("search: %w", err)
		}
		if !take(h) {
			return nil
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return nil
}

// wordsFirst are the rooms asked for by their numbers, where several words are asked for and the rooms hold much of everything; else none.
func wordsFirst(l *link, q search.Query, rooms []workroom.Scope) ([]int64, error) {
	if len(q.Values(search.Word)) < 2 || len(rooms) == 0 {
		return nil, nil
	}
	var all, here int64
	if _, err := l.scan(`SELECT COALESCE(SUM(msgs),0) FROM scope WHERE name>='r:' AND name<'r;'`, nil, &all); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	var out []int64
	for _, name := range rooms {
		s, err := findScope(l, name)
		if err != nil {
			return nil, err
		}
		if s != nil {
			here += s.msgs
			out = append(out, s.sc)
		}
	}
	if here*longRoom < all {
		return nil, nil
	}
	return out, nil
}

// matchOf writes the question in the index's own language: the words as phrases of the text, people and rooms as words of tok. Begun
// is what begunBy answers to it.
func matchOf(l *link, q search.Query, begun []string, people []workroom.AccountID, rooms []workroom.Scope) (string, bool, error) {
	var parts, any []string
	for _, t := range q.Tokens {
		if t.Op == search.Word && t.Bad == "" {
			parts = append(parts, wordsMatch(t, begun))
		}
	}
	for _, name := range rooms {
		s, err := findScope(l, name)
		if err != nil {
			return "", false, err
		}
		if s != nil {
			any = append(any, roomWord(s.sc))
		}
	}
	if rooms != nil {
		if len(any) == 0 {
			return "", false, nil
		}
		parts = append(parts, `{tok}:(`+strings.Join(any, " OR ")+`)`)
	}
	if people != nil {
		any = nil
		for _, id := range people {
			any = append(any, authorWord(id))
		}
		parts = append(parts, `{tok}:(`+strings.Join(any, " OR ")+`)`)
	}
	if len(parts) == 0 { // days alone
		parts = append(parts, `{tok}:(message OR file)`)
	}
	return strings.Join(parts, " AND "), true, nil
}

// The words of tok. They hold only letters and digits, so that the index never cuts them.
func roomWord(sc int64) string { return "r" + itoa64(sc) }
func authorWord(id workroom.AccountID) string {
	sum := sha256.Sum256([]byte(id))
	return "a" + hex.EncodeToString(sum[:8])
}

// slotBits is how many rows of one millisecond have a place of their own in the index.
const slotBits = 6

// rowidAt is the first place in the index of a moment (Unix µs).
func rowidAt(us int64) int64 { return min(max(us/1000, 0), 1<<50) << slotBits }

func rowidBounds(q search.Query) (lo, hi int64) {
	from, until := q.Period()
	hi = all
	if !from.IsZero() {
		lo = rowidAt(from.UnixMicro())
	}
	if !until.IsZero() {
		hi = rowidAt(until.UnixMicro())
	}
	return max(lo, 1), hi
}
