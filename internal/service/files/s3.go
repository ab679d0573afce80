//go:build !desktop && !bindings

package files

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
	"gocloud.dev/blob"
)

// The driver's own writer takes a part into memory, twice and more while it grows. A part's length and SHA-256 are known before its first
// byte, and the latter is exactly what an S3 request is signed over: so a part is put as it streams in, and the store checks it too.
func init() {
	s3 = func(b *blob.Bucket, name, prefix string) streamer {
		var client *awss3.Client
		if !b.As(&client) {
			return nil
		}
		return func(ctx context.Context, key, sha string, size int64, replace bool, r io.Reader) error {
			in := &awss3.PutObjectInput{Bucket: aws.String(name), Key: aws.String(prefix + key), Body: r, ContentLength: aws.Int64(size),
				ContentType: aws.String("application/octet-stream")}
			if !replace {
				in.IfNoneMatch = aws.String("*")
			}
			_, err := client.PutObject(ctx, in, func(o *awss3.Options) {
				o.RetryMaxAttempts = 1 // the bytes come once; their sender tries again
				o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
				o.APIOptions = append(o.APIOptions, signedOver(sha))
			})
			var answer *awshttp.ResponseError
			if errors.As(err, &answer) && answer.HTTPStatusCode() == http.StatusPreconditionFailed {
				return errExists
			}
			return err
		}
	}
}

// signedOver has a request signed over the hash that is known, instead of one computed by reading the body twice.
func signedOver(sha string) func(*middleware.Stack) error {
	return func(s *middleware.Stack) error {
		return s.Serialize.Add(middleware.SerializeMiddlewareFunc("TrestlePayloadHash", func(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (middleware.SerializeOutput, middleware.Metadata, error) {
			return next.HandleSerialize(v4.SetPayloadHash(ctx, sha), in)
		}), middleware.Before)
	}
}
