package replica

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// Upload is a file that goes to the service: its bytes are in the local blobs under SHA, its parts hashed already.
type Upload struct {
	ID    workroom.FileID `json:"id"`
	Scope workroom.Scope  `json:"scope"` // whose readers may read it
	Name  string          `json:"name"`
	Size  int64           `json:"size"` // bytes
	Type  string          `json:"type"`
	SHA   string          `json:"sha"`
	Parts []string        `json:"parts"` // hex SHA-256 each
}

// Progress of an upload in bytes.
type Progress struct{ Done, Total int64 }

const uploadVersion = 1

// EnqueueUpload stores an upload by itself. A command that names the file gives the upload's id, which is the file's, in After.
func (r *Replica) EnqueueUpload(ctx context.Context, u Upload) (string, error) {
	err := r.write(ctx, true, func(t *tx) error {
		t.tell(OutboxScope)
		return t.enqueueUpload(u, r.o.Now())
	})
	if err == nil {
		r.acted()
	}
	return string(u.ID), err
}

func (t *tx) enqueueUpload(u Upload, at time.Time) error {
	if !workroom.ValidID(string(u.ID)) || !u.Scope.Valid() || u.Size < 1 || u.SHA == "" || len(u.Parts) == 0 {
		return workroom.Refuse(workroom.BadInput)
	}
	args, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("encode upload: %w", err)
	}
	parents, err := t.creators(nil, []workroom.Scope{u.Scope})
	if err == nil {
		parents, err = t.questions(parents, []workroom.Scope{u.Scope})
	}
	if err != nil {
		return err
	}
	row := &outbox.Row{ID: string(u.ID), After: parents, Account: t.r.o.Account, Device: t.r.Device(), Lane: "up:" + string(u.ID), Op: workroom.OpUpload,
		V: uploadVersion, Args: args, About: string(u.Scope), At: at.UnixMicro()}
	if err := outbox.Insert(t, row); err != nil {
		return err
	}
	return t.knowFile(string(u.ID), u.Scope, u.SHA, u.Size)
}

// DecodeUpload reads the arguments of an upload row.
func DecodeUpload(row *outbox.Row) (Upload, error) {
	var u Upload
	if row.Op != workroom.OpUpload || row.V != uploadVersion {
		return u, fmt.Errorf("row %s is no upload this program can read", row.ID)
	}
	if err := json.Unmarshal(row.Args, &u); err != nil {
		return u, fmt.Errorf("decode upload: %w", err)
	}
	return u, nil
}
