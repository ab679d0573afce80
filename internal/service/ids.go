package service

import (
	"encoding/hex"

	"github.com/google/uuid"
)

// newID is a new account's id: a UUIDv7, of the service's clock and chance where a source of it was given.
func (s *Service) newID() string {
	if s.cfg.Random == nil {
		return newID()
	}
	var b [16]byte
	ms := s.now().UnixMilli()
	for i := range 6 {
		b[i] = byte(ms >> (8 * (5 - i)))
	}
	if _, err := hex.Decode(b[6:], []byte(s.store.Chance(10))); err != nil {
		return newID() // cannot be: Chance is hex
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return uuid.UUID(b).String()
}
