package proof

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"trestle/internal/blob"
	"trestle/internal/courier"
	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// trap strikes at one failpoint of a child: an error there, twice; the end of the process; or a hang of a second and a half. It is set by
// a file that is there and written down in another, so that the parent decides when, and knows afterwards.
type trap struct {
	Point string
	Mode  string // error, crash, hang
	Set   string // it strikes while this file is there
	Hits  string // gets a byte for each strike
	Skip  int    // how often a process passes before it strikes
}

var errStruck = errors.New("struck by a failpoint")

// at is a Fail function for points of a package.
func (p *trap) at(prefix string) func(string) error {
	var mu sync.Mutex
	return func(point string) error {
		if prefix+point != p.Point {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if _, err := os.Stat(p.Set); err != nil {
			return nil
		}
		if p.Skip--; p.Skip >= 0 {
			return nil
		}
		f, err := os.OpenFile(p.Hits, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		f.Write([]byte{'x'})
		info, err := f.Stat()
		f.Close()
		if err != nil || p.Mode != "error" || info.Size() >= 2 {
			os.Remove(p.Set)
		}
		switch p.Mode {
		case "crash":
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				self.Kill()
			}
			select {}
		case "hang":
			time.Sleep(1500 * time.Millisecond)
			return nil
		}
		return errStruck
	}
}

// handOrders tell a child to be a desktop that does what its standard input says.
type handOrders struct {
	Dir, URL, Device string
	Signed           wire.Signed
	Trap             trap
}

// handOrder is one line for it, said what it answers.
type (
	handOrder struct {
		Do, Text string
		Room     workroom.RoomID
	}
	said struct {
		Err   string
		Texts []string
	}
)

func handChild(raw json.RawMessage) error {
	var o handOrders
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	blobs, err := blob.Open(filepath.Join(o.Dir, "blobs"))
	if err != nil {
		return err
	}
	rep, err := replica.Open(filepath.Join(o.Dir, "copy.db"), replica.Options{Service: o.Signed.Service, Account: o.Signed.Account, Device: o.Device,
		Drop: blobs.Remove, Fail: o.Trap.at("replica.")})
	if err != nil {
		return err
	}
	c := courier.New(courier.Options{Replica: rep, Blobs: blobs, Client: &wire.Client{Base: o.URL, Token: o.Signed.Token, Service: o.Signed.Service, Version: "0.1.0"},
		Fail: o.Trap.at("courier.")})
	ctx, cancel := context.WithCancel(bg)
	defer cancel()
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx) }()
	say := func(s said) { json.NewEncoder(os.Stdout).Encode(s) }
	say(said{})
	d := &desk{rep: rep, blobs: blobs, c: c}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var x handOrder
		if err := json.Unmarshal(in.Bytes(), &x); err != nil {
			return err
		}
		if x.Do == "stop" {
			cancel()
			<-ended
			err := rep.Close()
			say(said{Err: text(err)})
			return nil
		}
		texts, err := d.hand(x)
		say(said{text(err), texts})
	}
	return in.Err()
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// hand does one thing a person or the parent asks for.
func (d *desk) hand(x handOrder) ([]string, error) {
	switch x.Do {
	case "say":
		_, err := d.rep.Enqueue(bg, workroom.SendMessage{Room: x.Room, Text: x.Text}, replica.EnqueueOpts{})
		return nil, err
	case "file":
		return nil, d.sayWithFile(x.Room, x.Text, []byte(x.Text+" as bytes"))
	case "watch":
		d.c.Watch(workroom.RoomScope(x.Room))
		return nil, nil
	case "older":
		_, err := d.c.Older(bg, workroom.RoomScope(x.Room))
		return nil, err
	case "backup":
		_, err := d.rep.BackUp(bg, replica.BackupByHand)
		return nil, err
	case "sync":
		ctx, cancel := context.WithTimeout(bg, 60*time.Second)
		defer cancel()
		return nil, d.c.Drain(ctx)
	case "refused":
		items, err := d.rep.NotSent(bg)
		var out []string
		for _, i := range items {
			out = append(out, fmt.Sprintf("%s %s %s", i.Op, i.Code, i.Args))
		}
		return out, err
	}
	return nil, fmt.Errorf("no such order: %s", x.Do)
}

// faultyOrders tell a child to be a service with a trap.
type faultyOrders struct {
	Data   string
	Trap   trap
	Chores bool // it prunes and compacts all the time, as if months had gone by, once its trap was set
}

func faultyChild(raw json.RawMessage) error {
	var o faultyOrders
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	svc, err := service.New(service.Config{Data: o.Data, OpenJoin: true, Limits: unlimited, Fail: o.Trap.at("")})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go svc.Run(bg)
	if o.Chores {
		go func() {
			for ; ; time.Sleep(50 * time.Millisecond) {
				_, set := os.Stat(o.Trap.Set)
				_, hit := os.Stat(o.Trap.Hits)
				if set == nil || hit == nil {
					svc.Prune(bg, time.Now().Add(70*24*time.Hour)) // what is struck is done again
					svc.Compact(bg, time.Now().Add(100*24*time.Hour))
				}
			}
		}()
	}
	fmt.Println("http://" + l.Addr().String())
	return http.Serve(l, svc)
}
