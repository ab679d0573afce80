package app

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// Remote is the running copy of a data folder, seen from another process: the
// command line, or a second start.
type Remote struct {
	PID    int
	secret string
	client *http.Client
}

// Dial finds the running copy of a data folder. Nothing is sent yet; a copy that
// is gone is noticed by the first call.
func Dial(dirs Dirs) (*Remote, error) {
	note, err := readNote(dirs)
	if err != nil {
		return nil, fmt.Errorf("find the running copy: %w", err)
	}
	if note.Net != "unix" && note.Net != "tcp" {
		return nil, fmt.Errorf("find the running copy: it listens in an unknown way")
	}
	return &Remote{PID: note.PID, secret: note.Secret, client: &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, note.Net, note.Addr)
		},
	}}}, nil
}

// Call runs a bound method in the running copy, as Dispatcher.Call does here. A
// refusal comes back as a *Failure; any other error means that the copy was not
// reached.
func (r *Remote) Call(ctx context.Context, name string, in any) (json.RawMessage, error) {
	return r.post(ctx, "/call/"+name, in)
}

// Ready reports whether the running copy has opened its store and takes calls.
func (r *Remote) Ready(ctx context.Context) (bool, error) {
	value, err := r.post(ctx, "/ready", struct{}{})
	return string(value) == "true", err
}

// Show hands a start's arguments over; the running copy shows itself.
func (r *Remote) Show(ctx context.Context, args []string) error {
	_, err := r.post(ctx, "/show", map[string][]string{"args": args})
	return err
}

// errLost says that the running copy gave no whole answer: it ended, or was just ending.
var errLost = errors.New("no answer")

func (r *Remote) post(ctx context.Context, path string, in any) (json.RawMessage, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("ask the running copy: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://trestle"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("ask the running copy: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+r.secret)
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the running copy: %w: %w", errLost, err)
	}
	defer resp.Body.Close()
	var out struct {
		Value json.RawMessage `json:"value"`
		Error *Failure        `json:"error"`
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	if err == nil {
		err = json.Unmarshal(body, &out)
	}
	if err != nil {
		return nil, fmt.Errorf("ask the running copy: %w: %w", errLost, err)
	}
	if out.Error != nil {
		return nil, out.Error
	}
	return out.Value, nil
}

// sameSecret compares without telling by its time how much was right.
func sameSecret(got, want string) bool {
	return subtle.ConstantTimeCompare([]byte(got), []byte(want)) == 1
}
