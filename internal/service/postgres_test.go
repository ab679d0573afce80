package service

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/service/auth"
	"trestle/internal/service/pgtest"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// database is the address for a test's service: a new PostgreSQL database below TestPostgres, and everywhere with TRESTLE_TEST_DB=postgres,
// which is how the whole suite is run on it; else "", a file in the service's folder.
func database(t testing.TB) string {
	if strings.HasPrefix(t.Name(), "TestPostgres/") || os.Getenv("TRESTLE_TEST_DB") == "postgres" {
		return pgtest.New(t)
	}
	return ""
}

// inAFile keeps a test that is about SQLite's file on SQLite.
func inAFile(t *testing.T) { t.Setenv("TRESTLE_TEST_DB", "") }

// The stories and properties that lean on the database, on PostgreSQL. All others run there too in `make prove`.
func TestPostgres(t *testing.T) {
	for _, x := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"two people meet", TestU01_TwoPeopleMeetAndWrite},
		{"commit order", TestI1I2_CommitOrder},
		{"exactly once", TestI4_ExactlyOnce},
		{"lanes and edges", TestLanesAndEdges},
		{"poison", TestPoison},
		{"one bad command", TestOneBadCommandCostsNoOther},
		{"pull equals open", TestI3_PullEqualsOpen},
		{"nothing leaks", TestI10_NothingLeaksAfterTheEnd},
		{"forks", TestI15_ForkIsFound},
		{"jobs are done once", TestJobsAreDoneOnce},
		{"guessers wait", TestU02_GuessersWait},
		{"week marks", TestT06_WeekMark},
		{"windows", TestM22_Windows},
		{"uploads", TestM40_UploadResumes},
		{"uploads nobody names", TestM40_SweepUnnamed},
		{"named while given up", TestM40_NamedWhileGivenUp},
		{"readers never wait", TestReaderNeverWaits},
		{"malformed", TestF05_MalformedIsAnswered},
		{"deleted files", TestF11_DeletedBytesGo},
		{"one answer an absence", TestM34_OneAnswerAPersonAnAbsence},
		{"answers and a restart", TestM34_AnswersOutliveARestart},
		{"the same direct room", TestM01_MadeByBothIsOneRoom},
		{"members and what they read", TestM06_FromNowAndWholeHistory},
		{"new rooms a day", TestP25_NewRoomsADay},
		{"contact details", TestP01_TheServiceHoldsContactDetailsBack},
		{"accepting ends it", TestP06_AcceptingEndsIt},
		{"blocks", TestP24_OpenOffersAreWithdrawn},
		{"older offers", TestW33_OlderOffersLapse},
		{"reports", TestP21_WhatWasReportedIsKept},
		{"reports of the same id", TestP21_ReportsOfTheSameID},
		{"what came before", TestM06_WhatCameBeforeIsNotThere},
		{"receipts before the first", TestU08_ReceiptsBeforeTheFirst},
		{"weight of notepads", TestP25_NotepadsHaveAWeight},
		{"number of uploads and devices", TestP25_UploadsAndDevicesHaveAnEnd},
		{"deleted by two at once", TestF11_DeletedByTwoAtOnce},
		{"long absences", TestM34_LongAbsenceAnswersOnce},
	} {
		t.Run(x.name, x.run)
	}
}

