package wire

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"trestle/internal/workroom"
)

// PieceSize is the longest piece of a part that the service takes when a part is resumed in its middle, in bytes.
const PieceSize = 1 << 20

// NewFile announces an upload, or asks again what is missing of it.
func (c *Client) NewFile(ctx context.Context, in NewFile) (*NewFileOut, error) {
	return OpNewFile.Do(ctx, c, in)
}

// PutPart sends one part; sha is its SHA-256 in hex. Sending a part that is there already is no error.
func (c *Client) PutPart(ctx context.Context, space, sha string, part []byte) error {
	return c.SendPart(ctx, space, sha, bytes.NewReader(part), int64(len(part)), nil)
}

// SendPart sends one part of size bytes as it is read, so that it need not be held. sent is told how many bytes more went out; nil for
// nobody. It has no limit of time as long as bytes go out.
func (c *Client) SendPart(ctx context.Context, space, sha string, part io.Reader, size int64, sent func(n int)) error {
	return c.putPart(ctx, space, sha, part, size, nil, sent)
}

// SendPiece sends n bytes, at most PieceSize, of a part of size bytes from byte at on: how a part goes on that broke off in its middle. The
// last piece makes the part whole. The service says in NewFileOut.Held how much of a part it has.
func (c *Client) SendPiece(ctx context.Context, space, sha string, at, n, size int64, piece io.Reader, sent func(n int)) error {
	return c.putPart(ctx, space, sha, piece, n, http.Header{"Content-Range": {fmt.Sprintf("bytes %d-%d/%d", at, at+n-1, size)}}, sent)
}

func (c *Client) putPart(ctx context.Context, space, sha string, body io.Reader, size int64, head http.Header, sent func(int)) error {
	ctx, moving := whileMoving(ctx)
	defer moving.end()
	path := fill(fill(OpPutPart.Path, "space", url.PathEscape(space)), "sha", url.PathEscape(sha))
	if head == nil {
		head = http.Header{}
	}
	head.Set("Content-Type", "application/octet-stream")
	res, err := c.sendSized(ctx, OpPutPart.Method, path, head, &counted{r: io.LimitReader(body, size), moving: moving, told: sent}, size)
	if err != nil {
		return err
	}
	defer drop(res.Body)
	if e := c.check(res, "application/json"); e != nil {
		return e
	}
	return done(res)
}

// Stall is how long bytes of a file may stand still before the connection is given up.
const Stall = 60 * time.Second

// moving ends a request whose bytes stand still.
type moving struct {
	timer  *time.Timer
	cancel context.CancelFunc
}

func whileMoving(ctx context.Context) (context.Context, *moving) {
	ctx, cancel := context.WithCancel(ctx)
	return ctx, &moving{time.AfterFunc(Stall, cancel), cancel}
}

func (m *moving) on() { m.timer.Reset(Stall) }

func (m *moving) end() {
	m.timer.Stop()
	m.cancel()
}

// counted tells of the bytes that are read.
type counted struct {
	r      io.Reader
	moving *moving
	told   func(int)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.moving.on()
	if c.told != nil && n > 0 {
		c.told(n)
	}
	return n, err
}

// Parts says what a file is made of.
func (c *Client) Parts(ctx context.Context, id workroom.FileID) (*PartsOut, error) {
	return OpParts.Do(ctx, c, FileOf{ID: id})
}

// Complete says that all parts of a file are there. From then on commands may name it.
func (c *Client) Complete(ctx context.Context, id workroom.FileID) error {
	_, err := OpComplete.Do(ctx, c, FileOf{ID: id})
	return err
}

// Download reads a file from byte from on. The caller closes the reader; size is that of the whole file. It has no limit of time as long as
// bytes come in.
func (c *Client) Download(ctx context.Context, id workroom.FileID, from int64) (body io.ReadCloser, size int64, err error) {
	head := http.Header{"Accept": {"*/*"}}
	if from > 0 {
		head.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	ctx, moving := whileMoving(ctx)
	res, err := c.send(ctx, OpDownload.Method, fill(OpDownload.Path, "id", url.PathEscape(string(id))), nil, head, nil)
	if err != nil {
		moving.end()
		return nil, 0, err
	}
	refuse := func(e error) (io.ReadCloser, int64, error) {
		drop(res.Body)
		moving.end()
		return nil, 0, e
	}
	if e := c.check(res, ""); e != nil {
		return refuse(e)
	}
	size = res.ContentLength
	if from > 0 {
		var first, last int64
		n, _ := fmt.Sscanf(res.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &size)
		if res.StatusCode != http.StatusPartialContent || n != 3 || first != from {
			return refuse(&Error{Status: res.StatusCode, Code: Unexpected, Retry: workroom.RetryLater, Text: "The service sent another part of the file than asked."})
		}
	}
	return &download{counted{r: res.Body, moving: moving}, res.Body}, size, nil
}

// download is the body of an answer that may take as long as it moves.
type download struct {
	counted
	body io.Closer
}

func (d *download) Close() error {
	d.moving.end()
	return d.body.Close()
}

// MaxThumb is the largest preview a client takes, in bytes.
const MaxThumb = 4 << 20

// Thumb reads the JPEG preview of a picture, 320 or 1,280 pixels wide.
func (c *Client) Thumb(ctx context.Context, id workroom.FileID, width int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	q := url.Values{"w": {strconv.Itoa(width)}}
	head := http.Header{"Accept": {"image/jpeg, " + ProblemType}}
	res, err := c.send(ctx, OpThumb.Method, fill(OpThumb.Path, "id", url.PathEscape(string(id))), q, head, nil)
	if err != nil {
		return nil, err
	}
	defer drop(res.Body)
	if e := c.check(res, "image/jpeg"); e != nil {
		return nil, e
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, MaxThumb+1))
	if err != nil {
		return nil, unreachable(err)
	}
	if len(b) > MaxThumb {
		return nil, &Error{Status: 200, Code: Unexpected, Retry: workroom.RetryLater, Text: "The preview is too large."}
	}
	if !bytes.HasPrefix(b, []byte{0xff, 0xd8}) { // no JPEG
		return nil, misshapen(res)
	}
	return b, nil
}
