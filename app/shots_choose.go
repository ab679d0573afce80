package app

import (
	"errors"
	"log/slog"
	"os"
	"time"
)

// wipe removes the pictures of a shot from the disk.
func (h *shots) wipe(one *heldShot) {
	for _, id := range append(one.pictures(), one.ID) {
		if err := os.Remove(h.picturePath(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
			slog.Error("remove a screenshot", "error", traceOf(err))
		}
	}
}

// drop removes a held shot and its bytes.
func (h *shots) drop(one *heldShot) {
	h.mu.Lock()
	delete(h.list, one.ID)
	h.mu.Unlock()
	h.wipe(one)
	if err := os.Remove(h.notePath(one.ID)); err != nil && !errors.Is(err, os.ErrNotExist) {
		slog.Error("remove a screenshot", "error", traceOf(err))
	}
}

// remove deletes a held shot without a trace.
func (h *shots) remove(id string) error {
	one, err := h.find(id)
	if err != nil {
		return err
	}
	h.drop(one)
	return nil
}

// blur keeps nothing but the 32 × 18 seed.
func (h *shots) blur(id string) error {
	one, err := h.find(id)
	if err != nil {
		return err
	}
	gone := *one
	h.mu.Lock()
	one.Full, one.More, one.Shot.Seed, one.Shot.W, one.Shot.H = false, nil, one.Seed, 0, 0
	h.mu.Unlock()
	h.write(one) // first, so that a program that ends here blurs it at its next start (sweep)
	h.wipe(&gone)
	return nil
}

// release ends the waiting of a picture: the person saw it and keeps it.
func (h *shots) release(id string) error {
	one, err := h.find(id)
	if err != nil {
		return err
	}
	h.mu.Lock()
	one.Leaves = time.Now().UnixMilli()
	h.mu.Unlock()
	h.leave()
	return nil
}
