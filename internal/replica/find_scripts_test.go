package replica

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"trestle/internal/search"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// written are messages in as many scripts, their words as people cut them, and what people type for them beside.
var written = []struct{ text, typed string }{
	{"Die Straße ist naß", "strasse NASS"},
	{"Miasto Łódź żółte", "lodz zolte"},
	{"Smørrebrød på Ærø", "smorrebrod aero"},
	{"Đường phố Việt Nam", "duong pho viet"},
	{"Isparta ırmak İzmir", "irmak izmir"},
	{"Пью чай у ёлки", "елки чай Ёлки"},
	{"Η Αθήνα και ο δρόμος", "αθηνα ΔΡΌΜΟΣ"},
	{"나는 한국어 좋아요", "한국어 " + norm.NFD.String("좋아요")},
	{"यह हिन्दी में क्षेत्र है", "हिन्दी क्षेत्र"},
	{"தமிழ் மொழி", "தமிழ்"},
	{"আমি বাংলা বলি", "বাংলা"},
	{"私は日本語を話します", "日本 日本語 話します"},
	{"コーヒーを飲む", "コーヒー ｺｰﾋｰ"},
	{"我們說漢語", "漢語 說漢"},
	{"เรียนภาษาไทยทุกวัน", "ภาษา ไทย วัน"},
	{"ພາສາລາວ", "ລາວ"},
	{"ភាសាខ្មែរ", "ខ្មែរ"},
	{"မြန်မာဘာသာ", "ဘာသာ"},
	{"שָׁלוֹם עולם", "שלום"},
	{"سَلَام عليكم", "سلام"},
	{"კარგი ღვინო", "ღვინო"},
	{"Բարեւ Երևան", "երևան"},
	{"ሰላም ለአንተ", "ሰላም"},
	{"ＦＵＬＬ width oﬃce", "full office"},
	{"well done 👍🏽🎂 friends 👩‍🚀 ❤️", "🎂 👍 👍🏿 👩‍🚀 ❤"},
}

// told asks for a word everywhere, in the room and among the bookmarks, and checks that one message is found each time.
func told(t *testing.T, r *Replica, what, typed, id string, bookmarked bool) {
	t.Helper()
	ask := map[string]workroom.RoomID{typed: "", `"` + typed + `"`: room}
	if bookmarked {
		ask["is:bookmarked "+typed] = ""
	}
	for q, in := range ask {
		f, err := r.Find(ctx, search.Parse(q, time.UTC), in, 0)
		must(t, err)
		if !slices.ContainsFunc(f.Rows, func(x Row) bool { return x.ID == id }) {
			t.Errorf("%s: %s does not find it (room %q)", what, q, in)
		}
	}
}

// tellAll checks that each of the messages is found by each of its words, by their folds, and by what people type for it.
func tellAll(t *testing.T, r *Replica, what string, ids []string, bookmarked bool) {
	t.Helper()
	for i, c := range written {
		for w := range strings.FieldsSeq(c.text + " " + c.typed) {
			told(t, r, what, w, ids[i], bookmarked)
			told(t, r, what, strings.ToUpper(w), ids[i], bookmarked)
			told(t, r, what, search.Fold(w), ids[i], bookmarked)
		}
	}
}

// S-01, S-08, S-10, M-28: a message of any script is found by every word of it, everywhere, in its room and among the bookmarks, when it is
// here as while it waits; and a word that is not in it does not find it.
func TestS01_EveryScriptIsFound(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	var things []wire.Thing
	var ids []string
	for i, c := range written {
		ids = append(ids, fmt.Sprintf("m%02d", i))
		things = append(things, message(t, ids[i], int64(i+3), "you", c.text))
	}
	page(t, r, roomScope, things...)
	settled(t, r)
	for _, id := range ids {
		enqueue(t, r, workroom.SetBookmark{Room: room, Message: id, Who: me, On: true})
	}
	tellAll(t, r, "here", ids, true)
	for typed, want := range map[string]string{"हनदी": "", "語本日": "", "한": "", "日語": "", "ทกวน": "", "is:bookmarked 語本日": "", "日本 話": "m11"} {
		hits(t, r, typed, want)
	}

	r = open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	ids = nil
	for _, c := range written {
		id := say(t, r, c.text)
		ids = append(ids, id)
		enqueue(t, r, workroom.SetBookmark{Room: room, Message: id, Who: me, On: true})
	}
	tellAll(t, r, "waiting", ids, true)
}

