// Relay is a way to a service that a browser journey can cut, mend and make slow: a plain TCP relay on this computer. The program that goes
// through it is the real one and knows nothing of it. It is a process of its own, because a journey stands still while a verb of the command
// line runs, and a Go program, because only what sets the sizes of its sockets' buffers can be slow: left alone they swallow a whole file.
// frontend/tests/wire.mjs starts it and nothing else does.
//
//	relay http://127.0.0.1:8400
//
// It is told what to do by lines of JSON on its standard input and answers each by one on its standard output; it ends with its input.
//
//	{"do":"url"}                              {"url":"http://127.0.0.1:40123"}, where it listens
//	{"do":"cut"}                              every connection ends, and each new one at once
//	{"do":"mend"}                             connections are relayed again
//	{"do":"slow","up":800000,"down":0}        so many bytes a second to and from the service, all connections together; 0 for no limit
//	{"do":"aged","version":"0.0.9"}           what the program is said to be, "" for what it says itself
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
)

type order struct {
	Do       string
	Up, Down int
	Version  string
}

type answer struct {
	URL string `json:"url,omitempty"`
}

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "relay:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: relay URL")
	}
	to, err := url.Parse(args[0])
	if err != nil || to.Port() == "" {
		return fmt.Errorf("no address with a port: %q", args[0])
	}
	r, err := open(to.Host)
	if err != nil {
		return err
	}
	defer r.close()
	say := json.NewEncoder(out)
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return fmt.Errorf("read an order: %w", err)
		}
		var a answer
		switch o.Do {
		case "url":
			a.URL = "http://" + r.addr()
		case "cut":
			r.cut()
		case "mend":
			r.mend()
		case "slow":
			r.up.set(o.Up)
			r.down.set(o.Down)
		case "aged":
			r.version.Store(&o.Version)
		default:
			return fmt.Errorf("no order called %q", o.Do)
		}
		if err := say.Encode(a); err != nil {
			return fmt.Errorf("answer an order: %w", err)
		}
	}
	return nil
}
