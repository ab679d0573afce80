package wire

import (
	"context"

	"trestle/internal/workroom"
)

// Meta asks what the service says of itself. It fails unless the answer's header and body name the same service.
func (c *Client) Meta(ctx context.Context) (*Meta, error) {
	m, err := OpMeta.Do(ctx, c, None{})
	if err == nil && (c.Service != "" && m.ID != c.Service) {
		return nil, &Error{Status: 200, Code: Unexpected, Retry: workroom.RetryLater, Text: "Another service answers at this address."}
	}
	return m, err
}

// SignUp makes an account and signs in to it.
func (c *Client) SignUp(ctx context.Context, in SignUp) (*Signed, error) {
	return OpSignUp.Do(ctx, c, in)
}

// SignIn asks for a token.
func (c *Client) SignIn(ctx context.Context, in SignIn) (*Signed, error) {
	return OpSignIn.Do(ctx, c, in)
}

// SignOut ends the token.
func (c *Client) SignOut(ctx context.Context) error {
	_, err := OpSignOut.Do(ctx, c, None{})
	return err
}

// Look shows what an invitation link offers.
func (c *Client) Look(ctx context.Context, secret string) (*Offer, error) {
	return OpLook.Do(ctx, c, Look{Secret: secret})
}

// Heads lists all roots the account may read. tag is HeadsTag of the caller's own cursors, or empty; if it still holds, Same is set.
func (c *Client) Heads(ctx context.Context, tag string) (*Heads, error) {
	in := HeadsIn{}
	if tag != "" {
		in.IfNoneMatch = `"` + tag + `"`
	}
	return OpHeads.Do(ctx, c, in)
}

// Open reads the present state of scopes.
func (c *Client) Open(ctx context.Context, in Open) (*OpenOut, error) { return OpOpen.Do(ctx, c, in) }

// Pull reads what changed in a scope.
func (c *Client) Pull(ctx context.Context, in Pull) (*Page, error) { return OpPull.Do(ctx, c, in) }

// Range reads a window of a room's history.
func (c *Client) Range(ctx context.Context, in Range) (*RangeOut, error) {
	return OpRange.Do(ctx, c, in)
}

// Things reads single things.
func (c *Client) Things(ctx context.Context, in ThingsOf) (*ThingsOut, error) {
	return OpThings.Do(ctx, c, in)
}

// Digest reads the digest of a part of a scope.
func (c *Client) Digest(ctx context.Context, in DigestIn) (*DigestOut, error) {
	return OpDigest.Do(ctx, c, in)
}

// Watch replaces the scopes whose rows a live connection is sent.
func (c *Client) Watch(ctx context.Context, in Watch) (*WatchOut, error) {
	return OpWatch.Do(ctx, c, in)
}

// Commands sends a batch.
func (c *Client) Commands(ctx context.Context, in Commands) (*CommandsOut, error) {
	return OpCommands.Do(ctx, c, in)
}
