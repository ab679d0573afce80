package app

import (
	"context"
	"os"
	"path/filepath"
)

// dialogs are the system's own dialogs, nil where the face has none.
func (c *Core) dialogs() Dialogs {
	c.mu.Lock()
	f := c.face
	c.mu.Unlock()
	if f == nil {
		return nil
	}
	return f.Dialogs()
}

// keep gives a person a document as a file. A window asks with the system's dialog where to, which may take longer than a call: the answer
// comes by the events "saved" and "failed", and an empty document is handed back. Else the page downloads what it is given.
func (c *Core) keep(d Document, title string) Document {
	ask := c.dialogs()
	if ask == nil {
		return d
	}
	go func() {
		path, err := ask.SaveFile(context.Background(), title, d.Name)
		if err != nil || path == "" {
			return
		}
		if err := writeDocument(path, []byte(d.Text)); err != nil {
			c.Events.Publish("failed", AsFailure(err))
			return
		}
		c.Events.Publish("saved", SavedOut{Path: path})
	}()
	return Document{}
}

// writeDocument writes a file whole or not at all, readable by its owner alone: it holds what a person wrote.
func writeDocument(path string, body []byte) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return Fail(CodeNoFolder, "This is a folder; name a file in it: "+filepath.Base(path)+".")
	}
	if err := writeWhole(path, body, 0o600); err != nil {
		return Fail(CodeNoFolder, "The file cannot be written there: "+reason(err).Error()+".")
	}
	return nil
}
