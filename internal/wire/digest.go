package wire

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"trestle/internal/workroom"
)

// Digest is a sum over things that does not depend on their order: two copies with the same living things at the same versions have the
// same one. A thing's share is the first 8 bytes of SHA-256 over kind, id and seq; shares are added modulo 2⁶⁴. A tombstone has no share,
// so that a copy that never saw the thing, or that purged the tombstone, agrees; a copy that missed a deletion does not.
type Digest uint64

// ShareOf is what one living thing adds to a digest.
func ShareOf(kind workroom.Kind, id string, seq int64) Digest {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\t%s\t%d", kind, id, seq))
	return Digest(binary.BigEndian.Uint64(sum[:8]))
}

// String is the digest as it travels: 16 hex digits.
func (d Digest) String() string {
	return hex.EncodeToString(binary.BigEndian.AppendUint64(nil, uint64(d)))
}
