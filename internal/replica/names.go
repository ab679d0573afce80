package replica

import (
	"context"
	"database/sql"
	"encoding/json"

	"trestle/internal/workroom"
)

// Things that name a scope to a person: the room its name, the contract its title, the account its owner. Waiting ones come last and win, so
// that a room that nobody but this computer knows has its name too.
const namesQuery = `SELECT s.name,t.kind,t.id,t.body FROM (
	SELECT sc,kind,id,body,0 AS n FROM base WHERE kind IN ('room','contract','account') AND gone=0
	UNION ALL SELECT sc,kind,id,body,n FROM effect WHERE kind IN ('room','contract','account') AND gone=0) t
	JOIN scope s ON s.sc=t.sc ORDER BY t.n`

// nameOf is what a thing calls its scope; "" for one that names none.
func nameOf(t workroom.Thing) string {
	switch t := t.(type) {
	case *workroom.Room:
		return t.Name
	case *workroom.Contract:
		return t.Title
	case *workroom.Account:
		return t.Name
	}
	return ""
}

// names reads what the rooms, contracts and the person of a copy are called out of a file that may be damaged, older or newer: what cannot
// be read keeps its id.
func (s *salvage) names(db *sql.DB) {
	s.Names = map[workroom.Scope]string{}
	rows, err := db.Query(namesQuery)
	if err != nil {
		return
	}
	defer rows.Close()
	for rows.Next() {
		var scope, kind, id string
		var body []byte
		if rows.Scan(&scope, &kind, &id, &body) != nil {
			continue
		}
		var it struct{ Name, Title string }
		if json.Unmarshal(body, &it) != nil {
			continue
		}
		t := map[string]workroom.Thing{"room": &workroom.Room{Name: it.Name}, "contract": &workroom.Contract{Title: it.Title}, "account": &workroom.Account{Name: it.Name}}[kind]
		if name := nameOf(t); name != "" && workroom.Scope(scope).Valid() && workroom.Scope(scope).Owner() == id {
			s.Names[workroom.Scope(scope)] = workroom.SafeLabel(name, workroom.MaxTitle)
		}
	}
}

// names reads the same of an open copy.
func (r *Replica) names(ctx context.Context) (map[workroom.Scope]string, error) {
	rooms, err := r.Rooms(ctx)
	if err != nil {
		return nil, err
	}
	contracts, err := r.Contracts(ctx)
	if err != nil {
		return nil, err
	}
	me := workroom.Ref{Scope: workroom.AccountScope(r.o.Account), Kind: workroom.KindAccount, ID: string(r.o.Account)}
	own, _, err := r.Thing(ctx, me)
	if err != nil {
		return nil, err
	}
	out := map[workroom.Scope]string{}
	own.Scope = me.Scope
	for _, x := range append(append(rooms, contracts...), own) {
		if n := nameOf(x.Thing); n != "" {
			out[x.Scope] = n
		}
	}
	return out, nil
}
