package service

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

var update = flag.Bool("update", false, "write the golden files anew")

// probe is one row of the access table: how to ask an operation, or which command to send. fresh makes an id that no other cell used.
type probe struct {
	name    string
	request func(p *person, fresh string) (method, path, body string)
	command func(p *person, fresh string) workroom.Command
}

const matrixPart = "part of a file"

// probes has a row for each operation and each command; a test fails if one is missing.
var probes = []probe{
	{name: "meta", request: get("/v1/meta")},
	{name: "sign-up", request: func(_ *person, f string) (string, string, string) {
		return "POST", "/v1/sign-up", fmt.Sprintf(`{"name":"New","email":"%s@example.com","password":"%s","device":"%s"}`, f, goodPassword, f)
	}},
	{name: "sign-in", request: func(_ *person, f string) (string, string, string) {
		return "POST", "/v1/sign-in", fmt.Sprintf(`{"email":"client@example.com","password":"%s","device":"%s"}`, goodPassword, f)
	}},
	{name: "sign-out", request: post("/v1/sign-out", "")},
	{name: "look", request: post("/v1/invitations/look", `{"secret":"`+secret+`"}`)},
	{name: "heads", request: get("/v1/heads")},
	{name: "open", request: post("/v1/open", `{"scopes":["r:r1"],"tail":5}`)},
	{name: "pull room", request: get("/v1/scope/r:r1/pull?gen=1")},
	{name: "pull contract", request: get("/v1/scope/k:k1/pull?gen=1")},
	{name: "pull client's side", request: get("/v1/scope/k:k1:c/pull?gen=1")},
	{name: "pull diary", request: get("/v1/scope/d:k1:2001-09-03/pull?gen=1")},
	{name: "pull another's own scope", request: func(*person, string) (string, string, string) {
		return "GET", "/v1/scope/a:" + stranger + "/pull?gen=1", ""
	}},
	{name: "range", request: get("/v1/scope/r:r1/range")},
	{name: "things", request: get("/v1/scope/r:r1/things?kind=message&ids=m1")},
	{name: "digest", request: get("/v1/scope/r:r1/digest")},
	{name: "digest of the client's side", request: get("/v1/scope/k:k1:c/digest")},
	{name: "watch", request: post("/v1/watch", `{"conn":"somebody's","scopes":["r:r1"]}`)},
	{name: "typing", request: post("/v1/typing", `{"room":"r1"}`)},
	{name: "typing nowhere", request: post("/v1/typing", `{"room":"nowhere"}`)},
	{name: "presence of another's connection", request: post("/v1/presence", `{"conn":"somebody's","state":"on"}`)},
	{name: "people", request: get("/v1/people?ids=somebody")},
	{name: "pull receipts", request: get("/v1/scope/rc:r1/pull?gen=1")},
	{name: "commands", request: post("/v1/commands", `{"device":"d","cmds":[]}`)},
	{name: "new-file", request: func(_ *person, f string) (string, string, string) {
		return "POST", "/v1/files", fmt.Sprintf(`{"id":"%s","scope":"r:r1","name":"a.txt","size":1,"type":"","parts":["%s"]}`, f, sha([]byte("x")))
	}},
	{name: "put-part", request: func(*person, string) (string, string, string) {
		return "PUT", "/v1/parts/k-k1/" + sha([]byte(matrixPart)), matrixPart
	}},
	{name: "complete", request: post("/v1/files/f1/complete", "")},
	{name: "parts", request: get("/v1/files/f1/parts")},
	{name: "parts unsent", request: get("/v1/files/f2/parts")},
	{name: "download", request: get("/v1/files/f1")},
	{name: "download unsent", request: get("/v1/files/f2")},
	{name: "thumb", request: get("/v1/files/f1/thumb?w=320")},
	{name: "events", request: get("/v1/events")},
	{name: "no such operation", request: get("/v1/nothing")},

	{name: "SendMessage", command: func(*person, string) workroom.Command { return say("r1", "hello") }},
	{name: "SendMessage nowhere", command: func(*person, string) workroom.Command { return say("nowhere", "hello") }},
	{name: "EditMessage of the client's", command: func(_ *person, f string) workroom.Command {
		return workroom.EditMessage{Room: "r1", Message: "m1", Text: f}
	}},
	{name: "DeleteMessage of the client's", command: func(*person, string) workroom.Command {
		return workroom.DeleteMessage{Room: "r1", Message: "m2"}
	}},
	{name: "React", command: func(*person, string) workroom.Command {
		return workroom.React{Room: "r1", Message: "m1", Emoji: "👍", On: true}
	}},
	{name: "React nowhere", command: func(*person, string) workroom.Command {
		return workroom.React{Room: "nowhere", Message: "m1", Emoji: "👍", On: true}
	}},
	{name: "DeleteFile of the client's", command: func(*person, string) workroom.Command {
		return workroom.DeleteFile{Room: "r1", File: "f4"}
	}},
	{name: "DeleteFile nowhere", command: func(*person, string) workroom.Command {
		return workroom.DeleteFile{Room: "nowhere", File: "f4"}
	}},
	{name: "download deleted", request: get("/v1/files/f4")},
	{name: "SetMarker", command: func(p *person, _ string) workroom.Command { return workroom.SetMarker{Room: "r1", N: 1, Who: p.id} }},
	{name: "SetMarker of another", command: func(*person, string) workroom.Command {
		return workroom.SetMarker{Room: "r1", N: 1, Who: stranger}
	}},
	{name: "SetPref", command: func(p *person, _ string) workroom.Command {
		return workroom.SetPref{Room: "r1", Who: p.id, Favourite: new(true)}
	}},
	{name: "SetBookmark", command: func(p *person, _ string) workroom.Command {
		return workroom.SetBookmark{Room: "r1", Message: "m1", Who: p.id, On: true}
	}},
	{name: "SetBookmark of another", command: func(*person, string) workroom.Command {
		return workroom.SetBookmark{Room: "r1", Message: "m1", Who: stranger, On: true}
	}},
	{name: "SetNotices", command: func(p *person, _ string) workroom.Command {
		return workroom.SetNotices{Who: p.id, Off: new(true)}
	}},
	{name: "SetNotices of another", command: func(*person, string) workroom.Command {
		return workroom.SetNotices{Who: stranger, Off: new(true)}
	}},
	{name: "SetAway", command: func(p *person, _ string) workroom.Command { return workroom.SetAway{Who: p.id, On: new(false)} }},
	{name: "SetAway of another", command: func(*person, string) workroom.Command {
		return workroom.SetAway{Who: stranger, On: new(false)}
	}},
	{name: "CreateDirect with the client", command: func(p *person, _ string) workroom.Command {
		return workroom.CreateDirect{Room: workroom.DirectID(p.id, matrixClient), Who: p.id, Name: "N", Other: matrixClient, OtherName: "C", Via: "r1"}
	}},
	{name: "CreateDirect of two others", command: func(p *person, _ string) workroom.Command {
		return workroom.CreateDirect{Room: workroom.DirectID(stranger, matrixClient), Who: stranger, Name: "N", Other: matrixClient, OtherName: "C", Via: "r1"}
	}},
	{name: "CreateRoom", command: func(p *person, f string) workroom.Command {
		return workroom.CreateRoom{Room: workroom.RoomID(f), Who: p.id, Name: "N", As: "N"}
	}},
	{name: "CreateRoom in a room that is there", command: func(p *person, _ string) workroom.Command {
		return workroom.CreateRoom{Room: "r1", Who: p.id, Name: "N", As: "N"}
	}},
	{name: "RenameRoom", command: func(_ *person, f string) workroom.Command { return workroom.RenameRoom{Room: "g1", Name: f} }},
	{name: "ArchiveRoom of the contract", command: func(*person, string) workroom.Command { return workroom.ArchiveRoom{Room: "r1", Archived: true} }},
	{name: "AddMember", command: func(p *person, _ string) workroom.Command {
		return workroom.AddMember{Room: "g1", Who: matrixClient, Name: "N", Via: "r1"}
	}},
	{name: "AddMember of oneself", command: func(p *person, _ string) workroom.Command {
		return workroom.AddMember{Room: "g1", Who: p.id, Name: "N", Via: "r1"}
	}},
	{name: "RemoveMember", command: func(p *person, _ string) workroom.Command {
		return workroom.RemoveMember{Room: "g1", Who: matrixClient}
	}},
	{name: "SetRole", command: func(p *person, _ string) workroom.Command {
		return workroom.SetRole{Room: "g1", Who: matrixClient, Role: workroom.Admin}
	}},
	{name: "HandOver", command: func(p *person, _ string) workroom.Command {
		return workroom.HandOver{Room: "g1", Who: matrixClient}
	}},
	{name: "LeaveRoom", command: func(p *person, _ string) workroom.Command { return workroom.LeaveRoom{Room: "g1", Who: p.id} }},
	{name: "SetNote", command: func(p *person, f string) workroom.Command { return workroom.NewNote("r1", p.id, "", f) }},
	{name: "SetNote of another", command: func(_ *person, f string) workroom.Command { return workroom.NewNote("r1", stranger, "", f) }},
	{name: "SetProfile", command: func(p *person, _ string) workroom.Command {
		return workroom.SetProfile{Who: p.id, Zone: new("Europe/Lisbon")}
	}},
	{name: "SetProfile of another", command: func(*person, string) workroom.Command {
		return workroom.SetProfile{Who: stranger, Presence: new(false)}
	}},
	{name: "SetReceipt", command: func(p *person, _ string) workroom.Command {
		return workroom.SetReceipt{Room: "r1", Who: p.id, N: 1}
	}},
	{name: "SetReceipt of another", command: func(*person, string) workroom.Command {
		return workroom.SetReceipt{Room: "r1", Who: stranger, N: 1}
	}},
	{name: "CreateContract", command: func(p *person, f string) workroom.Command { return offer(p, f, "room-"+f, "secret "+f) }},
	{name: "CreateContract in a room that is there", command: func(p *person, f string) workroom.Command { return offer(p, f, "r1", "secret "+f) }},
	{name: "AskOffer", command: func(p *person, _ string) workroom.Command {
		return workroom.AskOffer{Contract: "k1", Room: "r1", Who: p.id, Name: "N", Secret: secret}
	}},
	{name: "AskOffer wrong secret", command: func(p *person, _ string) workroom.Command {
		return workroom.AskOffer{Contract: "k1", Room: "r1", Who: p.id, Name: "N", Secret: "guess"}
	}},
	{name: "AcceptContract without a secret", command: func(p *person, _ string) workroom.Command {
		return workroom.AcceptContract{Contract: "k1", Room: "r1", Who: p.id, Name: "N"}
	}},
	{name: "DeclineContract without a secret", command: func(p *person, _ string) workroom.Command {
		return workroom.DeclineContract{Contract: "k1", Room: "r1", Who: p.id}
	}},
	{name: "AcceptContract", command: func(p *person, _ string) workroom.Command {
		return workroom.AcceptContract{Contract: "k1", Room: "r1", Who: p.id, Name: "N", Secret: secret}
	}},
	{name: "AcceptContract wrong secret", command: func(p *person, _ string) workroom.Command {
		return workroom.AcceptContract{Contract: "k1", Room: "r1", Who: p.id, Name: "N", Secret: "guess"}
	}},
	{name: "DeclineContract", command: func(p *person, _ string) workroom.Command {
		return workroom.DeclineContract{Contract: "k1", Who: p.id, Secret: secret}
	}},
	{name: "SetActivity", command: func(_ *person, f string) workroom.Command {
		return workroom.SetActivity{Contract: "k1", ID: workroom.ActivityID(f), Code: f}
	}},
	{name: "SetActivity with the caller's list", command: func(p *person, f string) workroom.Command {
		return workroom.SetActivity{Contract: "k1", ID: workroom.ActivityID(f), Code: f, Who: p.id}
	}},
	{name: "SetActivity of the caller's list alone", command: func(p *person, f string) workroom.Command {
		return workroom.SetActivity{ID: workroom.ActivityID(f), Code: f, Who: p.id}
	}},
	{name: "SetActivity in another's list", command: func(_ *person, f string) workroom.Command {
		return workroom.SetActivity{ID: workroom.ActivityID(f), Code: f, Who: stranger}
	}},
	{name: "SetActivity on the contract, in another's list", command: func(_ *person, f string) workroom.Command {
		return workroom.SetActivity{Contract: "k1", ID: workroom.ActivityID(f), Code: f, Who: stranger}
	}},
	{name: "SetActivity taken off here", command: func(p *person, _ string) workroom.Command {
		return workroom.SetActivity{Contract: "k1", ID: "k1-off", Code: "OFF", Who: p.id, Here: true, Archived: true}
	}},
	{name: "SetActivity put on here", command: func(p *person, _ string) workroom.Command {
		return workroom.SetActivity{Contract: "k1", ID: "k1-off", Code: "OFF", Who: p.id, Here: true}
	}},
	{name: "SetActivity nowhere", command: func(p *person, f string) workroom.Command {
		return workroom.SetActivity{Contract: "nowhere", ID: workroom.ActivityID(f), Code: f, Who: p.id}
	}},
	{name: "ReportSlice nowhere", command: func(p *person, f string) workroom.Command {
		s := slice(p.id, f)
		s.Slice.Contract = "nowhere"
		return s
	}},
	{name: "ReportSlice over another's", command: func(p *person, _ string) workroom.Command {
		s := slice(p.id, "slice1")
		s.Slice.Rev, s.Slice.Device = 9, "another"
		return s
	}},
	{name: "AddShot for another", command: func(*person, string) workroom.Command {
		return workroom.AddShot{Week: "2001-09-03", Who: stranger, Shot: workroom.Shot{Slice: "slice1", Contract: "k1", Device: "d", Cell: 1_000_000_000 / 600, At: 1e9, Reason: workroom.ShotDenied}}
	}},
	{name: "AddShot to a slice of another device", command: func(p *person, _ string) workroom.Command {
		return workroom.AddShot{Week: "2001-09-03", Who: p.id, Shot: workroom.Shot{Slice: "slice1", Contract: "k1", Device: "e", Cell: 1_000_000_000 / 600, At: 1e9, Reason: workroom.ShotDenied}}
	}},
	{name: "MarkTime nowhere", command: func(_ *person, f string) workroom.Command {
		return workroom.MarkTime{Contract: "nowhere", Week: "2001-09-03", What: workroom.MarkMemo, Value: f, Spans: []workroom.MarkSpan{{Slice: "slice1", From: 1e9, To: 1e9 + 60}}}
	}},
	{name: "CutTime nowhere", command: func(*person, string) workroom.Command {
		return workroom.CutTime{Contract: "nowhere", Week: "2001-09-03", From: 1e9, To: 1e9 + 10}
	}},
	{name: "CloseWeek nowhere", command: func(*person, string) workroom.Command {
		return workroom.CloseWeek{Contract: "nowhere", Week: "2001-08-20"}
	}},
	{name: "NoteLooks nowhere", command: func(p *person, _ string) workroom.Command {
		return workroom.NoteLooks{Contract: "nowhere", Week: "2001-09-03", Who: p.id, Looks: []workroom.LookAt{{Shot: "d.1"}}}
	}},
	{name: "ReportSlice", command: func(p *person, f string) workroom.Command { return slice(p.id, f) }},
	{name: "ReportSlice for another", command: func(_ *person, f string) workroom.Command { return slice(stranger, f) }},
	{name: "AddShot", command: func(p *person, _ string) workroom.Command {
		return workroom.AddShot{Week: "2001-09-03", Who: p.id, Shot: workroom.Shot{Slice: "slice1", Contract: "k1", Device: "d", Cell: 1_000_000_000 / 600, At: 1e9, Reason: workroom.ShotDenied}}
	}},
	{name: "MarkTime of activity", command: func(_ *person, f string) workroom.Command {
		return workroom.MarkTime{Contract: "k1", Week: "2001-09-03", What: workroom.MarkCode, Value: "k1-dev", Spans: []workroom.MarkSpan{{Slice: "slice1", From: 1e9, To: 1e9 + 60}}}
	}},
	{name: "MarkTime of memo", command: func(_ *person, f string) workroom.Command {
		return workroom.MarkTime{Contract: "k1", Week: "2001-09-03", What: workroom.MarkMemo, Value: f, Spans: []workroom.MarkSpan{{Slice: "slice1", From: 1e9, To: 1e9 + 60}}}
	}},
	{name: "MarkTime of owner", command: func(_ *person, f string) workroom.Command {
		return workroom.MarkTime{Contract: "k1", Week: "2001-09-03", What: workroom.MarkOwner, Spans: []workroom.MarkSpan{{Slice: "slice1", From: 1e9, To: 1e9 + 60}}}
	}},
	{name: "CutTime", command: func(*person, string) workroom.Command {
		return workroom.CutTime{Contract: "k1", Week: "2001-09-03", From: 1e9, To: 1e9 + 10}
	}},
	{name: "AddTime where it is not allowed", command: func(p *person, f string) workroom.Command {
		return workroom.AddTime{Contract: "k1", Week: "2001-09-03", Who: p.id, Entries: []workroom.ManualEntry{{ID: f, From: 999_999_900, To: 999_999_960, Memo: "by hand"}}}
	}},
	{name: "AddTime for another", command: func(_ *person, f string) workroom.Command {
		return workroom.AddTime{Contract: "k1", Week: "2001-09-03", Who: stranger, Entries: []workroom.ManualEntry{{ID: f, From: 999_999_900, To: 999_999_960, Memo: "by hand"}}}
	}},
	{name: "SetLease", command: func(p *person, _ string) workroom.Command {
		return workroom.SetLease{Who: p.id, Device: "d", Since: 1e9}
	}},
	{name: "SetLease of another", command: func(*person, string) workroom.Command {
		return workroom.SetLease{Who: stranger, Device: "d", Since: 1e9}
	}},
	{name: "CloseWeek that runs", command: func(*person, string) workroom.Command {
		return workroom.CloseWeek{Contract: "k1", Week: "2001-09-03"}
	}},
	{name: "ChangeTerms", command: func(*person, string) workroom.Command {
		return workroom.ChangeTerms{Contract: "k1", Week: "2001-09-03", Limit: new(int64(7200))}
	}},
	{name: "ChangeTerms of a contract that is not there", command: func(*person, string) workroom.Command {
		return workroom.ChangeTerms{Contract: "nowhere", Week: "2001-09-03", Limit: new(int64(7200))}
	}},
	{name: "LowerRate", command: func(*person, string) workroom.Command {
		return workroom.LowerRate{Contract: "k1", Act: workroom.RateAsk, Rate: 1}
	}},
	{name: "LowerRate of nothing asked", command: func(*person, string) workroom.Command {
		return workroom.LowerRate{Contract: "k2", Act: workroom.RateAgree, Asked: 1}
	}},
	{name: "PauseContract", command: func(*person, string) workroom.Command {
		return workroom.PauseContract{Contract: "k2", Week: "2001-09-03", On: true}
	}},
	{name: "EndContract", command: func(*person, string) workroom.Command {
		return workroom.EndContract{Contract: "k2", Week: "2001-09-03", Reason: workroom.EndDone}
	}},
	{name: "ApproveTime where nothing is late", command: func(*person, string) workroom.Command {
		return workroom.ApproveTime{Contract: "k1", Week: "2001-09-03", Of: []workroom.Interval{{From: 1e9, To: 1e9 + 60}}}
	}},
	{name: "DisputeWeek that runs", command: func(*person, string) workroom.Command {
		return workroom.DisputeWeek{Contract: "k1", Week: "2001-09-03", Act: workroom.DisputeBegin, Text: "No."}
	}},
	{name: "DisputeWeek of nobody's", command: func(*person, string) workroom.Command {
		return workroom.DisputeWeek{Contract: "k1", Week: "2001-08-20", Act: workroom.DisputeWrite, Dispute: "none", Text: "No."}
	}},
	{name: "CloseWeek in which nothing is", command: func(*person, string) workroom.Command {
		return workroom.CloseWeek{Contract: "k1", Week: "2001-08-20"}
	}},
	{name: "NoteLooks", command: func(p *person, _ string) workroom.Command {
		return workroom.NoteLooks{Contract: "k1", Week: "2001-09-03", Who: p.id, Looks: []workroom.LookAt{{Shot: "d.1"}}}
	}},
	{name: "NoteLooks of another", command: func(*person, string) workroom.Command {
		return workroom.NoteLooks{Contract: "k1", Week: "2001-09-03", Who: stranger, Looks: []workroom.LookAt{{Shot: "d.1"}}}
	}},
	{name: "MakeReport of the client", command: func(p *person, _ string) workroom.Command {
		return workroom.MakeReport{Who: p.id, Person: matrixClient, Name: "N", Room: "r1", Message: "m1", Reason: workroom.Scam}
	}},
	{name: "SetBlock of the client", command: func(p *person, _ string) workroom.Command {
		return workroom.SetBlock{Who: p.id, Other: matrixClient, Name: "N", On: true}
	}},
	{name: "SetBlock in another's name", command: func(p *person, _ string) workroom.Command {
		return workroom.SetBlock{Who: stranger, Other: matrixClient, Name: "N", On: true}
	}},
}

