package notify

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/godbus/dbus/v5"
)

// N-08: a service that comes after the program is found, one that leaves is said, and the next one shows notices of its own: what it can do
// is asked anew, and nothing replaces what the one before showed.
func TestN08_AServiceComesAndLeaves(t *testing.T) {
	privateBus(t)
	changed := make(chan error, 8)
	b, err := Connect(context.Background(), Program{Name: "Trestle", Changed: func(err error) { changed <- err }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	wantUnavailable(t, b.Missing())
	show := func(s *service) shown {
		t.Helper()
		if err := b.Show(context.Background(), Notice{Key: "a"}, Button{"default", "Open"}); err != nil {
			t.Fatal(err)
		}
		return <-s.calls
	}

	first := startService(t)
	if err := <-changed; err != nil || b.Missing() != nil {
		t.Fatalf("came: %v, %v", err, b.Missing())
	}
	if got := show(first); len(got.Actions) != 0 {
		t.Errorf("buttons for a service that has none: %q", got.Actions)
	}
	if again := show(first); again.Replaces == 0 {
		t.Error("its own notice is not replaced")
	}
	_ = first.conn.Close()
	wantUnavailable(t, <-changed)
	wantUnavailable(t, b.Missing())

	second := startService(t, "actions")
	if err := <-changed; err != nil {
		t.Fatal(err)
	}
	if got := show(second); got.Replaces != 0 || len(got.Actions) != 2 {
		t.Errorf("%+v", got)
	}
	if err := b.conn.Close(); err != nil {
		t.Fatal(err)
	}
	<-b.Ended()
}

// N-08: a service that the bus starts when it is needed, and that ends when it has nothing to do, has not left.
func TestN08_AServiceThatEndsWhenIdle(t *testing.T) {
	services := privateBus(t)
	text := "[D-BUS Service]\nName=" + notifications + "\nExec=/bin/false\n" // it is never run: the test has the name
	if err := os.WriteFile(filepath.Join(services, notifications+".service"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startService(t)
	if err := s.conn.BusObject().Call(busName+".ReloadConfig", 0).Err; err != nil {
		t.Fatal(err)
	}
	changed := make(chan error, 8)
	b, err := Connect(context.Background(), Program{Name: "Trestle", Changed: func(err error) { changed <- err }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	if reply, err := s.conn.ReleaseName(notifications); err != nil || reply != dbus.ReleaseNameReplyReleased {
		t.Fatal(reply, err)
	}
	if err := <-changed; err != nil || b.Missing() != nil {
		t.Errorf("it is said to have left: %v, %v", err, b.Missing())
	}
}
