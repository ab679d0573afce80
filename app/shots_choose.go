package app

import (
	"errors"
	"log/slog"
	"os"
	"time"
)

// wipe removes the pictures of a shot from the disk, and for good: a power cut does not bring them back.
func (h *shots) wipe(one *heldShot) {
	for _, id := range append(one.pictures(), one.ID) {
		removeShot(h.picturePath(id))
	}
	syncDir(h.dir)
}

func removeShot(path string) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		slog.Error("remove a screenshot", "error", traceOf(err))
	}
}

// drop removes a held shot and its bytes. The note goes first: a picture without one is removed at the next start (sweep).
func (h *shots) drop(one *heldShot) {
	h.mu.Lock()
	delete(h.list, one.ID)
	h.mu.Unlock()
	removeShot(h.notePath(one.ID))
	syncDir(h.dir)
	h.wipe(one)
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
	if err := h.write(one); err != nil { // first, so that a program that ends here blurs it at its next start (sweep)
		h.mu.Lock()
		one.Full, one.More, one.Shot.Seed, one.Shot.W, one.Shot.H = true, gone.More, gone.Shot.Seed, gone.Shot.W, gone.Shot.H
		h.mu.Unlock()
		return Fail("disk", "The blurred screenshot could not be written: "+reason(err).Error()+". It is as it was; make room on the disk, or delete it.")
	}
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