const stranger = "somebody-else"

// matrixClient is the id of the client of the table below, known once they have joined.
var matrixClient workroom.AccountID

// inSlice is a clock that stands while the slice below is tracked.
func inSlice() time.Time { return time.Unix(1e9+250, 0) }

func slice(who workroom.AccountID, id string) workroom.ReportSlice {
	return workroom.ReportSlice{Week: "2001-09-03", Slice: workroom.Slice{
		ID: id, Rev: 1, Freelancer: who, Contract: "k1", Device: "d", Boot: "b", Start: 1e9, End: 1e9 + 60, Activity: "k1-dev", Memo: "work", Kind: workroom.Tracked,
	}}
}

func get(path string) func(*person, string) (string, string, string) {
	return func(*person, string) (string, string, string) { return "GET", path, "" }
}

func post(path, body string) func(*person, string) (string, string, string) {
	return func(*person, string) (string, string, string) { return "POST", path, body }
}

// U-01: who may do what, every operation and every command for every kind of caller, against a table that a person has read.
func TestU01_AccessTable(t *testing.T) {
	_, c := start(t, Config{Now: inSlice})
	client, freelancer, outsider, revoked := join(t, c, "client"), join(t, c, "freelancer"), join(t, c, "outsider"), join(t, c, "revoked")
	client.does("k1", offer(client, "k1", "r1", secret))
	freelancer.does("accept", workroom.AcceptContract{Contract: "k1", Room: "r1", Who: freelancer.id, Name: "F", Secret: secret})
	matrixClient = client.id
	client.does("k2", offer(client, "k2", "r2", secret+secret))
	freelancer.does("accept2", workroom.AcceptContract{Contract: "k2", Room: "r2", Who: freelancer.id, Name: "F", Secret: secret + secret})
	client.does("g1", workroom.CreateRoom{Room: "g1", Who: client.id, Name: "Group", As: "C"})
	client.does("g2", workroom.AddMember{Room: "g1", Who: freelancer.id, Name: "F", Via: "r1"})
	client.upload("f1", "r:r1", "a.png", noise(100, 1))
	client.upload("f2", "r:r1", "b.png", noise(100, 2))
	for _, f := range []workroom.FileID{"f1", "f2"} {
		if err := client.Complete(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	client.does("m1", workroom.SendMessage{Room: "r1", Text: "m", Files: []workroom.FileRef{{ID: "f1", Name: "a.png", Size: 100}}})
	client.upload("f4", "r:r1", "d.png", noise(100, 4))
	if err := client.Complete(t.Context(), "f4"); err != nil {
		t.Fatal(err)
	}
	client.does("m4", workroom.SendMessage{Room: "r1", Text: "m", Files: []workroom.FileRef{{ID: "f4", Name: "d.png", Size: 100}}})
	client.does("m2", say("r1", "to be deleted"))
	client.does("read", workroom.SetReceipt{Room: "r1", Who: client.id, N: 1})
	freelancer.does("slice1", slice(freelancer.id, "slice1"))
	part := wire.NewFile{ID: "f3", Scope: "r:r1", Name: "c.txt", Size: int64(len(matrixPart)), Parts: []string{sha([]byte(matrixPart))}}
	if _, err := client.NewFile(t.Context(), part); err != nil {
		t.Fatal(err)
	}
	if err := revoked.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	anonymous := &person{Client: &wire.Client{Base: c.Base, Version: c.Version}, t: t, id: "nobody"}
	people := []struct {
		name string
		*person
	}{{"anonymous", anonymous}, {"revoked", revoked}, {"outsider", outsider}, {"client", client}, {"freelancer", freelancer}}

	var b strings.Builder
	b.WriteString("operation or command")
	for _, p := range people {
		b.WriteString("\t" + p.name)
	}
	b.WriteString("\n")
	for i, x := range probes {
		b.WriteString(x.name)
		for j, p := range people {
			fresh := fmt.Sprintf("fresh-%d-%d", i, j)
			who := *p.person
			if x.name == "sign-out" && who.Token != "" && p.name != "revoked" { // end another token than the one the rows below need
				in, err := c.SignIn(t.Context(), wire.SignIn{Email: p.name + "@example.com", Password: goodPassword, Device: fresh})
				if err != nil {
					t.Fatal(err)
				}
				own := *p.Client
				own.Token = in.Token
				who.Client = &own
			}
			b.WriteString("\t" + ask(t, &who, x, fresh))
		}
		b.WriteString("\n")
	}
	golden := filepath.Join("testdata", "access.tsv")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		got, need := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
		for i, line := range got {
			if i >= len(need) || line != need[i] {
				t.Errorf("got  %s", line)
				if i < len(need) {
					t.Errorf("want %s", need[i])
				}
			}
		}
	}
}

// ask asks one cell of the table: ok, or the status and code of the answer; for a command its verdict.
func ask(t *testing.T, p *person, x probe, fresh string) string {
	t.Helper()
	var method, path, text string
	if x.command != nil {
		out, err := json.Marshal(wire.Commands{Device: "d", Cmds: []wire.Command{p.command(fresh, x.command(p, fresh))}})
		if err != nil {
			t.Fatal(err)
		}
		method, path, text = "POST", "/v1/commands", string(out)
	} else {
		method, path, text = x.request(p, fresh)
	}
	res := p.raw(method, path, []byte(text))
	defer res.Body.Close()
	if path == "/v1/events" && res.StatusCode == 200 {
		return "ok"
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Header.Get(wire.HeaderService) == "" || res.Header.Get(wire.HeaderTime) == "" {
		t.Errorf("%s: an answer without the service's id or time", x.name)
	}
	if res.StatusCode != 200 {
		var problem wire.Problem
		if json.Unmarshal(b, &problem) != nil || problem.Code == "" || problem.Retry == "" || problem.Detail == "" || res.Header.Get("Content-Type") != wire.ProblemType {
			t.Errorf("%s: no proper problem: %d %s", x.name, res.StatusCode, b)
		}
		return fmt.Sprintf("%d %s", res.StatusCode, problem.Code)
	}
	if x.command != nil {
		var out wire.CommandsOut
		if err := json.Unmarshal(b, &out); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out.Results[0].Status) + " " + string(out.Results[0].Code))
	}
	if x.name == "open" {
		var out wire.OpenOut
		if err := json.Unmarshal(b, &out); err != nil {
			t.Fatal(err)
		}
		if out.Scopes[0].Gone {
			return "gone"
		}
	}
	return "ok"
}

// raw sends bytes as they are.
func (p *person) raw(method, path string, body []byte) *http.Response {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.Base+path, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if method == "POST" {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.Token != "" {
		r.Header.Set("Authorization", "Bearer "+p.Token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	return res
}

// Nothing is born unguarded: each operation and command has its row, and each operation is behind a token unless the row says otherwise.
func TestEveryOperationHasARow(t *testing.T) {
	s, _ := start(t, Config{})
	has := func(name string) bool {
		return slices.ContainsFunc(probes, func(p probe) bool { return p.name == name || strings.HasPrefix(p.name, name+" ") })
	}
	for _, op := range wire.All() {
		if !has(op.Name) {
			t.Errorf("the access table has no row for %s", op.Name)
		}
		r, err := http.NewRequest(op.Method, "http://x"+strings.NewReplacer("{id}", "f", "{scope}", "r:r", "{space}", "s", "{sha}", "s").Replace(op.Path), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, pattern := s.mux.Handler(r); pattern != op.Pattern() {
			t.Errorf("%s is served by %q", op.Name, pattern)
		}
	}
	for op := range workroom.Ops {
		if op != workroom.OpUpload && !has(string(op)) {
			t.Errorf("the access table has no row for %s", op)
		}
	}
}
