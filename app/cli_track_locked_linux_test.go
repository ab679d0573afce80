package app

import (
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// coveredScreen is a screen saver that is over the screen.
type coveredScreen struct{}

func (coveredScreen) GetActive() (bool, *dbus.Error) { return true, nil }

// TestT11_VerbsAtALockedScreen: started from a script or from afar while the screen is locked, which it was before the program began, nothing
// is tracked, and the refusal says why and what to do; where the desktop is wrong about it, one word starts all the same. Once unlocked it
// starts as ever.
func TestT11_VerbsAtALockedScreen(t *testing.T) {
	t.Parallel()
	address := sessionBus(t)
	saver, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer saver.Close()
	const name, path = "org.freedesktop.ScreenSaver", dbus.ObjectPath("/org/freedesktop/ScreenSaver")
	if err := saver.Export(coveredScreen{}, path, name); err != nil {
		t.Fatal(err)
	}
	if _, err := saver.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	h := openHouse(t)
	p := realProgram(t)
	for i, e := range p.env {
		if strings.HasPrefix(e, "DBUS_SESSION_BUS_ADDRESS=") {
			p.env[i] = "DBUS_SESSION_BUS_ADDRESS=" + address
		}
	}
	p.must(secretOfTests+"\n", "sign-up", "--service", h.url, "--name", "Esme", "--email", "esme@x.example", "--password-stdin")
	p.must("", "contract", "create", "--title", "Otter Trails", "--rate", "40", "--shots", "none", "--self")
	const start = "track start --contract Otter_Trails --memo Draw"
	locked := asked{start, 1, "The screen of this computer is locked, and locked time is not counted. Unlock it and start again. " +
		"If it is not locked, add --unlocked. Nothing was started.", "screen_locked", ""}
	p.tell(t, locked, false)
	p.tell(t, locked, true)
	p.tell(t, asked{"track status", 0, "Not tracking.", "", "state=stopped"}, false)
	p.tell(t, asked{start + " --unlocked", 0, "Tracking Otter Trails, Draw", "", ""}, false)
	time.Sleep(1100 * time.Millisecond) // an empty slice is dropped
	p.tell(t, asked{"track pause", 0, "Paused Otter Trails", "", ""}, false)
	p.killHolder() // the next program finds the screen locked again
	p.tell(t, asked{"track resume", 1, "If it is not locked, add --unlocked. Nothing was started; what was tracked before is kept.", "screen_locked", ""}, false)
	if err := saver.Emit(path, name+".ActiveChanged", false); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is unlocked", func() bool { _, _, err := p.run("", "track", "resume"); return err == nil })
	p.tell(t, asked{"track status", 0, "Tracking Otter Trails, Draw", "", "state=tracking"}, true)
}
