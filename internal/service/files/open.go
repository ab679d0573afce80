package files

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
)

// NoDriver says that this program was built without what an address needs.
type NoDriver struct{ Scheme string }

func (e *NoDriver) Error() string { return "this build has no " + e.Scheme + " driver" }

// s3 finds the part writer of a bucket; set where the driver is linked.
var s3 func(b *blob.Bucket, name, prefix string) streamer

// Open opens or makes a folder of files.
func Open(dir string) (*Files, error) {
	b, err := fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	f := opened(b)
	f.dir = dir
	return f, nil
}

func opened(b *blob.Bucket) *Files {
	return &Files{bucket: b, thumbs: make(chan struct{}, 1), patrol: patience}
}

// OpenURL opens the store of an address: file:///DIR, made if missing, or s3://BUCKET?region=…&endpoint=…&use_path_style=true with the
// credentials of the AWS environment variables (prefix=… puts all keys below one). An unlinked scheme is a *NoDriver. The bucket is not
// asked for anything yet.
func OpenURL(ctx context.Context, address string) (*Files, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("open the store of files: its address cannot be read") // it may hold a secret
	}
	switch {
	case u.Scheme == "file":
		dir := filepath.FromSlash(u.Path)
		if runtime.GOOS == "windows" { // file:///C:/dir
			dir = strings.TrimPrefix(dir, `\`)
		}
		if u.Host != "" && u.Host != "localhost" || dir == "" {
			return nil, fmt.Errorf("open the store of files: a folder is written file:///DIR")
		}
		return Open(filepath.Clean(dir))
	case !blob.DefaultURLMux().ValidBucketScheme(u.Scheme):
		return nil, &NoDriver{u.Scheme}
	}
	q := u.Query()
	prefix := q.Get("prefix")
	if prefix != "" {
		if prefix = strings.TrimPrefix(path.Clean("/"+prefix), "/") + "/"; prefix == "/" {
			prefix = ""
		}
		q.Del("prefix")
		u.RawQuery = q.Encode()
	}
	b, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("open the store of files: %w", err)
	}
	var put streamer
	if u.Scheme == "s3" && s3 != nil {
		put = s3(b, u.Host, prefix)
	}
	if prefix != "" {
		b = blob.PrefixedBucket(b, prefix)
	}
	f := opened(b)
	f.put = put
	return f, nil
}
