package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"trestle/internal/workroom"
)

// Prepared is what the driver of PostgreSQL takes before a statement's values to keep the statement prepared. The program that has the driver
// sets it; without it every statement is parsed and planned anew.
var Prepared any

// fewValues is how many values a statement may have to be kept prepared: those of one command, which come again and again in a few shapes.
// Larger ones are hardly ever the same twice.
const fewValues = 24

// ask reads rows. A value that is a list of ids, scopes or names stands for as many, with commas between. What has few values is kept prepared
// by its connection, because reading and planning a statement costs more than finding the rows of one command.
func (tx Tx) ask(ctx context.Context, text string, values ...any) (*sql.Rows, error) {
	text, values, fit := spread(text, values)
	if !fit {
		return tx.QueryContext(ctx, text, values...)
	}
	text, values = tx.s.prepared(text, values)
	return tx.Tx.Tx.QueryContext(ctx, text, values...)
}

// spread writes lists out, a placeholder for each of their values, and reports whether they are few.
func spread(text string, values []any) (string, []any, bool) {
	var out []any
	var b strings.Builder
	rest := text
	for _, v := range values {
		before, after, _ := strings.Cut(rest, "?")
		b.WriteString(before)
		n := len(out)
		switch v := v.(type) {
		case []string:
			out = appended(out, v)
		case []workroom.Scope:
			out = appended(out, v)
		default:
			out = append(out, v)
		}
		b.WriteString(strings.TrimSuffix(strings.Repeat("?, ", len(out)-n), ", "))
		rest = after
	}
	b.WriteString(rest)
	return b.String(), out, len(out) <= fewValues
}

func appended[T any](out []any, list []T) []any {
	for _, x := range list {
		out = append(out, x)
	}
	return out
}

// prepared is a statement as the driver keeps it: on PostgreSQL its values are numbered.
func (s *Store) prepared(text string, values []any) (string, []any) {
	if !s.Shared() {
		return text, values // the cache of the connection; see openSQLite
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, more := strings.Cut(text, "?")
		b.WriteString(before)
		if !more {
			break
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		text = after
	}
	if s.keeps {
		values = append([]any{Prepared}, values...)
	}
	return b.String(), values
}

// askOne reads one row outside of a transaction.
func (s *Store) askOne(ctx context.Context, db *bun.DB, text string, values ...any) *sql.Row {
	text, values = s.prepared(text, values)
	return db.DB.QueryRowContext(ctx, text, values...)
}
