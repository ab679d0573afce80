//go:build linux

package screen

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"image"
	"image/color"
	"image/png"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// fakePortal is a desktop portal on a session bus of the test's own. Each
// request goes to behave, which answers it or not.
type fakePortal struct {
	conn       *dbus.Conn
	file       string // the picture, made anew for each test
	permission []string
	behave     func(p *fakePortal, path dbus.ObjectPath, interactive bool)
	mu         sync.Mutex
	asked      []bool // interactive, one a request
	closed     chan dbus.ObjectPath
	oldPath    bool // choose the request's path as portals before 0.9 did
}

// Screenshot is the portal's method.
func (p *fakePortal) Screenshot(sender dbus.Sender, _ string, options map[string]dbus.Variant) (dbus.ObjectPath, *dbus.Error) {
	token, _ := options["handle_token"].Value().(string)
	if token == "" {
		return "", dbus.MakeFailedError(errors.New("the token is not a string"))
	}
	interactive, _ := options["interactive"].Value().(bool)
	p.mu.Lock()
	p.asked = append(p.asked, interactive)
	p.mu.Unlock()
	name := strings.ReplaceAll(strings.TrimPrefix(string(sender), ":"), ".", "_")
	if p.oldPath {
		token = "t1"
	}
	path := dbus.ObjectPath(portalPath + "/request/" + name + "/" + token)
	if err := p.conn.Export(fakeRequest{p, path}, path, portalRequest); err != nil {
		return "", dbus.MakeFailedError(err)
	}
	if p.oldPath {
		time.AfterFunc(200*time.Millisecond, func() { p.behave(p, path, interactive) })
	} else {
		p.behave(p, path, interactive)
	}
	return path, nil
}

// Lookup is the permission store's method.
func (p *fakePortal) Lookup(table, id string) (map[string][]string, dbus.Variant, *dbus.Error) {
	if p.permission == nil || table != "screenshot" || id != "screenshot" {
		return nil, dbus.MakeVariant(""), dbus.NewError("org.freedesktop.portal.Error.NotFound", nil)
	}
	return map[string][]string{"": p.permission}, dbus.MakeVariant(byte(0)), nil
}

// requests lists what was asked for so far.
func (p *fakePortal) requests() []bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func (p *fakePortal) respond(path dbus.ObjectPath, code uint32, results map[string]dbus.Variant) {
	_ = p.conn.Emit(path, portalRequest+".Response", code, results)
}

func (p *fakePortal) uri() map[string]dbus.Variant {
	return map[string]dbus.Variant{"uri": dbus.MakeVariant("file://" + p.file)}
}

type fakeRequest struct {
	p    *fakePortal
	path dbus.ObjectPath
}

// Close is the request's method.
func (r fakeRequest) Close() *dbus.Error {
	r.p.closed <- r.path
	return nil
}

// startPortal puts the portal on a bus of its own and points the environment to it.
func startPortal(t *testing.T, p *fakePortal) {
	t.Helper()
	path, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("dbus-daemon is not installed: the Wayland portal is not tested")
	}
	cmd := exec.Command(path, "--session", "--nofork", "--print-address=1", "--address=unix:dir="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	t.Setenv("WAYLAND_DISPLAY", "wayland-test")
	p.file, p.closed = filepath.Join(t.TempDir(), "Screenshot.png"), make(chan dbus.ObjectPath, 4)
	img := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	img.SetNRGBA(3, 4, color.NRGBA{1, 2, 3, 255})
	img.SetNRGBA(5, 6, color.NRGBA{9, 9, 9, 0})
	f, err := os.Create(p.file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	p.conn, err = dbus.ConnectSessionBus()
	p.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.conn.Close() })
	for _, e := range []error{
		p.conn.Export(p, portalPath, portalShot),
		p.conn.Export(p, "/org/freedesktop/impl/portal/PermissionStore", "org.freedesktop.impl.portal.PermissionStore"),
	} {
		if e != nil {
			t.Fatal(e)
		}
	}
	for _, name := range []string{portalName, "org.freedesktop.impl.portal.PermissionStore"} {
		if _, err := p.conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
			t.Fatal(err)
		}
	}
}

func openedPortal(t *testing.T) *portal {
	t.Helper()
	g, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	p, ok := g.(*portal)
	if !ok {
		t.Fatalf("on Wayland Open chose %T", g)
	}
	return p
}

func gone(t *testing.T, name string) {
	t.Helper()
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the portal's file is still there: %v", err)
	}
}

