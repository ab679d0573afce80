package workroom

import (
	"encoding/json"
	"fmt"
	"time"
)

// Op names a command on the wire and in the outbox.
type Op string

// The commands of Trestle.
const (
	OpSendMessage     Op = "SendMessage"
	OpEditMessage     Op = "EditMessage"
	OpDeleteMessage   Op = "DeleteMessage"
	OpReact           Op = "React"
	OpDeleteFile      Op = "DeleteFile"
	OpSetMarker       Op = "SetMarker"
	OpSetNote         Op = "SetNote"
	OpSetProfile      Op = "SetProfile"
	OpSetReceipt      Op = "SetReceipt"
	OpSetPref         Op = "SetPref"
	OpSetBookmark     Op = "SetBookmark"
	OpSetNotices      Op = "SetNotices"
	OpSetAway         Op = "SetAway"
	OpMakeReport      Op = "MakeReport"
	OpSetBlock        Op = "SetBlock"
	OpCreateDirect    Op = "CreateDirect"
	OpCreateRoom      Op = "CreateRoom"
	OpRenameRoom      Op = "RenameRoom"
	OpArchiveRoom     Op = "ArchiveRoom"
	OpAddMember       Op = "AddMember"
	OpRemoveMember    Op = "RemoveMember"
	OpLeaveRoom       Op = "LeaveRoom"
	OpSetRole         Op = "SetRole"
	OpHandOver        Op = "HandOver"
	OpCreateContract  Op = "CreateContract"
	OpAskOffer        Op = "AskOffer"
	OpAcceptContract  Op = "AcceptContract"
	OpDeclineContract Op = "DeclineContract"
	OpSetActivity     Op = "SetActivity"
	OpReportSlice     Op = "ReportSlice"
	OpAddShot         Op = "AddShot"
	OpMarkTime        Op = "MarkTime"
	OpCutTime         Op = "CutTime"
	OpAddTime         Op = "AddTime"
	OpSetLease        Op = "SetLease"
	OpCloseWeek       Op = "CloseWeek"
	OpChangeTerms     Op = "ChangeTerms"
	OpPauseContract   Op = "PauseContract"
	OpEndContract     Op = "EndContract"
	OpLowerRate       Op = "LowerRate"
	OpApproveTime     Op = "ApproveTime"
	OpDisputeWeek     Op = "DisputeWeek"
	OpNoteLooks       Op = "NoteLooks"
	OpUpload          Op = "Upload" // an outbox row carried by the file operations; never sent as a command
)

// Asked is who asks, and when. The desktop keeps the moment of enqueueing, the service takes its own. ID is the command's; a thing it
// creates gets the same id.
//
// Given is when the command was first given, as its author says, and stands only where that can be believed: the service fills it in for a
// command that falls into a stretch of its history it lost (sync.md §12), where the same command very likely ran already. It is never after
// At. Zero says the same as At, as on the desktop, whose At is that moment anyway. A restored contract begins by it when it began and not
// when it was given back, or all that was worked on it in between would lie before its start (T-21).
type Asked struct {
	ID     string
	By     AccountID
	Device string
	At     time.Time
	Given  time.Time
}

// given is when the command counts as given.
func (a Asked) given() time.Time {
	if a.Given.IsZero() || a.Given.After(a.At) {
		return a.At
	}
	return a.Given
}

// Command is one act of a person.
type Command interface {
	Op() Op
	Scopes() []Scope // all it may read or write, at most 4; stores refuse any other
	Wants() []Ref    // what it will surely read, so that one query can fetch it; a hint, not a limit
	Lane() string    // commands of a lane go out first in, first out
	Check() *Refusal // shape alone: empty, too long
	Do(Asked, Rows, *Changes) *Refusal
}

// Folder is a command of which only the newest matters: one that was never attempted is replaced in place by a newer one of the same op,
// lane and fold key.
type Folder interface{ FoldKey() string }

// Filer is a command that names uploaded files. The service runs it only when they are complete and the caller's own.
type Filer interface{ FileIDs() []FileID }

// Spacer is a command that creates scopes and says in which space they live. Files are deduplicated inside a space.
type Spacer interface{ Space() string }

// Joiner marks a command that a person may give before they can read its scopes, because the rule itself proves the right.
type Joiner interface{ Joins() bool }

// Expecter is a command that decides about a thing as it stood before the person: the desktop sends along the rev it showed, and the
// service refuses with "moved" if the thing is another by now.
type Expecter interface{ Expects() []Ref }

// Class says what the desktop shows while a command waits (product.md).
type Class string

// Classes of a command.
const (
	AtOnce  Class = "Q" // happens at once on screen
	Waiting Class = "W" // shown as "waiting for the service", never as done
)

// Policy says what becomes of a lane when one of its commands is refused for good (sync.md §8).
type Policy string

// Policies of a refusal.
const (
	Hold Policy = "hold" // stays in place, later ones of the lane wait
	Step Policy = "step" // undone on screen and listed under Not sent; the lane goes on
	Drop Policy = "drop" // forgotten
)

// OpInfo is what both sides share about an op.
type OpInfo struct {
	Class  Class
	Policy Policy
	V      int // version of the arguments this program writes
	decode func([]byte) (Command, error)
}

