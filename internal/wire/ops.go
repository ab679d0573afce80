package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// The operations.
var (
	OpMeta    = Get[None, Meta]("meta", "/v1/meta").ForAnyone()
	OpSignUp  = Post[SignUp, Signed]("sign-up", "/v1/sign-up").Max(16 << 10).ForAnyone()
	OpSignIn  = Post[SignIn, Signed]("sign-in", "/v1/sign-in").Max(16 << 10).ForAnyone()
	OpSignOut = Post[None, None]("sign-out", "/v1/sign-out").Max(1 << 10)
	OpLook    = Post[Look, Offer]("look", "/v1/invitations/look").Max(1 << 10).ForAnyone()

	OpHeads    = Get[HeadsIn, Heads]("heads", "/v1/heads")
	OpOpen     = Post[Open, OpenOut]("open", "/v1/open").Max(64 << 10)
	OpPull     = Get[Pull, Page]("pull", "/v1/scope/{scope}/pull")
	OpRange    = Get[Range, RangeOut]("range", "/v1/scope/{scope}/range")
	OpThings   = Get[ThingsOf, ThingsOut]("things", "/v1/scope/{scope}/things")
	OpDigest   = Get[DigestIn, DigestOut]("digest", "/v1/scope/{scope}/digest")
	OpWatch    = Post[Watch, WatchOut]("watch", "/v1/watch").Max(16 << 10)
	OpCommands = Post[Commands, CommandsOut]("commands", "/v1/commands").Max(MaxCommands).ThatWrites()

	OpNewFile  = Post[NewFile, NewFileOut]("new-file", "/v1/files").Max(64 << 10).ThatWrites()
	OpComplete = Post[FileOf, None]("complete", "/v1/files/{id}/complete").Max(1 << 10).ThatWrites()
	OpParts    = Get[FileOf, PartsOut]("parts", "/v1/files/{id}/parts")

	OpEvents   = raw("events", "GET", "/v1/events", 0)
	OpPutPart  = raw("put-part", "PUT", "/v1/parts/{space}/{sha}", PartSize)
	OpDownload = raw("download", "GET", "/v1/files/{id}", 0)
	OpThumb    = raw("thumb", "GET", "/v1/files/{id}/thumb", 0)
)

// Limits of a batch of commands.
const (
	MaxBatch    = 64        // commands
	MaxCommands = 256 << 10 // bytes
)

// MaxAcked is how many commands a pull may ask about.
const MaxAcked = 100

// Limits of the live channel.
const (
	MaxWatch = 32      // scopes of a connection
	MaxRows  = 8 << 10 // bytes of a frame with rows
)

// MaxDigest is how many born numbers the digest of a part of a scope may cover.
const MaxDigest = 10_000

// HeadsIn asks for the heads; IfNoneMatch is the tag the caller makes from its own cursors (HeadsTag), in quotes.
type HeadsIn struct {
	IfNoneMatch string `header:"If-None-Match"`
}

// HeadsTag names a state of all heads: the epoch and the first 8 bytes of SHA-256 over the sorted lines scope, gen, seq, tag (sync.md §5).
// A device makes it from its cursors; equal tags mean that there is nothing to pull. The random tag of each seq belongs to it because a
// database that was put back can come to the same numbers by another history. Who leaves it out is answered with the whole list.
func HeadsTag(epoch string, heads []Head) string {
	lines := make([]string, len(heads))
	for i, h := range heads {
		lines[i] = fmt.Sprintf("%s\t%d\t%d\t%s\n", h.Scope, h.Gen, h.Seq, h.Tag)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return epoch + "." + hex.EncodeToString(sum[:8])
}

func (h *Heads) tag() string { return HeadsTag(h.Epoch, h.Scopes) }
func (h *Heads) same() bool  { return h.Same }