// TestPortalGivesThePicture: also when the answer comes before the call
// returns, and when an old portal chooses the path.
func TestPortalGivesThePicture(t *testing.T) {
	for _, old := range []bool{false, true} {
		f := &fakePortal{oldPath: old, permission: []string{"yes"}, behave: func(p *fakePortal, path dbus.ObjectPath, _ bool) {
			p.respond(path+"x", 0, nil) // somebody else's
			p.respond(path, 0, p.uri())
		}}
		startPortal(t, f)
		shots, pointer, err := openedPortal(t).Grab(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(shots) != 1 || pointer != nil || shots[0].Bounds != image.Rect(0, 0, 40, 20) {
			t.Fatalf("%+v, pointer %v", shots, pointer)
		}
		img := shots[0].Image
		if !img.Opaque() || img.RGBAAt(3, 4) != (color.RGBA{1, 2, 3, 255}) {
			t.Errorf("opaque %v, pixel %v", img.Opaque(), img.RGBAAt(3, 4))
		}
		gone(t, f.file)
		if len(f.requests()) != 1 || f.requests()[0] {
			t.Errorf("asked %v, want once without a dialog", f.requests())
		}
	}
}

func TestContractPortal(t *testing.T) {
	f := &fakePortal{permission: []string{"yes"}, behave: func(p *fakePortal, path dbus.ObjectPath, _ bool) {
		data, err := os.ReadFile(p.file)
		if err != nil {
			p.respond(path, 2, nil)
			return
		}
		name := filepath.Join(filepath.Dir(p.file), rand.Text()+".png") // a new one for each request
		_ = os.WriteFile(name, data, 0o600)
		p.respond(path, 0, map[string]dbus.Variant{"uri": dbus.MakeVariant("file://" + name)})
	}}
	startPortal(t, f)
	contract(t, openedPortal(t))
}

// TestPortalNeverAsksUninvited: the diary must not make a dialog appear.
func TestPortalNeverAsksUninvited(t *testing.T) {
	for _, permission := range [][]string{nil, {}, {"no"}, {"ask"}} {
		f := &fakePortal{permission: permission, behave: func(p *fakePortal, path dbus.ObjectPath, _ bool) { p.respond(path, 0, p.uri()) }}
		startPortal(t, f)
		if _, _, err := openedPortal(t).Grab(t.Context()); !errors.Is(err, ErrDenied) {
			t.Errorf("permission %v: %v", permission, err)
		}
		if len(f.requests()) != 0 {
			t.Errorf("permission %v: the portal was asked", permission)
		}
	}
}

func TestPortalAnswers(t *testing.T) {
	tests := []struct {
		name    string
		code    uint32
		results map[string]dbus.Variant
		want    error
		asked   int
	}{
		{"cancelled", 1, nil, ErrCancelled, 1},
		{"refused even by dialog", 2, nil, ErrDenied, 2},
		{"no uri", 0, nil, nil, 2},
		{"uri is a number", 0, map[string]dbus.Variant{"uri": dbus.MakeVariant(uint32(7))}, nil, 2},
		{"not a file", 0, map[string]dbus.Variant{"uri": dbus.MakeVariant("https://example.org/a.png")}, nil, 2},
		{"another computer", 0, map[string]dbus.Variant{"uri": dbus.MakeVariant("file://host/a.png")}, nil, 2},
		{"missing file", 0, map[string]dbus.Variant{"uri": dbus.MakeVariant("file:///nowhere/a.png")}, nil, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &fakePortal{behave: func(p *fakePortal, path dbus.ObjectPath, _ bool) { p.respond(path, tt.code, tt.results) }}
			startPortal(t, f)
			shots, _, err := openedPortal(t).Grab(Asking(t.Context()))
			if err == nil || shots != nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			if len(f.requests()) != tt.asked {
				t.Errorf("asked %v, want %d times", f.requests(), tt.asked)
			}
		})
	}
}

// TestPortalDialogAfterRefusal: some compositors give a picture only by dialog.
func TestPortalDialogAfterRefusal(t *testing.T) {
	f := &fakePortal{behave: func(p *fakePortal, path dbus.ObjectPath, interactive bool) {
		if interactive {
			p.respond(path, 0, p.uri())
		} else {
			p.respond(path, 2, nil)
		}
	}}
	startPortal(t, f)
	shots, _, err := openedPortal(t).Grab(Asking(t.Context()))
	if err != nil || len(shots) != 1 || len(f.requests()) != 2 {
		t.Errorf("%d shots, asked %v, %v", len(shots), f.requests(), err)
	}
	gone(t, f.file)
}

// TestPortalSilent: a portal that never answers is given up and told so.
func TestPortalSilent(t *testing.T) {
	f := &fakePortal{permission: []string{"yes"}, behave: func(*fakePortal, dbus.ObjectPath, bool) {}}
	startPortal(t, f)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if _, _, err := openedPortal(t).Grab(ctx); !errors.Is(err, ErrTimeout) {
		t.Errorf("%v", err)
	}
	select {
	case <-f.closed:
	case <-time.After(time.Minute):
		t.Error("the request was not closed")
	}
}

// TestPortalMissing: a desktop without a portal is named as such.
func TestPortalMissing(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "wayland-test")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	if _, _, err := openedPortal(t).Grab(Asking(t.Context())); !errors.Is(err, ErrUnsupported) {
		t.Errorf("%v", err)
	}
	if _, err := openedPortal(t).Windows(t.Context()); !errors.Is(err, ErrUnsupported) {
		t.Errorf("windows: %v", err)
	}
}

// A bus that accepts and never answers holds nobody up longer than a picture may take, and so not the end of the program either.
func TestPortalBehindASilentBus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, _, err := (&portal{}).Grab(ctx)
		ended <- err
	}()
	select {
	case err := <-ended:
		if !errors.Is(err, ErrTimeout) {
			t.Errorf("got %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it waits for the bus for ever")
	}
}