// Ops is the table of sync.md §8.
var Ops = map[Op]OpInfo{
	OpSendMessage:     {AtOnce, Hold, 1, decodeAs[SendMessage]},
	OpEditMessage:     {AtOnce, Step, 1, decodeAs[EditMessage]},
	OpDeleteMessage:   {AtOnce, Step, 1, decodeAs[DeleteMessage]},
	OpReact:           {AtOnce, Step, 1, decodeAs[React]},
	OpDeleteFile:      {AtOnce, Step, 1, decodeAs[DeleteFile]},
	OpSetProfile:      {AtOnce, Step, 1, decodeAs[SetProfile]},
	OpSetReceipt:      {AtOnce, Drop, 1, decodeAs[SetReceipt]},
	OpSetNote:         {AtOnce, Step, 1, decodeAs[SetNote]},
	OpSetMarker:       {AtOnce, Drop, 1, decodeAs[SetMarker]},
	OpSetPref:         {AtOnce, Step, 2, decodeAs[SetPref]},
	OpSetBookmark:     {AtOnce, Step, 1, decodeAs[SetBookmark]},
	OpSetNotices:      {AtOnce, Step, 1, decodeAs[SetNotices]},
	OpSetAway:         {AtOnce, Step, 1, decodeAs[SetAway]},
	OpMakeReport:      {AtOnce, Step, 1, decodeAs[MakeReport]},
	OpSetBlock:        {AtOnce, Step, 1, decodeAs[SetBlock]},
	OpCreateDirect:    {AtOnce, Step, 1, decodeAs[CreateDirect]},
	OpCreateRoom:      {AtOnce, Step, 1, decodeAs[CreateRoom]},
	OpRenameRoom:      {AtOnce, Step, 1, decodeAs[RenameRoom]},
	OpArchiveRoom:     {AtOnce, Step, 1, decodeAs[ArchiveRoom]},
	OpAddMember:       {AtOnce, Step, 1, decodeAs[AddMember]},
	OpRemoveMember:    {AtOnce, Step, 1, decodeAs[RemoveMember]},
	OpLeaveRoom:       {AtOnce, Step, 1, decodeAs[LeaveRoom]},
	OpSetRole:         {AtOnce, Step, 1, decodeAs[SetRole]},
	OpHandOver:        {AtOnce, Step, 1, decodeAs[HandOver]},
	OpCreateContract:  {AtOnce, Step, 1, decodeAs[CreateContract]},
	OpAskOffer:        {Waiting, Step, 1, decodeAs[AskOffer]},
	OpAcceptContract:  {Waiting, Step, 1, decodeAs[AcceptContract]},
	OpDeclineContract: {Waiting, Step, 1, decodeAs[DeclineContract]},
	OpSetActivity:     {AtOnce, Step, 1, decodeAs[SetActivity]},
	OpReportSlice:     {AtOnce, Step, 1, decodeAs[ReportSlice]},
	OpAddShot:         {AtOnce, Step, 1, decodeAs[AddShot]},
	OpMarkTime:        {AtOnce, Step, 1, decodeAs[MarkTime]},
	OpCutTime:         {AtOnce, Step, 1, decodeAs[CutTime]},
	OpAddTime:         {AtOnce, Step, 1, decodeAs[AddTime]},
	OpSetLease:        {AtOnce, Drop, 1, decodeAs[SetLease]},
	OpCloseWeek:       {Waiting, Drop, 1, decodeAs[CloseWeek]},
	OpChangeTerms:     {Waiting, Step, 1, decodeAs[ChangeTerms]},
	OpPauseContract:   {Waiting, Step, 1, decodeAs[PauseContract]},
	OpEndContract:     {Waiting, Step, 1, decodeAs[EndContract]},
	OpLowerRate:       {Waiting, Step, 1, decodeAs[LowerRate]},
	OpApproveTime:     {Waiting, Step, 1, decodeAs[ApproveTime]},
	OpDisputeWeek:     {Waiting, Step, 1, decodeAs[DisputeWeek]},
	OpNoteLooks:       {AtOnce, Drop, 1, decodeAs[NoteLooks]},
	OpUpload:          {AtOnce, Step, 1, nil},
}

func decodeAs[C Command](args []byte) (Command, error) {
	var c C
	if err := json.Unmarshal(args, &c); err != nil {
		return nil, err
	}
	return c, nil
}

// DecodeCommand reads a command's arguments, those of the two versions before too. An op or version this program does not know is an error.
func DecodeCommand(op Op, v int, args []byte) (Command, error) {
	info, ok := Ops[op]
	if !ok || info.decode == nil {
		return nil, fmt.Errorf("unknown command %q", op)
	}
	args, err := upgraded(op, v, info.V, args)
	if err != nil {
		return nil, err
	}
	c, err := info.decode(args)
	if err != nil {
		return nil, fmt.Errorf("decode command %s: %w", op, err)
	}
	return c, nil
}

// EncodeCommand writes a command's arguments: equal commands give equal bytes.
func EncodeCommand(c Command) ([]byte, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode command %s: %w", c.Op(), err)
	}
	return b, nil
}

// Run checks a command's shape and runs its rule. It is the one way both sides use.
func Run(c Command, a Asked, in Rows) ([]Change, *Refusal) {
	if r := c.Check(); r != nil {
		return nil, r
	}
	var out Changes
	if r := c.Do(a, in, &out); r != nil {
		return nil, r
	}
	return out.List(), nil
}