// trigger makes the database refuse what a message of this text would write, until the answer is called.
func trigger(t *testing.T, s *Service, text string) (undo func()) {
	t.Helper()
	sql := func(list ...string) {
		t.Helper()
		err := s.store.Write(t.Context(), func(tx store.Tx) error {
			for _, q := range list {
				if _, err := tx.ExecContext(t.Context(), q); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if !s.store.Shared() {
		sql("CREATE TRIGGER broken BEFORE INSERT ON thing WHEN NEW.body LIKE '%" + text + "%' BEGIN SELECT RAISE(ABORT, 'broken'); END")
		return func() { sql("DROP TRIGGER broken") }
	}
	sql("CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''broken''; END'",
		"CREATE TRIGGER broken BEFORE INSERT ON thing FOR EACH ROW WHEN (NEW.body LIKE '%"+text+"%') EXECUTE FUNCTION broken()")
	return func() { sql("DROP TRIGGER broken ON thing") }
}

// I1 I4: two nodes over one database. Both take commands for the same room at once, also the same command at the same time: each has one
// effect, one number and one answer, and either node shows all of it.
func TestPostgres_TwoNodes(t *testing.T) {
	address := pgtest.New(t)
	one, c1 := start(t, Config{DB: address})
	two, c2 := start(t, Config{DB: address})
	if one.ID() != two.ID() || one.store.Epoch != two.store.Epoch {
		t.Fatal("two services, not two nodes of one")
	}
	anna := join(t, c1, "anna")
	o := offer(anna, "k1", "r1", secret)
	o.Self, o.Invitation = true, ""
	anna.does("k1", o)
	other := *anna.Client
	other.Base, other.HTTP = c2.Base, c2.HTTP
	const each = 60
	var all sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]wire.Result{}
	for _, node := range []*wire.Client{anna.Client, &other} {
		for d := range 4 {
			who := *anna
			who.Client = node
			all.Go(func() {
				for n := range each {
					id := fmt.Sprintf("m%d-%d", d, n) // the same ids on both nodes
					r := who.send(who.command(id, say("r1", id)))[0]
					mu.Lock()
					first, asked := answers[id]
					answers[id] = r
					mu.Unlock()
					if r.Status != wire.OK || len(r.Things) != 1 || asked && r.Things[0].Seq != first.Things[0].Seq {
						t.Errorf("%s: %+v, then %+v", id, first, r)
					}
				}
			})
		}
	}
	all.Wait()
	checkScope(t, one, "r:r1")
	for _, s := range []*Service{one, two} {
		err := s.store.Read(t.Context(), func(tx store.Tx) error {
			o, err := tx.Open(t.Context(), anna.id, "r:r1", 1)
			if o.Msgs != 4*each {
				t.Errorf("%d messages", o.Msgs)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// F-05: a service that cannot have its database says why in words, and without the password.
func TestPostgres_StartErrors(t *testing.T) {
	there := pgtest.New(t)
	u, err := url.Parse(there)
	must(t, err)
	u.User = url.UserPassword("nobody_of_that_name", "hunter2")
	for address, want := range map[string]struct {
		code workroom.Code
		word string
	}{
		"postgres://app:hunter2@127.0.0.1:1/x":              {DatabaseAway, "cannot be reached"},
		"postgres://app:hunter2@nowhere.invalid/x":          {DatabaseAway, "at postgres://nowhere.invalid/x cannot be reached"},
		"mysql://app:hunter2@h/x":                           {BadDatabase, "It is sqlite:PATH or postgres://"},
		"postgres://app:hunter2@h:port/":                    {BadDatabase, "It is sqlite:PATH or postgres://"},
		strings.Replace(there, "/postgres?", "/nosuch?", 1): {BadDatabase, "There is no such database"},
		u.String(): {BadDatabase, "does not let this user in"},
	} {
		_, err := New(Config{Data: t.TempDir(), DB: address})
		if refusal(err) != want.code || !strings.Contains(fmt.Sprint(err), want.word) || strings.Contains(fmt.Sprint(err), "hunter2") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := databaseTrouble(fmt.Errorf("open: %w", store.ErrCollation), there); refusal(err) != BadDatabase || !strings.Contains(err.Error(), "sorts text by a language") {
		t.Error(err)
	}
}

// U-02: guesses that arrive at the same moment are counted one after the other, although PostgreSQL runs their transactions side by side; and
// of several people who come first to a closed service one gets in.
func TestPostgres_AtTheSameMoment(t *testing.T) {
	address := pgtest.New(t)
	_, c := start(t, Config{DB: address})
	join(t, c, "anna")
	var all sync.WaitGroup
	var looked atomic.Int64
	// Somebody else holds the row of the count until many are waiting for it.
	outside := pgtest.Open(t, address)
	defer func() { _ = outside.Close() }()
	held, err := outside.Begin()
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.Sum256([]byte("anna@example.com"))
	if _, err := held.Exec(fmt.Sprintf("INSERT INTO attempt (k, n, since, last) VALUES ('in:%s', 0, 0, 0)", hex.EncodeToString(h[:12]))); err != nil {
		t.Fatal(err)
	}
	for range 40 {
		all.Go(func() {
			_, err := c.SignIn(t.Context(), wire.SignIn{Email: "anna@example.com", Password: "wrong wrong wrong", Device: "stranger"})
			switch code(err) {
			case workroom.BadInput, workroom.Busy: // let through, though there may have been no time to look
				looked.Add(1)
			case workroom.Rate:
			default:
				t.Error(err)
			}
		})
	}
	for waiting := 0; waiting < 12; time.Sleep(5 * time.Millisecond) {
		if err := outside.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	if err := held.Rollback(); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if n := looked.Load(); n == 0 || n > auth.PerAccount {
		t.Errorf("%d passwords were looked at, %d may be", n, auth.PerAccount)
	}
	closed, cc := start(t, Config{DB: pgtest.New(t)})
	closed.cfg.OpenJoin = false
	var in atomic.Int64
	for i := range 8 {
		all.Go(func() {
			_, err := cc.SignUp(t.Context(), wire.SignUp{Name: "First", Email: fmt.Sprintf("first%d@example.com", i), Password: goodPassword, Device: "d"})
			if err == nil {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("%d people were the first", in.Load())
	}
}
