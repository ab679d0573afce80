package notify

// ReplyAction is the action of a button that answers. Where the desktop has a box for it in the notice, the person writes there and Program.Reply
// is called; elsewhere it is a button like any other.
const ReplyAction = "reply"