// I21, S-01: a copy whose index an earlier program filled is found in as one filled today, and says that it is not whole until it is.
func TestI21_IndexOfBeforeTheFold(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	r := open(t, path, manual())
	openRoom(t, r)
	var things []wire.Thing
	var ids []string
	for i, c := range written {
		ids = append(ids, fmt.Sprintf("m%02d", i))
		things = append(things, message(t, ids[i], int64(i+3), "you", c.text))
	}
	page(t, r, roomScope, things...)
	settled(t, r)
	must(t, r.Close())
	beforeTheFold(t, path)

	r = open(t, path, manual())
	if more, err := r.Indexing(ctx); err != nil || !more {
		t.Errorf("the index calls itself whole before it is filled: %v", err)
	}
	settled(t, r)
	if more, err := r.Indexing(ctx); err != nil || more {
		t.Errorf("the index is not whole: %v", err)
	}
	tellAll(t, r, "of before", ids, false)
	gone := message(t, ids[0], 100, "you", "")
	gone.Born, gone.Gone, gone.Body = 3, true, nil
	page(t, r, roomScope, gone)
	must(t, r.Close())
	if found := grep(t, path, "strasse", "Straße"); found != "" {
		t.Errorf("I11: what was deleted is still in %s", found)
	}
}

// I21, S-01: a copy of the program before migration 11 holds no emoji in its index; what has one is indexed anew, and nothing else.
func TestI21_IndexOfBeforeEmoji(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	r := open(t, path, manual())
	openRoom(t, r)
	page(t, r, roomScope, message(t, "m1", 3, "you", "the cake 🎂 is here"), message(t, "m2", 4, "you", "no cake, no ✓, no …"), message(t, "m3", 5, "you", "plain — “words” 日本語 ½ €"),
		message(t, "m4", 6, "you", "done :tada: at last"), message(t, "m5", 7, "you", ":x:"))
	settled(t, r)
	must(t, r.Close())
	db, err := sql.Open("sqlite3", dsn(path, writeQuery))
	must(t, err)
	for _, q := range []string{
		`UPDATE find SET text=replace(replace(text,'🎂 ',''),'✓ ','')`,
		`UPDATE find SET text=replace(replace(text,'🎉',''),'❌','')`,
		`DELETE FROM goose_db_version WHERE version_id>=11`,
	} {
		_, err := db.Exec(q)
		must(t, err)
	}
	must(t, db.Close())

	r = open(t, path, manual())
	var waits int
	must(t, r.read(ctx, func(l *link) error {
		_, err := l.scan(`SELECT count(*) FROM base WHERE look=1 AND kind IN ('message','file')`, nil, &waits)
		return err
	}))
	if waits != 4 {
		t.Errorf("%d messages are to be indexed anew, not the four with emoji, of which two by name", waits)
	}
	settled(t, r)
	for typed, want := range map[string]string{"🎂": "m1", "✓": "m2", "cake 🎂": "m1", "🎉": "m4", "❌": "m5", "🎈": "", "plain": "m3"} {
		hits(t, r, typed, want)
	}
}

// beforeTheFold makes the index of a copy what the program before migration 9 made of it: the text as it was written, cut by SQLite.
func beforeTheFold(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", dsn(path, writeQuery))
	must(t, err)
	defer db.Close()
	for _, q := range []string{
		`CREATE TABLE kept AS SELECT f.rowid AS at,json_extract(b.body,'$.text') AS text,f.tok,f.sc,f.kind,f.id FROM find f JOIN base b ON b.found=f.rowid`,
		`DROP TABLE find`,
		`DROP TABLE terms`,
		`CREATE VIRTUAL TABLE find USING fts5(text, tok, sc UNINDEXED, kind UNINDEXED, id UNINDEXED, tokenize='unicode61 remove_diacritics 2')`,
		`INSERT INTO find(find,rank) VALUES('secure-delete',1)`,
		`INSERT INTO find(rowid,text,tok,sc,kind,id) SELECT at,text,tok,sc,kind,id FROM kept`,
		`DROP TABLE kept`,
		`DELETE FROM goose_db_version WHERE version_id>=9`,
	} {
		_, err := db.Exec(q)
		must(t, err)
	}
}
