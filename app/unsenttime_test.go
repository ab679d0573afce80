package app

import (
	"strings"
	"testing"
	"time"
)

// T-21: time that was not sent comes as a file that a person can read and that is taken in again, to the second.
func TestT21_UnsentTimeComesBack(t *testing.T) {
	t.Parallel()
	h, c, k := byHand(t)
	if _, err := (&Outbox{c}).Time(); AsFailure(err).Code != CodeBadInput {
		t.Errorf("without any: %v", err)
	}
	h.stop()
	worktime(t, c, k[0], "", "=tracked, offline", 3*time.Hour, 607)
	from := time.Now().Add(-time.Hour).Truncate(time.Minute)
	if _, err := (&Diary{c}).AddManual(ManualIn{Contract: k[0], From: from.UnixMilli(), To: from.Add(5 * time.Minute).UnixMilli(), Memo: "by hand"}); err != nil {
		t.Fatal(err)
	}
	file, err := (&Outbox{c}).Time()
	if err != nil || !strings.Contains(file.Text, "00:10:07") || !strings.Contains(file.Text, "by hand") {
		t.Fatalf("%v\n%s", err, file.Text)
	}
	x := &Imports{c: c}
	v := looked(t, x, ImportIn{ID: handed(t, c, x, file.Text)})
	if v.Layout != "trestle" || v.All != 2 || v.Refused != 2 || v.Rows[0].Reason != "overlap" || v.Rows[0].Memo != "=tracked, offline" || v.Rows[0].Seconds != 607 {
		t.Errorf("where it lies still: %+v", v.Rows)
	}
	c.Close() // this computer is lost
	h.again()
	other, err := OpenCore(CoreOptions{Dirs: testDirs(t), Face: "cli"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.Close)
	if _, err := (&Start{other}).SignIn(SignInIn{Address: h.url, Email: "esme@x.example", Password: secretOfTests}); err != nil {
		t.Fatal(err)
	}
	arrived(t, other)
	x = &Imports{c: other}
	in := ImportIn{ID: handed(t, other, x, file.Text)}
	if v := looked(t, x, in); v.Add != 2 || v.Seconds != 907 {
		t.Errorf("on another computer: %+v", v)
	}
}
