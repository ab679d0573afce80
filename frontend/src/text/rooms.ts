// The words of rooms and the people in them: lists, menus, people, about, dialogs (M-01, M-04 to M-09, M-17 to M-21).
const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;

export const r = {
  // The list
  section: (id: string) =>
    ({
      unread: "Unread",
      today: "Today",
      yesterday: "Yesterday",
      earlier: "Earlier",
      favourites: "Favourites",
      interviews: "Interviews",
      rooms: "Rooms",
      people: "People",
      hidden: "Hidden and archived",
    })[id] ?? id,
  begin: () => "New message, room or contract",
  hidden: () => "Hidden",
  favourite: () => "Favourite",
  muted: () => "No notifications",
  mentionsOnly: () => "Notifications of mentions only",
  archived: () => "Archived",
  closed: () => "Closed",

  // The menu of a room (M-19)
  roomMenu: () => "Room menu",
  addFavourite: () => "Add to favourites",
  removeFavourite: () => "Remove from favourites",
  notifyAll: () => "Notifications of all messages",
  notifyMentions: () => "Notifications of mentions",
  notifyNone: () => "No notifications",
  markUnread: () => "Mark as unread",
  markRead: () => "Mark as read",
  notepad: () => "Personal notepad",
  about: () => "About this room",
  hide: () => "Hide",
  unhide: () => "Show in the list again",
  rename: () => "Rename…",
  invite: () => "Invite people…",
  archive: () => "Archive this room",
  unarchive: () => "Unarchive",
  leave: () => "Leave",
  leaveAsOwner: () => "Hand over and leave…",
  exportRoom: () => "Export…",
  hiddenNow: (name: string) => `${name} is hidden`,
  archivedNow: (name: string) => `${name} is archived`,
  leftNow: (name: string) => `You left ${name}`,
  removedNow: (name: string) => `${name} was removed`,

  // Archived
  archivedLine: (open: boolean) =>
    open
      ? "This room is archived. It can be read, not written in."
      : "This room is archived. An owner or admin can open it again.",
  closedLine: () => "This room is closed. It can be read, not written in.",

  // People (M-21)
  invitePeople: () => "Invite people",
  owner: () => "Owner",
  joining: () => "Waiting to join",
  message: () => "Message",
  makeAdmin: () => "Make admin",
  makeMember: () => "Make member",
  handOver: () => "Hand over ownership",
  remove: () => "Remove from room",
  madeAdmin: (name: string) => `${name} is an admin now`,
  madeMember: (name: string) => `${name} is a member now`,
  handedOver: (name: string) => `${name} owns this room now`,
  since: (day: string) => `since ${day}`,
  personMenu: (name: string) => `What to do with ${name}`,

  // About
  aboutTab: () => "About",
  find: () => "Find",
  seePeople: (n: number) => `${plural(n, "member", "members")}: see who`,
  kind: () => "Kind",
  kindOf: (kind: string) =>
    ({
      direct: "Direct messages",
      group: "Group room",
      interview: "Interview",
      contract: "Contract room",
    })[kind] ?? "Room",
  name: () => "Name",
  made: () => "Made",
  madeBy: (day: string, name: string) =>
    name === "" ? day : `${day} by ${name}`,
  members: () => "Members",
  myRole: () => "My role",
  contract: () => "Contract",
  notices: () => "Notifications",
  levels: () => [
    { id: "all", label: "All" },
    { id: "mentions", label: "Mentions" },
    { id: "none", label: "None" },
  ],
  levelText: (level: string) =>
    ({
      all: "You are told of each new message.",
      mentions: "You are told only when somebody mentions you.",
      none: "You are told of nothing in this room.",
    })[level] ?? "",
  exportTitle: () => "Export",
  exportText: () =>
    "Everything you can see here: the messages to read and as data, and the files that are on this computer.",
  exporting: (done: number, total: number) =>
    total === 0 ? "Collecting" : `${done} of ${total}`,
  exportStop: () => "Stop",
  exportStopped: () => "The export was stopped.",

  // Dialogs
  newMessage: () => "New message",
  newMessageLead: () => "Who is it for?",
  newRoom: () => "New group room",
  newRoomLead: () => "For several people. You own it and can invite more.",
  roomName: () => "Name",
  roomNameHint: () => "Such as Website launch",
  people: () => "People",
  findPerson: () => "Find a person by name",
  noPeople: () => "Nobody yet",
  noPeopleText: () =>
    "People you share a room or a contract with are listed here. Somebody new comes in by the invitation to a contract.",
  allIn: (words: string) =>
    words === ""
      ? "Everybody you know is in this room."
      : `Everybody called “${words}” is in this room.`,
  noPerson: (words: string) => `Nobody you know here is called “${words}”.`,
  inRooms: (names: readonly string[]) =>
    names.length === 0
      ? ""
      : names.length <= 2
        ? `in ${names.join(" and ")}`
        : `in ${names[0] ?? ""} and ${names.length - 1} more rooms`,
  contractsWith: (titles: readonly string[]) =>
    titles.length === 1
      ? `contract ${titles[0] ?? ""}`
      : plural(titles.length, "contract", "contracts"),
  already: () => "is in this room",
  taken: (name: string) => `Remove ${name}`,
  create: () => "Create room",
  add: (n: number) => (n === 0 ? "Invite" : `Invite ${n}`),
  inviteTo: (name: string) => `Invite people to ${name}`,
  inviteDirect: () =>
    "These messages stay between the two of you. A new group room is made with everybody.",
  sees: () => "What they can read",
  fromNow: () => "From now on",
  whole: () => "Whole history",
  fromNowText: () => "They see what is written after they join.",
  wholeText: () => "They see everything that was written here.",
  renameTitle: () => "Rename the room",
  handOverTitle: () => "Hand over the room first",
  handOverText: (name: string) =>
    `You own ${name}. Somebody else has to own it before you leave.`,
  handOverNobody: () =>
    "Nobody else is in it. Invite somebody and hand over, or archive the room.",
  handOverAndLeave: () => "Hand over and leave",
  newOwner: () => "New owner",

  // Quick switcher
  roomsAndPeople: () => "Rooms and people",
  commands: () => "Commands",
  narrowTo: (kind: string) =>
    ({
      all: "All",
      room: "Rooms",
      person: "People",
      contract: "Contracts",
      command: "Commands",
    })[kind] ?? kind,
  hiddenRoom: () => "Hidden room",
  searchMessages: (words: string) => `Search messages for “${words}”`,
  peopleCount: (n: number) => plural(n, "person", "people"),
};
