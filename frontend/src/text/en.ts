// Every text a person reads, as functions. Components hold none. A text that
// depends on a number or a name takes it as an argument, so that another language
// can order and inflect it its own way.
import { f } from "./files";
import { bytes } from "./units";

const plural = (n: number, one: string, many: string) =>
  `${n} ${n === 1 ? one : many}`;
const count = (n: number) => n.toLocaleString("en");
/** The characters of the longest message (product.md, limits). */
const longest = 10_000;

export const m = {
  app: () => "Trestle",
  close: () => "Close",
  cancel: () => "Cancel",
  save: () => "Save",
  undo: () => "Undo",
  retry: () => "Retry",
  more: () => "More",
  moreOf: (name: string) => `More for ${name}`,
  copy: () => "Copy",
  copied: () => "Copied",
  optional: () => "Optional",
  showPassword: () => "Show the password",
  hidePassword: () => "Hide the password",

  // The shell
  menu: () => "Menu",
  back: () => "Back",
  forward: () => "Forward",
  goTo: () => "Go to a room, person or contract",
  mainNavigation: () => "Main",
  topStrip: () => "Window",
  messages: () => "Messages",
  messagesUnread: (n: number) =>
    n === 0 ? "Messages" : `Messages, ${n > 99 ? "99+" : n} unread`,
  work: () => "Work",
  diary: () => "Diary",
  settings: () => "Settings",
  me: (name: string) => name,
  sidebar: () => "Sidebar",
  hideSidebar: () => "Hide the sidebar",
  showSidebar: () => "Show the sidebar",
  thisComputer: () => "This computer",
  exampleWorkspace: () => "Example workspace",

  // How far this computer and its service agree (D-06)
  saved: () => "All changes saved",
  sending: (n: number) => `Sending ${plural(n, "change", "changes")}`,
  connecting: () => "Connecting",
  signedOutBanner: () =>
    "This computer is signed out. What you wrote is kept; sign in to send it.",
  programGone: () =>
    "Trestle is not running any more. Start it again; what you wrote is kept.",
  signInAgain: () => "Sign in",
  notSentCount: (n: number) => `${n} not sent`,
  discard: () => "Discard",
  discarded: () => "Discarded",
  edit: () => "Edit",

  // Rooms
  inRoom: (room: string) => `in ${room}`,
  roomLists: () => "Order of the list",
  recent: () => "Recent",
  categories: () => "Categories",
  unread: () => "Unread",
  unreadCount: (n: number, named = false) =>
    named ? `${n} unread, you are mentioned` : `${n} unread`,
  today: () => "Today",
  yesterday: () => "Yesterday",
  earlier: () => "Earlier",
  favourites: () => "Favourites",
  interviews: () => "Interviews",
  rooms: () => "Rooms",
  you: () => "You",
  previewBy: (name: string, text: string) => `${name}: ${text}`,
  draft: () => "Draft:",
  noRooms: () => "No rooms yet",
  noRoomsText: () =>
    "A room opens with each contract. Offer one, open an invitation you were given, or write to somebody you know here.",
  noRoomsLocal: () =>
    "A room opens with each contract. Begin with one for yourself.",
  chooseRoom: () => "Choose a room",
  chooseRoomText: (keys: string) =>
    `Pick one on the left, or press ${keys} and type a name.`,
  roomLeft: (name: string) => `You are no longer in ${name}`,
  roomLeftText: (kept: number) =>
    kept === 0
      ? "What was written there has been removed from this computer. Nothing of yours was left to send."
      : "What was written there has been removed from this computer. What you had not sent yet is kept.",
  roomGone: () => "This room is not here",
  roomGoneText: () =>
    "It was closed to you, or this computer has not fetched it yet.",
  favourite: () => "Add to favourites",
  unfavourite: () => "Remove from favourites",
  members: (n: number) => plural(n, "member", "members"),
  openContract: () => "Workroom",
  contractWith: (name: string) => `Contract with ${name}`,
  details: () => "Files, links and people",
  filesAndLinks: () => "Files & links",
  people: () => "People",
  role: (role: string) =>
    ({
      client: "Client",
      freelancer: "Freelancer",
      owner: "Owner",
      admin: "Admin",
      member: "Member",
    })[role] ?? role,
  youMarked: (name: string) => `${name} (you)`,
  closedRoom: () => "Closed",
  archived: () => "This room is closed. It can be read, not written in.",

  // Messages
  messageLog: (room: string) => `Messages in ${room}`,
  newDivider: () => "New",
  newDividerLong: () => "New messages from here",
  sayHello: () => "Say hello",
  sayHelloText: (name: string, person: boolean) =>
    person
      ? `This is where you and ${name} begin. Write the first message below.`
      : `This is the beginning of ${name}. Write the first message below.`,
  waiting: () => "Waiting to be sent",
  sendingNow: () => "Being sent",
  notSentRow: () => "Not sent.",
  unsentHere: () => "Something in it was not sent",
  isKept: () => "It is kept here.",
  again: () => "Recovered",
  againText: () =>
    "The service was restored from a backup without this message. This computer brought it back.",
  unknownMessage: () =>
    "Written with a newer version of Trestle. Update to see this.",
  toLatest: (n: number) =>
    n > 0 ? `Jump to latest · ${n} new` : "Jump to latest",
  olderLoading: () => "Fetching older messages",
  copyText: () => "Copy text",
  copyAddress: () => "Copy address",
  copyQuote: () => "Reply with a quote",
  messageActions: () => "Message actions",

  // Composer
  write: (room: string) => `Message ${room}`,
  send: () => "Send",
  attach: () => "Attach files",
  capture: () => "Take a screenshot",
  bold: () => "Bold",
  italic: () => "Italic",
  strike: () => "Strikethrough",
  code: () => "Code",
  quote: () => "Quote",
  formatting: () => "Formatting",
  composerSettings: () => "Writing settings",
  enterSends: () => "Enter sends",
  limits: (maxFile: number) => `Files up to ${bytes(maxFile)}`,
  limitsSaved: (maxFile: number) =>
    `Files up to ${bytes(maxFile)} · Draft saved`,
  draftFailed: () => "Draft not saved",
  lettersLeft: (n: number) =>
    n >= 0
      ? plural(n, "character left", "characters left")
      : `${count(longest - n)} of ${count(longest)} characters: shorten it or send a file`,
  dropHere: () => "Drop to attach",
  dropped: (names: string[]) =>
    names.length === 0
      ? "The files become part of your draft"
      : names.join(", "),
  removeFile: (name: string) => `Remove ${name}`,
  uploading: (sent: number, size: number) => `${bytes(sent)} of ${bytes(size)}`,
  uploadStopped: () => "Not sent. The message is back in the box.",
  transfer: (done: number, total: number, left?: number) =>
    done >= total
      ? `${bytes(total)} · almost done`
      : `${bytes(done)} of ${bytes(total)}${left === undefined ? "" : ` · ${left < 90 ? `${left} s` : `${Math.round(left / 60)} min`} left`}`,
  transferWaits: (total: number) => `${bytes(total)} · waits to be sent`,
  notSentFile: () => "Could not be sent",
  stopUpload: (name: string) => `Do not send ${name}`,
  stopDownload: (name: string) => `Stop fetching ${name}`,
  stopTaking: (name: string) => `Do not attach ${name}`,
  fetchAgain: (name: string) => `Fetch ${name} again`,
  emptyFile: (name: string) => `${name} is empty and was left out.`,
  unreadable: (name: string) =>
    `${name} is a folder or cannot be read, and was left out.`,
  tooLarge: (name: string, max: number) =>
    `${name} is larger than ${bytes(max)} and was left out. Send a link to it instead.`,
  tooMany: (max: number, names: string[]) =>
    `A message takes ${max} files; left out: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}.`,
  refused: (name: string, reason: string) =>
    reason.includes(name) ? reason : `${name}: ${reason}`,
  attachFailed: (name: string) => `${name} could not be taken.`,
  pastedPicture: () => "Pasted picture.png",

  // Files
  searchFiles: () => "Search by file name",
  allFiles: () => "All",
  images: () => "Images",
  documents: () => "Documents",
  links: () => "Links",
  thisWeek: () => "Earlier this week",
  noFiles: () => "No files or links yet",
  noFilesText: () => "What is attached or linked in this room is listed here.",
  noFileHit: (text: string) => `No file named “${text}”`,
  notScanned: () => "Files are not scanned on this service",
  download: () => "Download",
  downloadName: (name: string) => `Download ${name}`,
  openFile: (name: string) => `Look at ${name}`,
  notHere: () => "Not on this computer yet",
  picture: (name: string) => `Picture ${name}`,
  previous: () => "Previous",
  next: () => "Next",
  fileBy: (size: number, by: string, when: string) =>
    `${bytes(size)} · ${by} · ${when} · ${f.notScanned()}`,

  // Quick switcher (K-11 a)
  switcher: () => "Go to",
  switcherHint: () => "A room, person or contract",
  switcherRecent: () => "Recent",
  switcherNothing: (text: string) => `Nothing named “${text}”`,
  contracts: () => "Contracts",
  results: (n: number) => plural(n, "result", "results"),
  choose: () => "choose",
  keyEscape: () => "Esc",
  keyEnter: () => "Enter",
  open: () => "open",
  openRoom: () => "Open the room",

  // Captures
  captureGone: () => "This picture is not here",
  captureGoneText: () =>
    "It was handed on or thrown away. Take another one from a room.",

  // First screens
  tagline: () => "Two sides, one place to work.",
  taglineText: () =>
    "Messages, contracts and time, on a service of your own or on this computer alone.",
  where: () => "Where do you work?",
  whereText: () =>
    "On a service your client or team runs, on this computer only, or in an example to look around.",
  wayService: () => "A service",
  wayLocal: () => "This computer",
  wayExample: () => "Example",
  address: () => "Service address",
  addressHint: () => "work.example.org",
  found: () => "Found",
  looking: () => "Looking",
  nothingThere: () =>
    "Nothing answers at this address. Check it, or ask who runs the service.",
  encrypted: (version: string) =>
    `Encrypted connection · Trestle service ${version}`,
  plainHere: (version: string) =>
    `On this computer · Trestle service ${version}`,
  email: () => "E-mail",
  noEmail: () => "This is not an e-mail address.",
  password: () => "Password",
  passwordRule: () => "12 characters or more",
  passwordShort: () => "Use 12 characters or more.",
  name: () => "Your name",
  nameHint: () => "As the other side will see it",
  signIn: () => "Sign in",
  signUp: () => "Create the account",
  haveAccount: () => "I have an account",
  newHere: () => "I am new here",
  accountChoice: () => "Account",
  invitation: () => "Invitation",
  invitationHint: () => "Paste the link you were given",
  createAccount: () => "Create an account",
  joinWith: () => "Join with an invitation link",
  localText: () =>
    "Everything stays on this computer. Nobody else can see it or be invited; contracts are kept for yourself.",
  localStart: () => "Begin on this computer",
  exampleText: () =>
    "A workspace with rooms, contracts and a month of tracked time, all made up. Nothing leaves this computer, and you can leave it whenever you like.",
  exampleStart: () => "Look around",
  needed: () => "This is needed.",

  // Offering a contract
  newContract: () => "New contract",
  newContractLead: () =>
    "An hourly contract. The other side sees all of this before accepting.",
  newContractSelf: () => "An hourly contract with yourself on both sides.",
  title: () => "Title",
  titleHint: () => "What the work is called",
  about: () => "What it is about",
  rate: () => "Rate an hour",
  currency: () => "Currency",
  weeklyLimit: () => "Hours a week, at most",
  noLimit: () => "No limit",
  activityCodes: () => "Activity codes",
  activityCodesText: () =>
    "Your names for kinds of work. The freelancer picks one while tracking.",
  activityCode: () => "Code",
  activityAbout: () => "What belongs here",
  addCode: () => "Add a code",
  removeCode: (code: string) =>
    code === "" ? "Remove this code" : `Remove ${code}`,
  requireActivity: () => "Ask for an activity before the tracker starts",
  shots: () => "Screenshots in the work diary",
  shotsText: () =>
    "Both sides see this before the contract starts. Choose one.",
  shotsChoose: () => "Choose what screenshots the diary may hold.",
  shotPolicy: (policy: string) =>
    ({ none: "None", blurred: "Blurred", full: "Full" })[policy] ?? policy,
  shotPolicyText: (policy: string) =>
    ({
      none: "Only time, memos and counts of input.",
      blurred:
        "About one in ten minutes, made unreadable before it leaves the computer.",
      full: "About one in ten minutes, readable. The freelancer can delete any, with its time.",
    })[policy] ?? "",
  inviteBy: () => "Invite",
  byLink: () => "With a link",
  byEmail: () => "One e-mail address",
  forMyself: () => "For myself",
  inviteEmail: () => "Their e-mail address",
  inviteEmailHint: () => "Only an account with this address can accept.",
  inviteLinkText: () =>
    "Whoever holds the link can accept, once, within 14 days.",
  selfText: () => "You are both sides; it starts at once.",
  offerContract: () => "Offer the contract",
  startContract: () => "Start the contract",
  invitationMade: () => "The offer is made",
  invitationMadeText: () =>
    "Send this link to the other side. It works once, for 14 days.",
  copyLink: () => "Copy the link",
  invitationLink: () => "Invitation link",
  done: () => "Done",
  badAmount: (currency: string) =>
    `Write an amount in ${currency}, such as 45 or 45.50.`,
  badHours: () => "Write whole hours, 1 to 168.",
  doubleCode: () => "This code is there twice.",

  // Answering an offer
  joinContract: () => "Open an invitation",
  joinContractLead: () => "Paste the link the other side sent you.",
  show: () => "Show the offer",
  offerFrom: (name: string) => `${name} offers you a contract`,
  accept: () => "Accept",
  decline: () => "Decline",
  declined: () => "The offer is declined",
  answerWaits: () =>
    "Your answer is kept and goes out by itself. It counts once the service has it.",
  declineAsk: () => "Decline this offer? The client is told.",
  declineFinal: () => "This cannot be undone.",
  backToOffer: () => "Back",
  ownOffer: () => "This is your own offer. Send its link to the other side.",
  offerOver: (status: string) =>
    ({
      active: "This invitation was used already.",
      refused: "This offer was declined.",
      expired: "This invitation has expired. Ask for a new one.",
    })[status] ?? "This offer can no longer be answered.",
  anHour: (amount: string) => `${amount} an hour`,
  hoursAWeek: (n: number) => `${plural(n, "hour", "hours")} a week`,
  idleAfter: (n: number) => plural(n, "minute", "minutes"),
  idle: () => "Idle after",
  activityNeeded: () => "An activity is asked for",
  activityFree: () => "An activity may be left out",
  offerMoved: () =>
    "Changed meanwhile. This is how it stands now; nothing was answered yet.",
  validUntil: (date: string) => `Can be accepted until ${date}`,
  screenshots: () => "Screenshots",

  // Settings
  onThisComputer: () => "This computer",
  theme: () => "Theme",
  themeName: (t: string) =>
    ({ system: "As the system", light: "Light", dark: "Dark" })[t] ?? t,
  zoom: () => "Size",
  zoomValue: (percent: number) => `${percent} %`,
  larger: () => "Larger",
  smaller: () => "Smaller",
  signOut: () => "Sign out",
  quit: () => "Quit Trestle",
  automatic: () => "automatic",
  savedTo: (path: string) => `Saved as ${path}`,
  signOutText: () => "What is not sent yet stays on this computer.",
  service: () => "Service",
  version: (v: string) => `Version ${v}`,
  counting: () => "Keyboard and mouse counts",
  countingOn: () => "Counted while you track: how many, never which keys.",
  licences: () =>
    "Apache License 2.0. Typeface Inter (OFL 1.1), icons Lucide (ISC).",

  // Opening and failing
  starting: () => "Opening",
  cannotOpen: () => "Trestle could not open",
  openedBefore: () =>
    "This address was used already or is too old. Run “trestle open --browser” again for a new one.",
  screenFailed: () => "This screen went wrong",
  screenFailedText: () =>
    "What you did is kept. Try again, or go to another screen.",
  openAgain: () => "Try again",
  linkLeaves: () => "Open this link?",
  linkLeavesText: (host: string) => `It leads to ${host}.`,
  openLink: () => "Open",
  linkRefused: () =>
    "This link is not opened: only web and mail addresses are.",

  /** Words of the page that shows every shared part (#/parts). */
  parts: {
    title: () => "Parts",
    name: () => "Esme Winter",
    person: (i: number) =>
      ["Ann Vale", "Bo Quill", "Cy Reyes", "Dee Said"][i % 4] + " " + i,
    active: () => "Active",
    review: () => "In review",
    line: (id: string, i: number) => `Row ${id}, line ${i + 1}`,
    html: () =>
      '<p>Layers are <code>mark/solid</code>, <strong>three sizes</strong>, <em>softer</em>, <del>gone</del>. <span class="mention">@Esme</span> <a href="https://glass.example/">glass.example</a></p><blockquote><p>Which sizes?</p></blockquote><pre><code>quill export --sizes 16,24</code></pre>',
  },

  /** The sentence for an error: its code decides, Go's own sentence fills in. */
  error: (code: string, message: string) =>
    ({
      bridge: "Something went wrong. What you typed is kept.",
      timeout:
        "This takes too long. It may still finish; try again in a moment.",
      program_gone: "Trestle is not running any more. Start it again.",
      wrong_password: "E-mail address or password is wrong.",
      unreachable: "The service does not answer. What you typed is kept.",
      offline: "There is no connection to the service.",
    })[code] ??
    (message === ""
      ? "Something went wrong. What you typed is kept."
      : message),
};
