//go:build !desktop && !bindings

package service

import (
	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // postgres://
	_ "gocloud.dev/blob/s3blob"        // s3://

	_ "trestle/internal/service/bus/nats" // nats://
	"trestle/internal/service/store"
)

func init() { store.Prepared = pgx.QueryExecModeCacheStatement }
