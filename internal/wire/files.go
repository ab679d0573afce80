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

// NewFile announces an upload, or asks again what is missing of it.
func (c *Client) NewFile(ctx context.Context, in NewFile) (*NewFileOut, error) {
	return OpNewFile.Do(ctx, c, in)
}

// PutPart sends one part; sha is its SHA-256 in hex. Sending a part that is there already is no error.
func (c *Client) PutPart(ctx context.Context, space, sha string, part []byte) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	path := fill(fill(OpPutPart.Path, "space", url.PathEscape(space)), "sha", url.PathEscape(sha))
	head := http.Header{"Content-Type": {"application/octet-stream"}}
	res, err := c.send(ctx, OpPutPart.Method, path, nil, head, bytes.NewReader(part))
	if err != nil {
		return err
	}
	defer drop(res.Body)
	return c.check(res, "application/json")
}

// Complete says that all parts of a file are there. From then on commands may name it.
func (c *Client) Complete(ctx context.Context, id workroom.FileID) error {
	_, err := OpComplete.Do(ctx, c, FileOf{ID: id})
	return err
}

// Download reads a file from byte from on. The caller closes the reader; size is that of the whole file.
func (c *Client) Download(ctx context.Context, id workroom.FileID, from int64) (body io.ReadCloser, size int64, err error) {
	head := http.Header{"Accept": {"*/*"}}
	if from > 0 {
		head.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	res, err := c.send(ctx, OpDownload.Method, fill(OpDownload.Path, "id", url.PathEscape(string(id))), nil, head, nil)
	if err != nil {
		return nil, 0, err
	}
	if e := c.check(res, ""); e != nil {
		drop(res.Body)
		return nil, 0, e
	}
	size = res.ContentLength
	if from > 0 {
		var first, last int64
		n, _ := fmt.Sscanf(res.Header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &size)
		if res.StatusCode != http.StatusPartialContent || n != 3 || first != from {
			drop(res.Body)
			return nil, 0, &Error{Status: res.StatusCode, Code: Unexpected, Retry: workroom.RetryLater, Text: "The service sent another part of the file than asked."}
		}
	}
	return res.Body, size, nil
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
	return b, nil
}
