package replica

// Points of a transaction at which Options.Fail is asked: an error there undoes the transaction, a process that ends there leaves the file
// as it was before.
const (
	PointCommit  = "commit"  // everything is written, nothing committed
	PointPage    = "page"    // the rows of a page are in, its cursor is not
	PointReopen  = "reopen"  // the rows of a re-opened scope are in, the old ones still there
	PointHistory = "history" // the rows of a window of history are in, its span is not
	PointPurge   = "purge"   // what waited for a scope that is gone is refused, its rows still there
	PointReoffer = "reoffer" // what was acked in a lost history waits again, the new epoch is not stored
	PointAck     = "ack"     // the row left the outbox, it does not stand in sent yet
	PointIndex   = "index"   // words are in the index, the rows do not say so yet
	PointBackup  = "backup"  // the copy is whole under its temporary name
	PointUnsent  = "unsent"  // unsent.json is whole under its temporary name
	PointRescue  = "rescue"  // the damaged files are set aside, nothing is in their place
	PointMigrate = "migrate" // between two steps of the schema
)

// Points lists all of them, for a test that walks them.
func Points() []string {
	return []string{PointCommit, PointPage, PointReopen, PointHistory, PointPurge, PointReoffer, PointAck, PointIndex, PointBackup, PointUnsent,
		PointRescue, PointMigrate}
}
