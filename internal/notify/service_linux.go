package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// This file is the way to the notification service: a session bus, and on it a service that may come late, leave, and come again.

// dial opens a connection within callLimit; one that comes too late is closed.
func dial(ctx context.Context, address string) (*dbus.Conn, error) {
	type result struct {
		conn *dbus.Conn
		err  error
	}
	done := make(chan result, 1)
	go func() {
		open := dbus.SessionBusPrivateNoAutoStartup
		if address != "" {
			open = func(o ...dbus.ConnOption) (*dbus.Conn, error) { return dbus.Dial(address, o...) }
		}
		conn, err := open()
		if err == nil {
			if err = conn.Auth(nil); err == nil {
				err = conn.Hello()
			}
			if err != nil {
				_ = conn.Close()
			}
		}
		done <- result{conn, err}
	}()
	ctx, stop := context.WithTimeout(ctx, callLimit)
	defer stop()
	select {
	case r := <-done:
		return r.conn, r.err
	case <-ctx.Done():
		go func() {
			if r := <-done; r.err == nil {
				_ = r.conn.Close()
			}
		}()
		return nil, ctx.Err()
	}
}

// Missing is nil while a notification service is there, else an *Unavailable error.
func (b *Bus) Missing() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.missing
}

// Ended is closed when the session bus is gone.
func (b *Bus) Ended() <-chan struct{} { return b.ended }

// meet asks the service what it can do, which starts one where the desktop has one to start.
func (b *Bus) meet(ctx context.Context) error {
	var can []string
	err := b.call(ctx, "GetCapabilities").Store(&can)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.missing, b.buttons, b.inline = nil, false, false
	if err != nil {
		b.missing = &Unavailable{fmt.Errorf("ask what the service can do: %w", err)}
		return b.missing
	}
	for _, c := range can {
		b.buttons = b.buttons || c == "actions"
		b.inline = b.inline || c == inlineReply
	}
	return nil
}

// owner takes in that the service's name went from one program to another, "" for none. What the one before showed is gone with it.
func (b *Bus) owner(now string) {
	b.order.Lock()
	b.mu.Lock()
	clear(b.ids)
	b.mu.Unlock()
	b.order.Unlock()
	var err error
	if now != "" {
		err = b.meet(context.Background())
	} else if !b.startable() {
		err = &Unavailable{errors.New("the notification service left")}
		b.mu.Lock()
		b.missing = err
		b.mu.Unlock()
	}
	if b.program.Changed != nil {
		b.program.Changed(err)
	}
}

// startable reports whether the bus starts a service for the next notice, so that one that ended because it had nothing to do is none that left.
func (b *Bus) startable() bool {
	ctx, stop := context.WithTimeout(context.Background(), callLimit)
	defer stop()
	var names []string
	err := b.conn.BusObject().CallWithContext(ctx, busName+".ListActivatableNames", 0).Store(&names)
	return err == nil && slices.Contains(names, notifications)
}
