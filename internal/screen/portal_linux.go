package screen

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// portal takes pictures on Wayland, where only the compositor may, through
// org.freedesktop.portal.Screenshot. It gives one picture of everything and
// tells neither displays nor windows nor the pointer.
//
// Protocol: https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Screenshot.html
type portal struct{}

const (
	portalName    = "org.freedesktop.portal.Desktop"
	portalPath    = "/org/freedesktop/portal/desktop"
	portalRequest = "org.freedesktop.portal.Request"
	portalShot    = "org.freedesktop.portal.Screenshot"

	askingLimit  = 120 * time.Second // a person chooses in a dialog
	maxPortalPix = 200_000_000       // pixels we are willing to decode
)

// Displays returns one display for the whole desktop; its size is known only
// from a Shot.
func (*portal) Displays(context.Context) ([]Display, error) {
	return []Display{{ID: WholeDesktop, Name: "Whole desktop", Scale: 1, Primary: true}}, nil
}

// Windows is not possible on Wayland.
func (*portal) Windows(context.Context) ([]Window, error) { return nil, ErrUnsupported }

// Grab asks the portal without a dialog. In a context from Asking it goes on to
// ask with one, if that is refused; in any other it does not even start unless
// the person has allowed pictures before.
func (p *portal) Grab(ctx context.Context, want ...string) ([]Shot, *Pointer, error) {
	displays, _ := p.Displays(ctx)
	displays, err := pick(displays, want)
	if err != nil {
		return nil, nil, err
	}
	conn, err := sessionBus(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	if !asking(ctx) && !allowed(ctx, conn) {
		return nil, nil, ErrDenied
	}
	img, err := request(ctx, conn, false)
	if err != nil && asking(ctx) && !errors.Is(err, ErrCancelled) && ctx.Err() == nil {
		img, err = request(ctx, conn, true) // some compositors know only the dialog
	}
	if err != nil {
		return nil, nil, err
	}
	d := displays[0]
	d.Bounds = img.Rect
	return []Shot{{d, img, time.Now()}}, nil, nil
}

// sessionBus opens a connection of our own, because others close the shared one. A bus may accept and never answer: nobody waits for it longer
// than for a picture, and what comes of it after all is closed.
func sessionBus(ctx context.Context) (*dbus.Conn, error) {
	late := make(chan struct{})
	conn, err := within(ctx, func() (*dbus.Conn, error) {
		conn, err := dbus.ConnectSessionBus()
		if err != nil {
			return nil, fmt.Errorf("%w (connect to the session bus: %v)", ErrUnsupported, err)
		}
		select {
		case <-late:
			_ = conn.Close()
			return nil, ErrTimeout
		default:
			return conn, nil
		}
	})
	if err != nil {
		close(late)
	}
	return conn, err
}

// asking tells whether a grab may show a dialog.
func asking(ctx context.Context) bool { return ctx.Value(askingKey{}) != nil }

// allowed tells whether the person has said yes for good. The portal keeps that
// in the permission store, under an empty name for programs not in a sandbox.
func allowed(ctx context.Context, conn *dbus.Conn) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	store := conn.Object("org.freedesktop.impl.portal.PermissionStore", "/org/freedesktop/impl/portal/PermissionStore")
	var permissions map[string][]string
	var data dbus.Variant
	err := store.CallWithContext(ctx, "org.freedesktop.impl.portal.PermissionStore.Lookup", 0, "screenshot", "screenshot").Store(&permissions, &data)
	if err != nil {
		return false
	}
	answer := permissions[""]
	return len(answer) > 0 && answer[0] == "yes"
}

// request makes one request and waits for its answer.
func request(ctx context.Context, conn *dbus.Conn, interactive bool) (*image.RGBA, error) {
	wait := limit
	if interactive {
		wait = askingLimit
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()

	// Listen before asking: the answer may come before the call returns. The
	// path follows from our name on the bus and a token.
	token := "trestle_" + rand.Text()
	sender := strings.ReplaceAll(strings.TrimPrefix(conn.Names()[0], ":"), ".", "_")
	path := dbus.ObjectPath(portalPath + "/request/" + sender + "/" + token)
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	defer conn.RemoveSignal(signals)
	if err := listen(ctx, conn, path); err != nil {
		return nil, err
	}
	var handle dbus.ObjectPath
	err := conn.Object(portalName, portalPath).CallWithContext(ctx, portalShot+".Screenshot", 0, "", map[string]dbus.Variant{
		"handle_token": dbus.MakeVariant(token),
		"interactive":  dbus.MakeVariant(interactive),
		"modal":        dbus.MakeVariant(false),
	}).Store(&handle)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ended(ctx)
		}
		return nil, fmt.Errorf("%w (ask the desktop portal: %v)", ErrUnsupported, err)
	}
	if handle != path { // portals before 0.9 choose the path
		if err := listen(ctx, conn, handle); err != nil {
			return nil, err
		}
	}
	var owner string // only the portal itself may answer
	if err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, portalName).Store(&owner); err != nil {
		return nil, fmt.Errorf("find the desktop portal: %w", err)
	}
	for {
		select {
		case s := <-signals:
			if s == nil {
				return nil, fmt.Errorf("wait for the desktop portal: the session bus has gone")
			}
			if s.Name == portalRequest+".Response" && s.Sender == owner && (s.Path == path || s.Path == handle) {
				return answer(s)
			}
		case <-ctx.Done():
			conn.Object(portalName, handle).Go(portalRequest+".Close", dbus.FlagNoReplyExpected, nil)
			return nil, ended(ctx)
		}
	}
}

func listen(ctx context.Context, conn *dbus.Conn, path dbus.ObjectPath) error {
	if err := conn.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(path), dbus.WithMatchInterface(portalRequest)); err != nil {
		return fmt.Errorf("listen to the desktop portal: %w", err)
	}
	return nil
}

// answer reads a Response: a code and, for code 0, where the picture is.
func answer(s *dbus.Signal) (*image.RGBA, error) {
	var code uint32
	var results map[string]dbus.Variant
	if err := dbus.Store(s.Body, &code, &results); err != nil {
		return nil, fmt.Errorf("read the portal's answer: %w", err)
	}
	switch code {
	case 0:
	case 1:
		return nil, ErrCancelled
	default:
		return nil, ErrDenied
	}
	text, _ := results["uri"].Value().(string)
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || u.Path == "" {
		return nil, fmt.Errorf("read the portal's answer: it names no file")
	}
	return take(u.Path)
}

// take decodes the file the portal wrote for us and deletes it.
func take(name string) (*image.RGBA, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the portal's picture: %w", err)
	}
	defer os.Remove(name)
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("open the portal's picture: it is not a file")
	}
	cfg, err := png.DecodeConfig(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("read the portal's picture: %w", err)
	}
	if cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > maxPortalPix/cfg.Height {
		return nil, fmt.Errorf("read the portal's picture: %d × %d pixels", cfg.Width, cfg.Height)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return nil, fmt.Errorf("read the portal's picture: %w", err)
	}
	src, err := png.Decode(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("read the portal's picture: %w", err)
	}
	out := image.NewRGBA(image.Rect(0, 0, cfg.Width, cfg.Height))
	draw.Draw(out, out.Rect, image.Black, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, src, src.Bounds().Min, draw.Over)
	return out, nil
}
