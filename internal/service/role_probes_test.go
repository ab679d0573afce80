package service

import (
	"fmt"

	"trestle/internal/workroom"
)

// roleCell is one question of the table of roles: the room it is about, its members by their roles, and whose question it is.
type roleCell struct {
	room workroom.RoomID
	by   map[string]*person
	me   *person
	id   string // no other cell has it
	own  string // ends the ids of the message and the file of whoever asks
}

type roleProbe struct {
	name     string
	archived bool
	files    bool // there is one of the target's and one of whoever asks
	request  func(roleCell) (method, path, body string)
	command  func(roleCell) workroom.Command
}

// roleProbes are the questions; archived ones are asked in a room that its owner archived.
var roleProbes = []roleProbe{
	{name: "open", request: func(x roleCell) (string, string, string) {
		return "POST", "/v1/open", fmt.Sprintf(`{"scopes":["r:%s"],"tail":5}`, x.room)
	}},
	{name: "pull", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/r:%s/pull?gen=1", x.room), ""
	}},
	{name: "range", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/r:%s/range", x.room), ""
	}},
	{name: "things", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/r:%s/things?kind=message&ids=m-%s", x.room, x.room), ""
	}},
	{name: "digest", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/r:%s/digest", x.room), ""
	}},
	{name: "receipts", request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/scope/rc:%s/pull?gen=1", x.room), ""
	}},
	{name: "typing", request: func(x roleCell) (string, string, string) {
		return "POST", "/v1/typing", fmt.Sprintf(`{"room":"%s"}`, x.room)
	}},
	{name: "new-file", request: func(x roleCell) (string, string, string) {
		return "POST", "/v1/files", fmt.Sprintf(`{"id":"%s","scope":"r:%s","name":"a.txt","size":1,"type":"","parts":["%s"]}`, x.id, x.room, sha([]byte("x")))
	}},

	{name: "SendMessage", command: func(x roleCell) workroom.Command { return say(x.room, "hello") }},
	{name: "SendMessage", archived: true, command: func(x roleCell) workroom.Command { return say(x.room, "hello") }},
	{name: "EditMessage of another", command: func(x roleCell) workroom.Command {
		return workroom.EditMessage{Room: x.room, Message: "m-" + string(x.room), Text: "x"}
	}},
	{name: "EditMessage of one's own", command: func(x roleCell) workroom.Command {
		return workroom.EditMessage{Room: x.room, Message: "own-" + x.own, Text: "x"}
	}},
	{name: "EditMessage of one's own", archived: true, command: func(x roleCell) workroom.Command {
		return workroom.EditMessage{Room: x.room, Message: "own-" + x.own, Text: "x"}
	}},
	{name: "DeleteMessage of another", command: func(x roleCell) workroom.Command {
		return workroom.DeleteMessage{Room: x.room, Message: "m-" + string(x.room)}
	}},
	{name: "DeleteMessage of one's own", command: func(x roleCell) workroom.Command {
		return workroom.DeleteMessage{Room: x.room, Message: "own-" + x.own}
	}},
	{name: "React", command: func(x roleCell) workroom.Command {
		return workroom.React{Room: x.room, Message: "m-" + string(x.room), Emoji: "👍", On: true}
	}},
	{name: "React", archived: true, command: func(x roleCell) workroom.Command {
		return workroom.React{Room: x.room, Message: "m-" + string(x.room), Emoji: "👍", On: true}
	}},
	{name: "RenameRoom", command: func(x roleCell) workroom.Command { return workroom.RenameRoom{Room: x.room, Name: "Another"} }},
	{name: "RenameRoom", archived: true, command: func(x roleCell) workroom.Command { return workroom.RenameRoom{Room: x.room, Name: "Another"} }},
	{name: "ArchiveRoom", command: func(x roleCell) workroom.Command { return workroom.ArchiveRoom{Room: x.room, Archived: true} }},
	{name: "ArchiveRoom back", archived: true, command: func(x roleCell) workroom.Command { return workroom.ArchiveRoom{Room: x.room} }},
	{name: "AddMember", command: func(x roleCell) workroom.Command { return add(x.room, x.by["nobody"], "all", true) }},
	{name: "AddMember", archived: true, command: func(x roleCell) workroom.Command { return add(x.room, x.by["nobody"], "all", true) }},
	{name: "AddMember of a stranger", command: func(x roleCell) workroom.Command { return add(x.room, x.by["outsider"], "all", true) }},
	{name: "AddMember by way of a room one is not in", command: func(x roleCell) workroom.Command { return add(x.room, x.by["nobody"], "private", true) }},
	{name: "AddMember of oneself", command: func(x roleCell) workroom.Command { return add(x.room, x.me, "all", true) }},
	{name: "RemoveMember", command: func(x roleCell) workroom.Command {
		return workroom.RemoveMember{Room: x.room, Who: x.by["target"].id}
	}},
	{name: "RemoveMember of an admin", command: func(x roleCell) workroom.Command {
		return workroom.RemoveMember{Room: x.room, Who: x.by["second"].id}
	}},
	{name: "RemoveMember of the owner", command: func(x roleCell) workroom.Command {
		return workroom.RemoveMember{Room: x.room, Who: x.by["owner"].id}
	}},
	{name: "SetRole", command: func(x roleCell) workroom.Command {
		return workroom.SetRole{Room: x.room, Who: x.by["target"].id, Role: workroom.Admin}
	}},
	{name: "SetRole of oneself", command: func(x roleCell) workroom.Command {
		return workroom.SetRole{Room: x.room, Who: x.me.id, Role: workroom.Admin}
	}},
	{name: "SetRole of the owner", command: func(x roleCell) workroom.Command {
		return workroom.SetRole{Room: x.room, Who: x.by["owner"].id, Role: workroom.Writer}
	}},
	{name: "SetRole to owner", command: func(x roleCell) workroom.Command {
		return workroom.SetRole{Room: x.room, Who: x.by["target"].id, Role: workroom.Owner}
	}},
	{name: "HandOver", command: func(x roleCell) workroom.Command { return workroom.HandOver{Room: x.room, Who: x.by["target"].id} }},
	{name: "HandOver to oneself", command: func(x roleCell) workroom.Command { return workroom.HandOver{Room: x.room, Who: x.me.id} }},
	{name: "HandOver to a stranger", command: func(x roleCell) workroom.Command {
		return workroom.HandOver{Room: x.room, Who: x.by["outsider"].id}
	}},
	{name: "LeaveRoom", command: func(x roleCell) workroom.Command { return workroom.LeaveRoom{Room: x.room, Who: x.me.id} }},
	{name: "LeaveRoom of another", command: func(x roleCell) workroom.Command {
		return workroom.LeaveRoom{Room: x.room, Who: x.by["target"].id}
	}},
	{name: "SetReceipt", command: func(x roleCell) workroom.Command { return workroom.SetReceipt{Room: x.room, Who: x.me.id, N: 1} }},
	{name: "MakeReport of a message", command: func(x roleCell) workroom.Command {
		return workroom.MakeReport{Who: x.me.id, Person: x.by["target"].id, Name: "N", Room: x.room, Message: "m-" + string(x.room), Reason: workroom.Scam}
	}},
	{name: "MakeReport of a person", command: func(x roleCell) workroom.Command {
		return workroom.MakeReport{Who: x.me.id, Person: x.by["target"].id, Name: "N", Room: x.room, Reason: workroom.Scam}
	}},
	{name: "MakeReport of a stranger", command: func(x roleCell) workroom.Command {
		return workroom.MakeReport{Who: x.me.id, Person: x.by["outsider"].id, Name: "N", Room: x.room, Reason: workroom.Scam}
	}},
	{name: "CreateDirect by way of the room", command: func(x roleCell) workroom.Command {
		return workroom.CreateDirect{Room: workroom.DirectID(x.me.id, x.by["target"].id), Who: x.me.id, Name: "N", Other: x.by["target"].id, OtherName: "O", Via: x.room}
	}},
	{name: "CreateDirect under another pair's id", command: func(x roleCell) workroom.Command {
		return workroom.CreateDirect{Room: workroom.DirectID(x.by["owner"].id, x.by["target"].id), Who: x.me.id, Name: "N", Other: x.by["nobody"].id, OtherName: "O", Via: x.room}
	}},
	{name: "CreateRoom over it", command: func(x roleCell) workroom.Command {
		return workroom.CreateRoom{Room: x.room, Who: x.me.id, Name: "N", As: "N"}
	}},
	{name: "CreateRoom under a pair's id", command: func(x roleCell) workroom.Command {
		return workroom.CreateRoom{Room: workroom.DirectID(x.by["owner"].id, x.by["target"].id), Who: x.me.id, Name: "N", As: "N"}
	}},

	{name: "SendMessage with a file of another", files: true, command: func(x roleCell) workroom.Command {
		return workroom.SendMessage{Room: x.room, Files: []workroom.FileRef{{ID: workroom.FileID("f-" + string(x.room)), Name: "a.bin", Size: 100}}}
	}},
	{name: "DeleteFile of another", files: true, command: func(x roleCell) workroom.Command {
		return workroom.DeleteFile{Room: x.room, File: workroom.FileID("f-" + string(x.room))}
	}},
	{name: "DeleteFile of one's own", files: true, command: func(x roleCell) workroom.Command {
		return workroom.DeleteFile{Room: x.room, File: workroom.FileID("fo-" + x.own)}
	}},
	{name: "parts", files: true, request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/files/f-%s/parts", x.room), ""
	}},
	{name: "download", files: true, request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/files/f-%s", x.room), ""
	}},
	{name: "thumb", files: true, request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/files/f-%s/thumb?w=320", x.room), ""
	}},
	{name: "parts of one's own", files: true, request: func(x roleCell) (string, string, string) {
		return "GET", fmt.Sprintf("/v1/files/fo-%s/parts", x.own), ""
	}},
}
