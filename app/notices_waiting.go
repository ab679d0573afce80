package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"

	"trestle/internal/workroom"
)

// What waits for the end of a pause (N-04) outlives the program: a digest that was due while it was closed is told at the next start.

// waitingFile says after which message of which rooms somebody is still to be told, in the account's folder.
const waitingFile = "notices.json"

// resume looks again at the messages that waited when the program ended.
func (n *noticeBoard) resume() {
	b, err := os.ReadFile(filepath.Join(n.s.dir, waitingFile))
	if err == nil {
		err = json.Unmarshal(b, &n.kept)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		slog.Warn("read which notices wait", "error", traceOf(err))
	}
	if n.kept == nil {
		n.kept = map[workroom.RoomID]int64{}
	}
	for room, after := range n.kept {
		if top, here := n.seen[room]; here && after >= 0 && after < top {
			n.seen[room] = after
			n.wake(workroom.RoomScope(room))
		}
	}
}

// keep writes down what waits, when that is another than before.
func (n *noticeBoard) keep() {
	maps.DeleteFunc(n.after, func(room workroom.RoomID, _ int64) bool { return !n.desk.Waits(string(room)) })
	want := n.after
	if !n.desk.Pauses() { // it is told in a moment
		want = nil
	}
	if maps.Equal(want, n.kept) {
		return
	}
	if err := n.write(want); err != nil {
		slog.Warn("keep which notices wait", "error", traceOf(err))
		return
	}
	n.kept = maps.Clone(want)
}

func (n *noticeBoard) write(after map[workroom.RoomID]int64) error {
	path := filepath.Join(n.s.dir, waitingFile)
	if len(after) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("forget which notices wait: %w", err)
		}
		return nil
	}
	b, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("write down which notices wait: %w", err)
	}
	return writeWhole(path, b, 0o600)
}
