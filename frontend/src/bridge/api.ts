// Generated from the bound methods of the Go package app and their structs. Do not edit.

/** Boot is the first answer a page asks for: who is here, what this computer can do, and what the shell shows around every screen. */
export interface Boot {
  version: string;
  account: Me | null; // absent until one of the three ways in was taken
  caps: Caps;
  settings: Settings;
  sync: Sync;
  notices: string[]; // things to be told once: no tray, no keyring, …
  rescue: RescueView | null; // what became of the store, until it was read
  stuck: StuckView | null; // why the store cannot be used
}

/** Me is the person at this desktop. */
export interface Me {
  id: string;
  name: string;
  email: string;
  service: string; // name or address of the service, or "This computer"
  way: string; // service, local or example
}

/** Caps says what this face on this computer can do, so that nothing is shown that cannot work. */
export interface Caps {
  os: string;
  window: boolean; // a native window, else a browser
  tray: boolean; // a tray host took the icon
  capture: boolean; // a display can be captured
  count: boolean; // keys, clicks and scrolls can be counted
  countWhy: string;
  dialogs: boolean; // native file dialogs
  maxFile: number; // bytes
  invite: boolean; // others can reach this service
  captureWhy: string; // why no display can be captured, a sentence (R9)
}

/** Settings are this computer's own; what Enter does is the account's, once it was chosen. */
export interface Settings {
  theme: string; // system, light or dark
  enterSend: boolean; // Enter sends; else Ctrl+Enter does
  roomList: string; // recent or categories
  zoom: number; // percent, 80 to 200
  notices: boolean; // desktop notices
  hideText: boolean; // notices without content
  badge: boolean; // how much is unread, on the tray and the taskbar
  lastRoom: string;
  folded: string[]; // Folded are the headings of the room list that are folded up.
  hotkeys: HotkeySettings; // Hotkeys work anywhere in the system.
}

/** Sync says how far this computer and its service agree. */
export interface Sync {
  state: string; // online, connecting, offline or signedOut
  settled: boolean; // everything the service has was fetched
  why: string; // a sentence when not online
  waiting: number;
  messages: number; // of those, messages
  notSent: number;
  held: number; // goes only once something that was not sent, or is asked about, is decided
  since: number; // when this state began
  tooOld: boolean; // the service takes nothing from this version any more; reading goes on
  disk: string; // a sentence when the disk is full or read-only
  clock: number; // minutes that this computer's clock is ahead of the service's, 0 before it was reached
}

/** DisplayView is one captured display. */
export interface DisplayView {
  id: string;
  name: string;
  file: string; // for /file/ID
  w: number;
  h: number;
  scale: number; // percent
}

/** CaptureView is a frozen picture with its marks. Doc is the document of the annotator as JSON text. */
export interface CaptureView {
  id: string;
  room: string;
  file: string;
  doc: string;
  taken: number;
  displays: DisplayView[];
  rooms: RoomRow[];
}

/** Draft is what stands in the box of one room. Cursors count as JavaScript does; mentions are as they are stored. */
export interface Draft {
  text: string;
  cursor: number;
  files: FileRow[];
  reply: QuoteRow | null; // the message that is answered
  edit: DraftEdit | null; // the message that is being edited, while the rest waits
}

/** SpansIn asks what a text that is being written is made of. With a room, the mentions of its people are among it; notes reads the larger syntax of a notepad. */
export interface SpansIn {
  room: string;
  text: string;
  notes: boolean;
}

/** SpanRow is a stretch of the text, in the units JavaScript counts. Kind is mark, bold, italic, strike, code, block, quote, link, mention, emoji, heading or list; mark is what is typed to make the others. */
export interface SpanRow {
  from: number;
  to: number;
  kind: string;
}

/** SpansView is the spans of a text, in the order of where they begin, the longer first. They nest. */
export interface SpansView {
  spans: SpanRow[];
}

/** DraftEdit is a message of one's own that stands in the box to be edited. */
export interface DraftEdit {
  message: string;
  text: string; // what it says
  files: boolean; // it carries files, so it may say nothing
  words: string; // what it is to say
  cursor: number;
}

/** MentionsIn asks whom what was typed behind an @ can mean. */
export interface MentionsIn {
  room: string;
  typed: string;
}

/** MentionsView is the people of a room that fit, the likeliest first, at most eight, never oneself. */
export interface MentionsView {
  people: Person[];
}

/** ContactIn asks what a text and files hold that are about to be sent. */
export interface ContactIn {
  room: string; // "" for an offer, which nobody has answered
  text: string; // as it is sent
  files: string[];
  message: string; // that is edited, or ""
}

/** FindRow is a place of the text, in UTF-16 units, and what stands there. */
export interface FindRow {
  from: number;
  to: number;
  kind: string; // phone, email, address, form, application, handle or ask; scheduling or secret
}

/** ContactView is what was found. */
export interface ContactView {
  mode: string; // ask, refuse or off
  free: boolean; // contact details may be shared here
  finds: FindRow[]; // held back until a reason is named
  asks: FindRow[]; // worth a question before it is sent
  files: string[]; // names of files that hold contact details
  reasons: string[]; // that can be named: legal, access, portfolio, not_contact
  named: string; // the reason the message that is edited has already
  remind: boolean; // a document that nobody looks into is attached for the first time
}

/** ContractRow is one line of Your contracts. */
export interface ContractRow {
  id: string;
  title: string;
  status: string; // offered, waiting, active, paused, refused, ended
  side: string; // client, freelancer or both
  other: string;
  room: string;
  seconds: number; // this week
  limit: number;
  tracking: boolean;
  unread: number;
}

/** ContractList is the sidebar of Work. */
export interface ContractList {
  contracts: ContractRow[];
}

/** ActivityRow is an activity code of a contract. */
export interface ActivityRow {
  id: string;
  code: string;
  about: string;
  archived: boolean;
  seconds: number; // tracked under it in all
  colour: number; // 1 to 7, stays the same everywhere
}

/** ContractView is a workroom's Overview and Details. */
export interface ContractView {
  row: ContractRow;
  about: string;
  client: string;
  freelancer: string;
  terms: TermsView;
  activities: ActivityRow[];
  made: number;
  started: number;
  invitation: string; // the link, for the client while offered, if made on this computer
  inviteFor: string; // e-mail address it is meant for
  over: string; // of a refused offer: declined, withdrawn or lapsed
  asker: string; // name of who asked about the offer, "" while nobody did
  week: WeekView; // the present one
  today: CellView[]; // the newest segments of the diary, at most 4
  files: FileRow[]; // newest 10
  people: Person[];
  waiting: string; // what waits for the service, as a sentence
  termsMay: TermsMay;
  pending: TurnRow[]; // what does not count yet: it waits for the service, or for its Monday
  turns: TurnRow[]; // who changed what, newest first (W-29)
  since: number; // Unix ms; paused or ended since then, else 0
}

/** WeekView is a week of a contract: seconds by activity and day, Monday first. */
export interface WeekView {
  contract: string;
  week: string; // Monday, YYYY-MM-DD
  zone: string; // in which the days are cut
  state: string;
  days: string[]; // seven, YYYY-MM-DD
  rows: WeekRow[];
  totals: number[]; // seconds a day
  seconds: number;
  limit: number; // 0 = none
  over: number; // seconds over the limit
  amount: number;
  currency: string;
  rate: number;
  tracked: number; // seconds less the next two
  kept: number; // idle time that was kept
  manual: number;
  activity: number; // percent, average of segments; -1 = not measured
  waiting: number; // segments not at the service yet
  billable: number; // seconds that Amount is for
  late: number; // seconds that came after the freeze
  afterEnd: number; // seconds after the contract's end
  shielded: number; // segments with the protection badge
  expired: number; // segments whose counts are not kept any more: not in Activity, and Shielded may have been more
  sealed: string; // sum of the week's seal, "" if it has none
  settling: Settling; // what stands beside the bill
  steps: StepView[];
  memos: MemoTotal[];
  parts: PartTotal[]; // one for each activity of a day
  may: TimeMay; // what this side may do to the time of the week now
}

/** WeekRow is one activity of a week. */
export interface WeekRow {
  activity: string; // "" = no activity
  code: string;
  colour: number; // 0 = no activity
  days: number[];
  seconds: number;
}

/** MemoTotal is the time of one memo on one day under one activity. */
export interface MemoTotal {
  activity: string;
  day: string;
  memo: string;
  seconds: number;
}

/** PartTotal is what one activity of a day comes down to: how many segments hold some of it, and the activity level of its minutes. */
export interface PartTotal {
  activity: string;
  day: string;
  segments: number;
  expired: number; // those of them whose counts are not kept any more: not in Level
  level: number; // percent; -1 = not measured
}

/** StepView is one step of a week's life: working, corrections, review, invoice. */
export interface StepView {
  name: string; // open, adjust, review, closed
  at: number; // when it ends
  now: boolean;
}

/** DayView is a day of the work diary. */
export interface DayView {
  contract: string;
  day: string; // YYYY-MM-DD in Zone
  zone: string;
  week: WeekView;
  hours: HourView[];
  seconds: number;
  side: string;
  may: TimeMay; // to the day as a whole: to any of it
}

/** HourView is one row of the diary: six cells, and the runs of equal labels above them. */
export interface HourView {
  label: string; // "09:00"
  runs: RunView[];
  cells: CellView[];
}

/** RunView is a header over neighbouring cells: "[Activity]: memo". */
export interface RunView {
  from: number; // index of its first cell, 0 to 5
  span: number;
  activity: string; // "No activity" when there is none
  memo: string;
  colour: number;
  more: number; // further pieces in the first cell: "+n"
}

/** CellView is a ten-minute segment. Cell 0 seconds = nothing was tracked. */
export interface CellView {
  cell: number; // Unix seconds / 600
  start: number;
  label: string; // "09:10"
  until: string;
  seconds: number;
  activity: string;
  code: string;
  colour: number;
  memo: string;
  more: number;
  kind: string; // tracked, manual, kept_idle; tracked where mixed
  kept: number; // of its seconds, idle time that was kept
  manual: number; // of its seconds, written in by hand
  boxes: string; // ten of a (active), i (inactive), u (untracked), p (present, not measured)
  active: number;
  touched: number;
  counted: boolean;
  minutes: MinuteView[];
  keys: number;
  mouse: number;
  shot: ShotView | null;
  waiting: boolean; // not at the service yet
  open: boolean; // being tracked now
  flags: string[];
  over: number; // of its seconds, beyond the weekly limit
  late: number; // came after the freeze
  afterEnd: number; // after the contract's end
  shadowed: number; // seconds that were tracked here too and belong to something else; not in Seconds
  shielded: boolean; // carries the protection badge
  shots: (ShotView | null)[]; // of all devices, in order of time
  pieces: PieceView[];
  cuts: CutMark[];
  may: TimeMay;
  gone: number; // since when its counts are not kept any more, 0 while they are or where none were taken
  unsaid: boolean; // whether it was protected cannot be said any more: only its counts could, and they are gone
  looks: number; // how often its pictures were looked at: for the freelancer by others, else by oneself
}

/** MinuteView is one minute's counts; -1 = not measurable. */
export interface MinuteView {
  at: number; // Unix minute
  keys: number;
  clicks: number;
  scrolls: number;
}

/** ShotView is a diary screenshot or the reason for none. */
export interface ShotView {
  file: string; // for /file/ID; "" when none or blurred
  seed: string; // data of a blurred one, base64 JPEG
  at: number;
  w: number;
  h: number;
  displays: number;
  reason: string;
  gone: number; // of reason expired: since when
  files: ShotFile[]; // Files are the pictures of all displays, the first one's first; [] when blurred or none. File, W and H are the first's.
}

/** ShotFile is the picture of one display. */
export interface ShotFile {
  file: string; // for /file/ID
  w: number;
  h: number;
}

/** FileRow is a file in a message, a draft or the files panel. */
export interface FileRow {
  id: string;
  name: string;
  size: number;
  type: string;
  picture: boolean; // a picture of which a thumbnail can be shown
  w: number;
  h: number;
  by: string;
  at: number;
  sent: number; // bytes uploaded so far
  state: string; // here, remote, uploading, fetching or failed
  reason: string; // a sentence when failed
  room: string;
  kind: string; // picture, text, pdf, document, audio, video, archive, page, program or other
  program: boolean; // opening it could run it
  message: string; // the message it stands in, in the files panel
  deleted: number; // Deleted is when somebody took its bytes away, and DeletedBy who; CanDelete that this account may.
  deletedBy: string;
  canDelete: boolean;
  was?: string; // Was is what a file was called that is taken in under another name, because other systems could not keep its own.
}

/** FilesIn asks for the files and links of a room. */
export interface FilesIn {
  room: string;
  words: string; // that stand in the name, or in the address of a link; "" = any
  group: string; // images, documents, media, other, links; "" = all
  before: string; // the id of a file: those that were sent before it; in the group of links, of a message
}

/** FilesView is the Files & links panel: newest first. */
export interface FilesView {
  files: FileRow[];
  links: LinkRow[];
  more: boolean; // there are more files, here
  further: string; // the message before which no links were looked for yet, here; "" = none
  older: boolean; // there is history at the service that is not here yet
  loading: boolean; // some of it is being fetched
}

/** ShareIn sends staged files as a message of their own. ID is the message's, made by the page. */
export interface ShareIn {
  id: string;
  room: string;
  files: string[];
}

/** FileIn names a file of a room. */
export interface FileIn {
  room: string;
  file: string;
}

/** TextView is a text file as it is shown. */
export interface TextView {
  text: string;
}

/** OpenedFile says how far the opening of a file outside got: opened, or fetching it first. */
export interface OpenedFile {
  state: string;
}

/** ChangedFile is a file that was opened or saved from a room, and then changed on this computer's disk (D-07). */
export interface ChangedFile {
  id: string; // of the copy on the disk
  room: string;
  roomName: string;
  name: string;
  path: string;
  at: number; // when that was noticed
}

/** ChangedFiles are those that are asked about. */
export interface ChangedFiles {
  files: ChangedFile[];
  polled: boolean; // Polled says that this computer does not tell of changes, so that they are looked for each minute.
}

/** SendVersionIn sends a changed file as a new version; Message is the id of the message, made by the page. */
export interface SendVersionIn {
  id: string;
  message: string;
}

/** DropFolderRow is a folder whose new files become attachments of a contract's room (D-08). */
export interface DropFolderRow {
  contract: string;
  title: string;
  room: string;
  path: string; // "" = the contract has none
  makes: string; // the folder that is made if the person chooses none
  state: string; // watched, polled or missing; "" for none
}

/** DropFolders are the contracts that may have a folder, and those that have one. */
export interface DropFolders {
  folders: DropFolderRow[];
}

/** DroppedView is what a drop folder added to the draft of a room. It comes by event "added". */
export interface DroppedView {
  room: string;
  roomName: string;
  files: FileRow[];
  refused: Refused[];
}

/** ImportPiece is a part of a file of time that the page, or the command line, hands over: one after the other, each at its place. */
export interface ImportPiece {
  id: string; // made by the caller; the same for all pieces of a file
  name: string;
  at: number; // bytes before it
  body: string; // base64
}

/** ImportFile is a file that was chosen with the system's dialog. It comes by event "importfile". */
export interface ImportFile {
  id: string;
  name: string;
  reason: string; // a sentence if it was not taken
}

/** ImportMatch says what a name of the file is here. */
export interface ImportMatch {
  name: string;
  to: string; // a contract's or an activity's id; "-" = none
}

/** ImportIn says how a file is to be read. */
export interface ImportIn {
  id: string;
  zone: string; // IANA name; "" = this computer's
  order: string; // of day and month: ymd, dmy or mdy; "" = as the file says
  person: string; // whose rows: an address or a name of the file; "" = one's own, or the only one
  contract: string; // where the time goes if all of the file is of one project that no contract is called by
  projects: ImportMatch[];
  tasks: ImportMatch[]; // Name "" is of rows without a task; To is a code
  memo: string; // for rows without one
  show: string; // add, there, refused; "" = all
  skip: number; // rows before the first one answered
}

/** ImportName is a name that stands in the file, and what it is here. */
export interface ImportName {
  name: string;
  rows: number;
  to: string; // a contract's id, a code, or whether a person is chosen; "" = nothing, "-" = left out on purpose
}

/** ImportContract is a contract time can go to. */
export interface ImportContract {
  id: string;
  title: string;
  client: string;
  codes: string[];
  why: string; // why no time can be written in there
}

/** ImportRow is a line of the file and what becomes of it. */
export interface ImportRow {
  line: number;
  from: number; // 0 if it cannot be read
  to: number;
  project: string;
  contract: string; // its title
  task: string;
  memo: string;
  code: string;
  seconds: number;
  state: string; // add, there or refused
  why: string; // a sentence when refused
  notes: string[]; // sentences
  inWay: SpanView[]; // what it overlaps
  reason: string; // the kind of refusal, to count by
}

/** ImportReason counts the rows that are refused for one reason. */
export interface ImportReason {
  reason: string;
  rows: number;
  why: string; // the sentence of the first
}

/** ImportView is what importing a file would do. Nothing is written by it. */
export interface ImportView {
  id: string;
  name: string;
  layout: string; // toggl, clockify, solidtime or trestle
  letters: string; // an encoding that had to be guessed
  left: string[]; // columns that are not taken over
  zone: string;
  zoneName: string;
  order: string; // "" while it must be said
  orders: string[];
  sample: string; // a date of the file that can be read in two ways
  people: ImportName[];
  projects: ImportName[];
  tasks: ImportName[]; // that need an activity, or have one that is not known
  contracts: ImportContract[];
  rows: ImportRow[];
  more: number; // rows behind those answered
  all: number;
  add: number;
  there: number;
  refused: number;
  seconds: number; // of the rows to add
  reasons: ImportReason[];
}

/** ImportState is how far an import is. It comes by event "import". */
export interface ImportState {
  id: string;
  state: string; // going, done or cancelled
  done: number; // rows
  total: number;
  added: number; // rows that are in
  seconds: number; // of these
  refused: ImportRow[]; // those that were to be added and were not, the first 100
  failed: number; // how many
  until: number; // Unix ms until which all of it can be taken back without a trace
}

/** ImportUndone is what was taken back. */
export interface ImportUndone {
  rows: number;
  seconds: number;
  deleted: number; // seconds that the service had already and that are deleted, for good
  standing: number; // seconds that can no longer be changed
}

/** LooksIn asks who looked at the screenshots of a contract: at all of them, or with a Cell (Unix seconds / 600) at those of one segment. */
export interface LooksIn {
  contract: string;
  cell: number;
  zone: string;
}

/** LooksView is the log of looks, newest first. Shown says that this side reads everybody's; else these are one's own, which the freelancer reads too. */
export interface LooksView {
  rows: LookRow[];
  shown: boolean;
}

/** LookRow is one look at one segment's picture. */
export interface LookRow {
  who: string; // name
  me: boolean;
  at: number; // Unix ms
  cell: number; // the segment of the picture
  label: string; // "09:10", when it begins
  day: string; // of the segment
  large: boolean; // more than the small picture of the day's grid
  waiting: boolean;
}

/** MessageRow is one message. */
export interface MessageRow {
  id: string;
  author: string;
  name: string;
  role: string;
  mine: boolean;
  html: string; // made safe by the markup package
  text: string; // as written, for Copy and Edit
  at: number;
  num: number; // 0 while waiting
  state: string; // sent, waiting, sending, failed, or unknown: of a newer version
  again: boolean; // the service lost it in a restore, and this computer brought it back
  code: string;
  reason: string; // a sentence when failed, or when the service put it off
  retry: boolean; // it failed, and sending it again can help
  files: FileRow[];
  edited: number; // when its words were last changed, 0: never
  deleted: number; // when its author took it away: nothing of it is left
  removed: boolean; // with Deleted: the service's administrator took it away, not its author
  bookmarked: boolean; // it is among my bookmarks
  auto: boolean; // the service wrote it for somebody who is away
  changing: boolean; // the service has the message, and a change of it waits
  unsaved: UnsavedRow | null; // the newest change of it that was refused; absent: none
  reply: QuoteRow | null;
  reactions: ReactionRow[];
  contact: string; // why its author says it holds contact details: legal, access, portfolio or not_contact
  hint: string; // what its reader should know: asks, pays
}

/** QuoteRow is the message that another one answers, as it stands now: an answer names it and repeats nothing of it, so that what was edited or deleted is so in every quote. */
export interface QuoteRow {
  id: string;
  name: string;
  text: string; // one line
  state: string; // here, deleted, removed by an administrator, folded: of somebody one blocked, or away: older than what this computer holds
}

/** UnsavedRow is a change of a message that the service refused. It stands in Not sent too, under the same id: Outbox.Retry and Outbox.Discard decide about it. */
export interface UnsavedRow {
  id: string;
  what: string; // edit or deletion
  text: string; // what the message was to say, as it was written; "" for a deletion
  code: string;
  reason: string; // a sentence
  retry: boolean; // sending it again can help
}

/** ReactionRow is one emoji under a message. */
export interface ReactionRow {
  emoji: string;
  count: number;
  mine: boolean;
  names: string[]; // who, oneself last
}

/** WordingRow is what a message said at a time. */
export interface WordingRow {
  html: string; // made safe by the markup package
  text: string;
  at: number; // since when it said so
}

/** WordingsView is what an edited message said before, newest first. What it says now is not among them. */
export interface WordingsView {
  wordings: WordingRow[];
}

/** EmojiRow is one emoji of the panel. */
export interface EmojiRow {
  emoji: string;
  label: string;
  group: number; // 0 smileys, 1 people, 3 animals, 4 food, 5 travel, 6 activities, 7 objects, 8 symbols, 9 flags
  names: string[]; // as typed between colons
  search: string[];
}

/** EmojiView is the panel's table, in the order in which it is shown. */
export interface EmojiView {
  emoji: EmojiRow[];
}

/** MessageIn names a message of a room. */
export interface MessageIn {
  room: string;
  message: string;
}

/** RewordIn gives a message other words. */
export interface RewordIn {
  room: string;
  message: string;
  text: string;
  reason: string; // as SendIn's
}

/** ReactIn puts one's emoji under a message, or takes it away. */
export interface ReactIn {
  room: string;
  message: string;
  emoji: string;
  on: boolean;
}

/** NoteView is the notepad of a room: what it says, as text and as safe HTML. */
export interface NoteView {
  text: string;
  html: string;
  at: number; // when the text last changed, ms; 0 for one never written
  waits: boolean; // Waits is set while the service has not got it yet.
  other: OtherNote | null; // Other is set while another text stands beside this one, because both changed the same lines: the person chooses (M-35).
}

/** OtherNote is the text that stands beside a notepad's, and the mark that says which one was looked at. */
export interface OtherNote {
  text: string;
  html: string;
  at: number;
  mark: string;
}

/** NoteIn puts a text into the notepad of a room, in the place of the one the page showed. */
export interface NoteIn {
  room: string;
  base: string; // what the page showed before the person changed it
  text: string;
  chosen: string; // Chosen is the mark of the other text, where the person decided between the two.
}

/** PersonSeen is what is known now of somebody one shares a room with. */
export interface PersonSeen {
  id: string;
  state: string; // on, away or off
  zone: string; // IANA name of the time zone; "" while unknown
  away: AbsenceSeen | null;
}

/** AbsenceSeen is what somebody who is out of office lets others read. Days are YYYY-MM-DD. */
export interface AbsenceSeen {
  first: string;
  last: string;
  text: string;
}

/** SeenIn asks about people. */
export interface SeenIn {
  ids: string[];
}

/** SeenView answers SeenIn; Known is false while the service cannot be asked, when nothing is known of anybody. */
export interface SeenView {
  known: boolean;
  people: PersonSeen[];
}

/** UsedIn says whether the window is being used. Zone is the time zone of this computer, "" where it cannot be told. */
export interface UsedIn {
  used: boolean;
  zone: string;
}

/** PrivacyView is what others are told of oneself. */
export interface PrivacyView {
  presence: boolean; // whether one is here
  receipts: boolean; // how far one has read
  zone: string;
}

/** PrivacyIn changes what it names. */
export interface PrivacyIn {
  presence: boolean | null;
  receipts: boolean | null;
}

/** ReceiptsView is how far the other members of a room have read it, as they tell; On is false while one does not tell oneself, when nothing is shown either. */
export interface ReceiptsView {
  on: boolean;
  receipts: ReceiptRow[];
}

/** ReceiptRow is one member and the number of the last message they have read. What was written before From, in ms, they cannot see. */
export interface ReceiptRow {
  id: string;
  name: string;
  num: number;
  from: number;
}

/** NoticeRow is one line of the bell: something the person was told of, or would have been. */
export interface NoticeRow {
  id: string;
  topic: string; // mentions, messages, offers, contract, limit or unsent
  room: string;
  contract: string;
  title: string; // of the room or contract
  by: string; // who wrote it, "" for several or nobody
  text: string;
  at: number;
  count: number; // messages it stands for
  place: string; // where it leads
  fresh: boolean; // it came after the bell was last looked at
}

/** NoticeList is the bell: the notices of the last 30 days, newest first. */
export interface NoticeList {
  rows: NoticeRow[];
}

/** FreshView says how many notices came since the bell was last looked at. */
export interface FreshView {
  fresh: number;
}

/** TopicRow is a topic and whether the person is told of it. */
export interface TopicRow {
  id: string;
  on: boolean;
}

/** QuietView are the quiet hours: minutes after midnight in Zone, and the days that are quiet as a whole, 0 for Sunday. */
export interface QuietView {
  on: boolean;
  from: number;
  to: number;
  zone: string;
  rest: number[];
}

/** LevelRow is a room of which other notices are wanted than of the rest. */
export interface LevelRow {
  room: string;
  name: string;
  level: string; // mentions or none
}

/** RulesView is what the account is told of, on all its devices. */
export interface RulesView {
  off: boolean;
  topics: TopicRow[];
  every: number; // minutes; 0: at once
  quiet: QuietView;
  levels: LevelRow[];
  why: string; // a sentence when this computer shows no notices
}

/** RulesIn changes what it names. */
export interface RulesIn {
  off: boolean | null;
  topics: TopicRow[];
  every: number | null;
  quiet: QuietView | null;
}

/** OfficeView is the out-of-office responder. */
export interface OfficeView {
  on: boolean;
  text: string;
  plain: string; // the text as one line without markup
  html: string; // the text as others see it, made safe by the markup package
  first: string; // YYYY-MM-DD, "" if none was chosen
  last: string;
  zone: string;
  from: number; // when the absence begins and ends; 0: no dates
  to: number;
  now: boolean; // others read now that the person is away
  over: boolean;
}

/** OfficeIn changes what it names; the dates come together, in a time zone. */
export interface OfficeIn {
  on: boolean | null;
  text: string | null;
  first: string;
  last: string;
  zone: string;
}

/** OfferView is what the holder of an invitation link sees before accepting. */
export interface OfferView {
  contract: string;
  title: string;
  about: string;
  client: string;
  terms: TermsView;
  activities: string[];
  email: string;
  expires: number;
  status: string; // offered, active, refused, expired
  service: string;
  mine: boolean; // one's own offer
  room: string; // of the offer, if I am in it: I asked about it, or made it
  over: string; // of a refused one: declined, withdrawn or lapsed
  rev: number; // of what is shown, to answer about just that
  waiting: AnswerWaits | null; // my answer, while it waits for the service
}

/** OfferBar is the offer in its interview room: what either side may do about it, and how it ended. */
export interface OfferBar {
  contract: string;
  status: string; // offered, expired or refused
  over: string; // of a refused one: declined, withdrawn or lapsed
  mine: boolean; // I made it
  client: string; // name
  asker: string; // name of who asked about it, "" while nobody did
  terms: TermsView;
  expires: number; // Unix ms, 0 where it is not known
  link: string; // the invitation's, on the computer where it was made and while nobody used it
  inviteFor: string; // the address it is meant for
  rev: number; // of what is shown, to answer about just that
  waiting: AnswerWaits | null; // my answer, while it waits for the service
}

/** AnswerWaits is an answer to an offer that the service has not taken yet. Outbox.Discard takes it back. */
export interface AnswerWaits {
  id: string;
  what: string; // ask, accept, decline or withdraw
  undo: boolean; // it has surely not reached the service
}

/** UnsentRow is one thing a person did that the service does not have. */
export interface UnsentRow {
  id: string;
  what: string; // message, edit, deletion, erasure, reaction, unreaction, time, screenshot, activity, contract, ask, accept, decline, withdraw, bookmark, favourite, unfavourite, hide, unhide, level, notices, away, notepad, privacy, writing, direct, block, unblock, report, room, rename, archive, unarchive, add, remove, leave, admin, member, handover, recode, rememo, swap, cut, manual, terms, pause, resume, end, lower, approve, dispute, file or unknown
  state: string; // rejected, quarantined or confirm; or how it waits: queued, sending, later, waiting, held
  where: string; // name of the room or contract; "" when it is not here any more
  room: string; // to go there, "" when it cannot be shown
  place: string; // scope of the room or contract it was done in, also when that is closed
  by: string; // who made the offer that was answered
  about: string; // the beginning of the message that it is about, as that stands
  text: string; // what it says, in plain text
  source: string; // the same as it was written, for Copy
  files: FileRow[]; // those of a message, each with how far it is
  code: string;
  reason: string; // a sentence; "" while it only waits
  at: number; // when it was done
  from: number; // of tracked time, 0 otherwise
  until: number;
  activity: string; // its code
  now: string; // what stands there now, where it changed meanwhile
  link: string; // of the offer to look at again, where it changed before it was answered
  behind: number; // how many of its room wait until this one is decided
  retry: boolean; // sending it again can help
  discard: boolean; // it can be thrown away: it has surely not reached the service
  edit: boolean; // it can be taken back into the box it was written in
  bytes: boolean; // this program cannot read it; its bytes can be saved
}

/** UnsentGroup is what one refusal took along: everything of a room or contract that is closed. */
export interface UnsentGroup {
  id: string;
  where: string;
  code: string;
  reason: string;
  rows: UnsentRow[];
}

/** NotSentView is the Not sent drawer: what a person must decide about, and what is on its way. */
export interface NotSentView {
  groups: UnsentGroup[];
  rows: UnsentRow[]; // each refused for itself, oldest first
  waiting: UnsentRow[]; // the oldest of what waits
  more: number; // how many wait beyond those
}

/** EditedOut says in which room a message was put back into the box. */
export interface EditedOut {
  room: string;
  draft: Draft;
}

/** WordsOut is what the program put behind the words in the box of a room. */
export interface WordsOut {
  room: string;
  text: string;
}

/** Document is a file for a person to keep, for a face that saves it itself. Where the window asks with the system's dialog it is empty. */
export interface Document {
  name: string;
  text: string;
}

/** OutboxRow is one command that waits to be sent. */
export interface OutboxRow {
  id: string;
  op: string;
  lane: string;
  state: string; // queued, sending, later, waiting, held, rejected, quarantined, confirm
  at: number;
  attempts: number;
  code: string;
  reason: string;
}

/** OutboxView is the whole outbox, oldest first. */
export interface OutboxView {
  rows: OutboxRow[];
}

/** MayView is what I may do in a room, by its kind and my role in it. */
export interface MayView {
  write: boolean;
  rename: boolean;
  archive: boolean;
  unarchive: boolean;
  add: boolean; // people, into this room; from a direct room into a new one
  roles: boolean; // make admins, and members again
  handOver: boolean;
  leave: boolean;
  leaveWhy: string; // LeaveWhy says why not: owner (hand over first), contract (its two sides stay) or direct; "" where one may.
}

/** PrefIn sets what I keep about a room for myself. What is null stays as it is. */
export interface PrefIn {
  room: string;
  favourite: boolean | null;
  hidden: boolean | null;
  level: string | null; // all, mentions or none
}

/** NewRoomIn makes a group room with people in it. */
export interface NewRoomIn {
  room: string; // its id, made by the caller so that asking twice makes one; "" = made here
  name: string;
  people: string[]; // accounts
  whole: boolean; // they see the whole history, else what is written from now on
}

/** PersonIn names an account. */
export interface PersonIn {
  account: string;
}

/** DirectView is the direct room with somebody, which need not be there yet: the first message makes it. */
export interface DirectView {
  room: string;
  here: boolean;
  name: string; // of the other person
  why: string; // why nothing can be sent to them: blocked; "" if it can
}

/** AddIn lets people into a room. In a direct room that makes a new group room, called Name or by the names of those in it. */
export interface AddIn {
  room: string;
  people: string[];
  whole: boolean;
  name: string;
}

/** MemberIn names a member of a room. */
export interface MemberIn {
  room: string;
  account: string;
}

/** RoleIn makes a member an admin, or an admin a member. */
export interface RoleIn {
  room: string;
  account: string;
  role: string; // admin or member
}

/** RenameIn gives a room another name. */
export interface RenameIn {
  room: string;
  name: string;
}

/** ArchiveIn closes a group room for writing, or opens it again. */
export interface ArchiveIn {
  room: string;
  archived: boolean;
}

/** MemberRow is one person of a room's People. */
export interface MemberRow {
  id: string;
  name: string;
  role: string; // owner, admin, member, client or freelancer
  me: boolean;
  owner: boolean; // owns the room, whatever the role is called
  since: number;
  waiting: boolean; // the service does not know of it yet
  canRemove: boolean;
  canAdmin: boolean; // be made an admin
  canMember: boolean; // be made a member again
  canHandOver: boolean;
  canMessage: boolean; // in a direct room
  canBlock: boolean;
  blockWhy: string; // contract: an active one stands between us; blocked: they are already; "" where one can
}

/** MembersView is a room's People: owner and admins first, then by name. */
export interface MembersView {
  members: MemberRow[];
  may: MayView;
}

/** PeopleIn searches the address book. */
export interface PeopleIn {
  query: string; // the beginning of a word of the name; "" = everybody
  limit: number; // 0 = 50
}

/** PlaceRow is a room or contract in which one knows somebody. */
export interface PlaceRow {
  id: string;
  name: string;
}

/** KnownRow is a person of the address book with where one knows them from. */
export interface KnownRow {
  id: string;
  name: string;
  rooms: PlaceRow[];
  contracts: PlaceRow[];
  direct: string; // our direct room, if it is here
  blocked: boolean;
  at: number; // of the newest message in a room we share
}

/** PeopleView is the address book: everybody one shares a room or contract with, those one met lately first. */
export interface PeopleView {
  people: KnownRow[];
  more: boolean;
}

/** TimeReportIn asks for a report of time. Days are of Zone, both included; an empty list filters nothing. An empty id among Activities is time without one. */
export interface TimeReportIn {
  from: string; // YYYY-MM-DD
  to: string;
  zone: string; // IANA name, "" = UTC
  group: string[]; // of freelancer, contract, activity, day, week, month, client, kind, memo
  clients: string[];
  contracts: string[];
  people: string[];
  activities: string[];
  kinds: string[]; // of tracked, manual, kept_idle, over_limit, late
  week?: string; // Week is the Monday of the only week of the contracts that is meant, YYYY-MM-DD in UTC: its edges are no midnights of other zones.
}

/** TimeSum is a row of a report: its keys in the order asked for, and seconds and minor units. */
export interface TimeSum {
  keys: string[];
  seconds: number;
  billable: number;
  manual: number;
  amount: number;
  currency: string;
}

/** MoneyView is an amount in minor units. */
export interface MoneyView {
  amount: number;
  currency: string;
}

/** TimeFacet is something a report can be filtered by, with what it would hold if that filter let it through. */
export interface TimeFacet {
  id: string;
  name: string;
  about: string;
  colour: number; // of an activity: 1 to 7
  archived: boolean;
  seconds: number;
}

/** TimeReport is a report. Rows are grouped as asked for, Chart by day and activity, or by week where there are many days. */
export interface TimeReport {
  from: string;
  to: string;
  zone: string;
  zoneName: string; // "Europe/Berlin (UTC+1)"
  group: string[];
  rows: TimeSum[];
  chart: TimeSum[]; // keys: day or week, activity
  chartBy: string;
  seconds: number;
  billable: number;
  manual: number;
  week: number; // seconds of the present week among them
  money: MoneyView[];
  clients: TimeFacet[];
  contracts: TimeFacet[];
  people: TimeFacet[];
  activities: TimeFacet[]; // the first has an empty id: no activity
  kinds: TimeFacet[];
  empty: string[]; // of an empty report: each filter that alone holds everything back; "dates" if none does
  trackers: number;
  adjusted: TimeAdjusted[]; // Adjusted are the lines beside the bills of the weeks that end in these days; none where activities or kinds are chosen. Bill is Money with them, and Approved the seconds of late time that they pay.
  bill: MoneyView[];
  approved: number;
}

/** TimeAdjusted is a line beside the bill of a contract's week. */
export interface TimeAdjusted {
  id: string;
  contract: string;
  title: string;
  freelancer: string;
  week: string; // its Monday
  kind: string; // late or dispute
  seconds: number;
  amount: number;
  currency: string;
  text: string;
}

/** BudgetRow is one hourly contract's limit and use. */
export interface BudgetRow {
  contract: string;
  title: string;
  other: string;
  side: string; // client, freelancer or both
  status: string;
  rate: number;
  currency: string;
  limit: number; // seconds a week, 0 = none
  week: number; // seconds of this week
  over: number; // of these beyond the limit
  amount: number;
  total: number; // seconds in all
  spent: number; // minor units in all
  require: boolean;
  codes: number; // that can be picked on it
}

/** CodeRow is an activity code of one's own list, and the contracts it can be picked on. */
export interface CodeRow {
  id: string;
  code: string;
  about: string;
  archived: boolean;
  colour: number;
  seconds: number;
  contracts: string[];
}

/** BudgetsView is Reports › Budgets: the contracts, and the list of codes of which one is the client. */
export interface BudgetsView {
  budgets: BudgetRow[];
  codes: CodeRow[];
  manage: boolean; // one is the client of some contract
}

/** CodeIn adds, renames, archives or restores a code everywhere. An empty ID makes a new one; it is assigned to Contracts. */
export interface CodeIn {
  id: string;
  code: string;
  about: string;
  archived: boolean;
  contracts: string[];
}

/** AssignIn lets codes be picked on contracts, or no longer. */
export interface AssignIn {
  codes: string[];
  contracts: string[];
  on: boolean;
}

/** TimeExportIn asks for a report as a file: csv with a layout, xlsx, pdf or json. */
export interface TimeExportIn {
  report: TimeReportIn;
  format: string;
  layout: string; // of CSV: trestle, toggl, clockify, solidtime or kimai
  mark: boolean; // a byte order mark before CSV
}

/** TimeFile is an exported file, whole. */
export interface TimeFile {
  name: string;
  body: string; // base64
}

/** SavedReport is a report with its filters under a name, kept on this computer. */
export interface SavedReport {
  id: string;
  name: string;
  use: string; // freelancer, activity or everyone
  range: string; // week, lastWeek, weeks4, month, lastMonth; "" = the days of Report
  swap: boolean;
  report: TimeReportIn;
}

/** SavedReports are all of them, by name. */
export interface SavedReports {
  list: SavedReport[];
}

/** RoomRow is one line of the room list. */
export interface RoomRow {
  id: string;
  name: string;
  kind: string; // direct, group, interview or contract
  contract: string;
  other: string; // who else is in it, by name
  person: string; // the account of the only other member, if there is one
  members: number; // how many people are in it
  role: string; // my own
  preview: string;
  by: string; // whose line the preview is; "" = mine
  mine: boolean;
  at: number;
  unread: number;
  named: boolean; // what is unread names me
  heard: boolean; // somebody else wrote in it: it can be marked as unread
  favourite: boolean;
  hidden: boolean; // put aside by me; the searches find it
  level: string; // what I am told of: all, mentions or none
  draft: string;
  failed: boolean; // what the preview shows was refused
  unsent: boolean; // something else of the room was
  archived: boolean; // it can be read, not written in
  may: MayView; // what I may do there
}

/** RoomList is the sidebar. */
export interface RoomList {
  rooms: RoomRow[];
  unread: number;
}

/** Person is a member of a room. */
export interface Person {
  id: string;
  name: string;
  role: string;
  me: boolean;
  left: boolean; // no longer in the room; only where names of the past are needed
  business: boolean; // a Business client, marked by the service's administrator
}

/** RoomView is a room as its page shows it, with the newest window of messages. */
export interface RoomView {
  id: string;
  name: string;
  kind: string;
  contract: string;
  status: string; // of the contract
  favourite: boolean;
  archived: boolean;
  people: Person[];
  may: MayView;
  made: number;
  madeBy: string; // who made it, by name; "" where that is not known
  draft: Draft;
  unread: number;
  firstNew: string; // id of the first unread message that is here
  window: Window;
  offer: OfferBar | null; // Offer is the offer of an interview room, absent in other rooms and for those who are no side of it.
  deleteWithin: number; // DeleteWithin is how long after it was sent one's own message may be deleted, in ms; 0: any time.
}

/** Window is a run of messages, oldest first. More says that older ones exist; Loading that they are being fetched. */
export interface Window {
  room: string;
  messages: MessageRow[];
  more: boolean;
  loading: boolean;
  atEnd: boolean; // no newer ones follow
  last: number; // number of the room's newest message, as far as this computer knows
}

/** LinkRow is a link shared in a room. */
export interface LinkRow {
  message: string; // in which it stands
  url: string;
  host: string;
  by: string;
  at: number;
}

/** BlockIn names whom to block; Name is what they are called where one met them. */
export interface BlockIn {
  account: string;
  name: string;
}

/** BlockedRow is somebody I blocked. */
export interface BlockedRow {
  id: string;
  name: string;
  at: number;
}

/** BlockedView is whom I blocked, by name. */
export interface BlockedView {
  people: BlockedRow[];
  active: string[]; // accounts with which I have an active contract: they cannot be blocked
}

/** ReportMessageIn reports a message of a room, or somebody of a room where Message is empty, to the service's administrator. */
export interface ReportMessageIn {
  room: string;
  message: string;
  account: string; // whom; with a message its author
  reason: string; // spend, contact, payment, account, skills, scam, abuse or other
  note: string; // needed for other
}

/** ReportRow is one of my reports. */
export interface ReportRow {
  id: string;
  person: string; // their name
  room: string; // its name, if it is here
  reason: string;
  note: string;
  at: number;
  waiting: boolean; // the service does not have it yet
  outcome: string; // "" = not decided, dismissed, warned, removed or suspended
  decided: number;
}

/** ReportsView is what I reported, newest first. */
export interface ReportsView {
  reports: ReportRow[];
}

/** StandingView is what the administrator wrote to my account; empty texts where they wrote nothing. */
export interface StandingView {
  suspended: string; // why nothing can be sent
  suspendedAt: number;
  warned: string;
  warnedAt: number;
}

/** FindIn is what was typed, for one room or all, and which page of it. */
export interface FindIn {
  text: string;
  room: string; // find in this room; "" = in all
  from: number; // FindView.Next of the page before; 0 = the first
}

/** FindView is a page of hits, newest first. */
export interface FindView {
  asked: boolean; // something can be searched for
  hits: HitRow[];
  next: number; // leads to older hits; 0 = these are the last
  chips: ChipRow[];
  indexing: boolean; // something that is here cannot be found yet: ask again in a moment
  behind: string[]; // names of the rooms searched whose older messages are at the service only; with the first page
  rooms: RoomHits[]; // where hits are, most first, also outside of what in: asks for; with the first page of a search in all rooms
  over: boolean; // there are more hits than Rooms counts
}

/** ChipRow is an operator as typed, or a word that cannot be searched for. */
export interface ChipRow {
  op: string; // from, in, before, after; "" for a word
  value: string;
  day: string; // of before and after, as 2006-01-02
  bad: string; // why it is left out, a sentence; "" = it counts
  without: string; // what was typed, without it
}

/** HitRow is a message or a file that was found. */
export interface HitRow {
  id: string;
  kind: string; // message or file
  room: string;
  roomName: string;
  contract: string;
  closed: boolean; // the room is kept to be read
  message: string; // where it stands
  author: string;
  name: string;
  at: number;
  waiting: boolean; // not at the service yet
  parts: Part[];
  files: FileRow[];
  folded: boolean; // written by somebody one blocked: nothing of it is told here, the room shows it when asked
}

/** Part is a piece of a found text; Hit is set on what was searched for. */
export interface Part {
  text: string;
  hit: boolean;
}

/** RoomHits is how many hits a room has. */
export interface RoomHits {
  room: string;
  name: string;
  contract: string;
  hits: number;
}

/** FetchOut is what came of asking the service for older messages. */
export interface FetchOut {
  more: boolean; // there are older ones still
  reason: string; // why it ended early, a sentence; "" = it did not
}

/** Settling is what stands beside the bill of a week: late time, lines that adjust it, and the dispute there is of it. */
export interface Settling {
  reviewEnds: number; // Unix ms
  lateOpen: number; // seconds that came late and are not approved
  lateWorth: number; // what approving all of them would add, in minor units
  approve: boolean; // this side may approve them now
  adjusted: AdjustmentRow[]; // oldest first
  dispute: DisputeView | null; // the open one, else the newest; null for none
  begin: boolean; // this side may open one now
}

/** AdjustmentRow is a line beside the bill of a week. Amount is in minor units, below 0 what the client gets back. */
export interface AdjustmentRow {
  id: string;
  kind: string; // late or dispute
  at: number; // Unix ms
  by: string; // name of who approved or accepted
  mine: boolean;
  seconds: number; // of late time
  amount: number;
  text: string;
  waiting: boolean; // for the service
}

/** DisputeView is a dispute of a week (W-38). State is open, settled or withdrawn. */
export interface DisputeView {
  id: string;
  week: string;
  state: string;
  by: string;
  mine: boolean;
  at: number; // Unix ms
  closed: number;
  texts: DisputeText[];
  offer: DisputeOffer | null; // the newest, null for none
  may: DisputeMay;
  waiting: boolean; // something done to it waits for the service
}

/** DisputeText is what one side has to say. Folded are the words of somebody one blocked: money matters go on, and their words are shown when asked. */
export interface DisputeText {
  by: string;
  mine: boolean;
  at: number;
  text: string;
  folded: boolean;
}

/** DisputeOffer is an amount to settle by, in minor units, below 0 what the client gets back. */
export interface DisputeOffer {
  by: string;
  mine: boolean;
  at: number;
  mark: number; // names it, to accept just this one
  amount: number;
  text: string;
  folded: boolean; // the words, as of a DisputeText
}

/** DisputeMay says what this side may do to a dispute now. */
export interface DisputeMay {
  write: boolean;
  offer: boolean;
  accept: boolean;
  withdraw: boolean;
}

/** ApproveIn approves late time of a week: that of some segments, or all that is shown as open. */
export interface ApproveIn {
  contract: string;
  week: string; // any day of it, YYYY-MM-DD
  cells: number[]; // Unix seconds / 600; none = all
  zone: string; // of the answer
}

/** DisputeIn opens a dispute of a week, with the first words about it. */
export interface DisputeIn {
  contract: string;
  week: string; // any day of it
  text: string;
  zone: string;
}

/** DisputeActIn does something to a dispute: writes Text, offers Amount, accepts the offer named Mark, or withdraws it. */
export interface DisputeActIn {
  contract: string;
  week: string;
  id: string;
  text: string;
  amount: number;
  mark: number;
  zone: string;
}

/** StorageView is what the Settings page says of the data on this computer. */
export interface StorageView {
  folder: string; // of the account's data
  backups: string; // folder of the backups
  size: number; // of the store, in bytes
  list: BackupView[]; // newest first
  making: boolean; // one is being made
}

/** BackupView is one backup of the store. */
export interface BackupView {
  id: string; // its file's name
  at: number;
  size: number;
  reason: string; // daily, by-hand, pre (before an update) or part
  whole: boolean; // false: only what cannot be fetched again from the service
}

/** RescueView says what became of a damaged store, or of one in whose place a backup was put. It is told until the person has read it. */
export interface RescueView {
  at: number;
  where: string; // folder in which the old files lie
  backup: number; // when the backup was made that took their place; 0 = none, everything is fetched again
  unsent: number; // of what was not sent, how many are here
  drafts: number;
  lost: number; // rows of what was not sent that could not be read
  chosen: boolean; // the person brought the backup back; nothing was damaged
}

/** StuckView says why the store cannot be used. It can be exported from all the same. */
export interface StuckView {
  code: string; // newer, other_account, damaged or disk_read_only
  text: string;
  folder: string;
}

/** TermsView is what both sides agreed on. */
export interface TermsView {
  rate: number; // minor units an hour
  currency: string;
  limit: number; // seconds a week, 0 = none
  requireActivity: boolean;
  shots: string; // none, blurred or full
  idleMinutes: number;
  manual?: boolean; // time may be written in by hand
  segments?: boolean; // billed by whole segments
  keepDays?: number; // Days after their week for which pictures and input counts are kept, and days after its end in which a week is reviewed; 0 = as usual, 90 and 5.
  reviewDays?: number;
}

/** TermsMay says what of a contract this side may change now. Why is the sentence of the first that it may not, "" if it may everything. */
export interface TermsMay {
  rate: boolean; // upwards; downwards by AskRate
  agree: boolean; // a lower rate is asked for, and this side may answer
  limit: boolean;
  manual: boolean;
  activity: boolean;
  shots: boolean;
  idle: boolean;
  keep: boolean;
  review: boolean;
  pause: boolean;
  resume: boolean;
  end: boolean;
  why: string;
}

/** TurnRow is one thing that became of a contract. What is rate, limit, manual, activity, shots, idle, keep, review, paused, resumed, ended, rate_asked, rate_declined, rate_withdrawn (a lower rate, Now), approved (late time), disputed, answered, offered, settled or withdrawn (a dispute of a week); of a term Was and Now are its values: minor units an hour, seconds a week ("0" = no limit), "true" or "false", none, blurred or full, minutes, days. */
export interface TurnRow {
  id: string;
  at: number; // Unix ms
  by: string; // name
  mine: boolean;
  what: string;
  was: string;
  now: string;
  from: number; // Unix ms from when it counts; 0 = from the next start of the tracker
  reason: string; // of an end: done, unneeded, terms, quality or other
  text: string;
  week: string; // Monday of the week it is about, "" for none
  seconds: number; // approved
  amount: number; // approved, offered or settled by, in minor units
  needs: string; // of a lower rate that is asked for: me, them, or "" for anything else
  mark: number; // names it, to answer just that
  waiting: boolean; // for the service
}

/** ChangeTermsIn changes the terms that Set names, by the words of TurnRow.What, to those of Terms. */
export interface ChangeTermsIn {
  contract: string;
  set: string[];
  terms: TermsView;
}

/** AskRateIn asks the freelancer for a lower rate, in minor units an hour. */
export interface AskRateIn {
  contract: string;
  rate: number;
}

/** AnswerRateIn agrees to a lower rate that is asked for, or does not; the client withdraws it without Agree. Mark is TurnRow.Mark. */
export interface AnswerRateIn {
  contract: string;
  mark: number;
  agree: boolean;
}

/** EndIn ends a contract. Text is needed where the reason is other. */
export interface EndIn {
  contract: string;
  reason: string; // done, unneeded, terms, quality or other
  text: string;
}

/** EditTimeIn changes memo or activity of what a contract has in some segments, or with no Cells between two moments (Unix ms). Only what Set names is changed. An empty Activity is "No activity". With Bare only time without an activity is meant. */
export interface EditTimeIn {
  contract: string;
  cells: number[]; // Unix seconds / 600
  from: number;
  to: number;
  setMemo: boolean;
  memo: string;
  setActivity: boolean;
  activity: string; // id
  bare?: boolean;
}

/** CutIn names what is to be deleted or swapped: segments, or with no Cells the time between two moments (Unix ms). */
export interface CutIn {
  contract: string;
  cells: number[];
  from: number;
  to: number;
}

/** TimePart is a stretch of one slice as it was before an edit. */
export interface TimePart {
  slice: string;
  from: number; // Unix ms
  to: number;
  what: string; // memo or activity
  value: string;
}

/** TimeDone says what an edit changed. Undo takes it back by Diary.Restore; it is empty where that is not possible. */
export interface TimeDone {
  seconds: number;
  segments: number;
  undo: TimePart[];
}

/** RestoreIn takes an edit back. */
export interface RestoreIn {
  contract: string;
  parts: TimePart[];
}

/** CutView says what deleting would take, before it does. */
export interface CutView {
  seconds: number;
  segments: number;
  shots: number;
  label: string; // "14:20–14:30", in the viewer's zone
}

/** ManualIn writes time in by hand: whole minutes, in Unix ms. With Fill only the gaps between what is there are filled. */
export interface ManualIn {
  contract: string;
  from: number;
  to: number;
  memo: string;
  activity: string; // id, or "" for none
  fill: boolean;
}

/** SpanView is a stretch of time, in Unix ms. */
export interface SpanView {
  from: number;
  to: number;
  what: string; // of a clash: the contract's title, or that it was deleted there
}

/** ManualOut is what was written in, or, with nothing written in, what stands in the way. */
export interface ManualOut {
  added: SpanView[];
  clashes: SpanView[];
}

/** TimeMay says what this side may do to some time now. Why is the sentence of the first that it may not, "" if it may everything. */
export interface TimeMay {
  memo: boolean;
  activity: boolean;
  cut: boolean;
  swap: boolean;
  manual: boolean;
  why: string;
}

/** PieceView is a stretch of a segment under one activity and one memo. */
export interface PieceView {
  slice: string;
  from: number; // Unix ms
  to: number;
  activity: string;
  code: string;
  memo: string;
  kind: string; // tracked, kept_idle or manual
  flags: string[];
  shadowed: boolean; // Shadowed says that something else owns this time: it is shown hatched and never billed. To whom it went only the freelancer is told.
  owner: string;
}

/** CutMark says that time of a segment was deleted. */
export interface CutMark {
  by: string; // name
  at: number;
  seconds: number; // that were there when it was deleted
}

/** TimeLogRow is one line of the log of a diary: who changed what. */
export interface TimeLogRow {
  at: number;
  who: string;
  what: string; // memo, activity, cut, owner, manual; expired, without Who: pictures and counts of the week are not kept any more
  from: number;
  to: number;
  seconds: number;
  value: string; // the memo, or the activity's code
  waiting: boolean;
}

/** TimeLog is the log of a day, newest first. */
export interface TimeLog {
  rows: TimeLogRow[];
}

/** SealView is one week as it was checked. State is open (not closed yet), waiting (closed, the service has not sealed it yet), good, changed (the rows here are not those that were sealed) or rewritten (the seal is another than the one this computer saw before). */
export interface SealView {
  week: string;
  state: string;
  n: number;
  sum: string;
  seconds: number;
  amount: number;
  rows: number;
  why: string[];
}

/** VerifyView is the check of a contract's closed weeks, oldest first. Head is the sum of the newest seal: both sides have the same. */
export interface VerifyView {
  contract: string;
  good: boolean;
  head: string;
  weeks: SealView[];
}

/** ReadingIn says that somebody reads or is in a call: idle time is an hour meanwhile. */
export interface ReadingIn {
  on: boolean;
}

/** TrackerView is the panel, the chip and the tray. */
export interface TrackerView {
  state: string; // stopped, tracking, idle (question open)
  contract: string;
  title: string;
  activity: string;
  code: string;
  colour: number;
  memo: string;
  since: number; // start of this stretch
  seconds: number; // of this stretch, at At
  at: number;
  cell: CellView | null; // this segment
  today: number; // seconds on this contract, in the viewer's day
  week: number;
  limit: number; // 0 = none
  waiting: number;
  shot: PendingShot | null;
  lastShot: ShotView | null;
  away: AwayView | null;
  note: string; // a sentence to be told, e.g. after a crash
  offer: boolean; // the note offers to start again
  contracts: ContractRow[]; // those that can be tracked
  codes: ActivityRow[]; // of the chosen contract
  required: boolean; // the chosen contract asks for an activity
  shots: string; // its policy; while tracking that of what runs
  idle: number; // its idle minutes, likewise
  changes: TurnRow[]; // terms of the chosen contract that changed since the last start on it
  counted: boolean;
  countWhy: string;
  aways: AwayView[]; // every open question, oldest first
  reading: boolean; // "in a call or reading"
  unbilled: boolean; // goes on beyond the limit by choice
  lostTo: string; // the computer that tracks now instead of this one, "" for none
  next: TrackerView | null; // the contract that was asked for while another runs, as it would begin
}

/** PendingShot is a screenshot that leaves this computer at Leaves unless it is deleted. */
export interface PendingShot {
  id: string;
  file: string;
  title: string;
  taken: number;
  leaves: number;
  blur: boolean; // it is or becomes blurred
  files: string[]; // Files are the pictures of all displays, the first of them File; [] when blurred.
}

/** AwayView is the question after idle time. */
export interface AwayView {
  from: number;
  until: number; // 0 = still away
  code: string;
  canKeep: boolean; // not after more than 8 hours
  id: string;
  contract: string;
  title: string;
  activity: string;
  memo: string;
  why: string; // idle, lock or suspend
  expires: number; // the freeze of its week: until then it can be answered
}

/** AddressIn names a service. */
export interface AddressIn {
  address: string;
}

/** ServiceView is what answered at an address. */
export interface ServiceView {
  url: string;
  name: string;
  version: string;
  open: boolean; // anyone may sign up; else an invitation is needed
  encrypted: boolean;
}

/** SignUpIn makes an account on a service. */
export interface SignUpIn {
  address: string;
  name: string;
  email: string;
  password: string;
  link: string; // invitation link, where one was given
}

/** SignInIn signs in on a service. */
export interface SignInIn {
  address: string;
  email: string;
  password: string;
}

/** LocalIn begins to work on this computer only. */
export interface LocalIn {
  name: string;
}

/** IDIn names one thing. */
export interface IDIn {
  id: string;
}

/** RoomIn names a room. */
export interface RoomIn {
  room: string;
}

/** OlderIn asks for the messages before one. */
export interface OlderIn {
  room: string;
  before: string; // message id
}

/** SendIn is a message. ID is made by the page, a UUIDv7, so that the row it painted at once is the row that comes back. */
export interface SendIn {
  id: string;
  room: string;
  text: string;
  files: string[]; // ids of staged files
  reply: string; // the message it answers, or ""
  to: string; // whom a direct room that is not yet is for; "" for every other
  reason: string; // Reason is why it holds contact details before a contract: legal, access, portfolio or not_contact; "" if it holds none.
}

/** DraftIn keeps what is being written in a room. */
export interface DraftIn {
  room: string;
  text: string;
  cursor: number;
  files: string[];
  to: string; // whom a direct room that is not yet is for; "" for every other
  reply: string; // the message that is answered
  edit: string; // the message that is being edited, what it is to say, and the cursor in that
  words: string;
  place: number;
}

/** ReadIn says up to which message number a room was read. */
export interface ReadIn {
  room: string;
  num: number;
}

/** FavouriteIn keeps a room among the favourites, or not. */
export interface FavouriteIn {
  room: string;
  favourite: boolean;
}

/** StageIn turns bytes that the page put (PUT /bridge/put/ID) into a file that can be attached. */
export interface StageIn {
  put: string;
  name: string;
  room: string;
}

/** Refused is a file that was not taken, with the reason as a sentence. */
export interface Refused {
  name: string;
  reason: string;
  code?: string;
}

/** Staged is what became of files that a person chose, dropped or pasted. It is also the payload of the event "drop". */
export interface Staged {
  files: FileRow[];
  refused: Refused[];
}

/** SavedOut is where a file went. */
export interface SavedOut {
  path: string; // "" = the person closed the dialog
}

/** FoundLink is a link to be opened outside. Sure is set after the person saw the real host. */
export interface FoundLink {
  url: string;
  text: string;
  sure: boolean;
}

/** OpenedLink answers FoundLink: opened, or Ask with the host to be confirmed. */
export interface OpenedLink {
  ask: boolean;
  host: string;
}

/** NewContractIn is an offer. */
export interface NewContractIn {
  id: string; // made by the page, UUIDv7
  title: string;
  about: string;
  terms: TermsView;
  activities: ActivityIn[];
  email: string; // whom the link is for; "" = whoever holds it
  self: boolean; // for oneself: both sides, starts at once
  reason: string; // as SendIn's
}

/** ActivityIn is an activity code to add or change. An empty ID adds one. */
export interface ActivityIn {
  contract: string;
  id: string;
  code: string;
  about: string;
  archived: boolean;
}

/** NewContractOut is the offer as it was written down, and the link that invites the other side ("" for oneself). */
export interface NewContractOut {
  contract: ContractRow;
  link: string;
  mail: string; // mailto: address with the link in the text
}

/** InviteIn names an offer: by its invitation link as pasted or, one's own or one that was asked about, by its contract. */
export interface InviteIn {
  link: string;
  contract: string;
  rev: number; // of the offer that was shown; 0 for whatever it is now
}

/** DayIn asks for a day or week of the diary. Day is any day YYYY-MM-DD, "" = today. Zone is an IANA name, "" = the viewer's own. */
export interface DayIn {
  contract: string;
  day: string;
  zone: string;
}

/** TrackerIn asks for the tracker with the codes of a contract; "" = the one tracked or last used. */
export interface TrackerIn {
  contract: string;
}

/** TrackIn starts tracking, or changes what is tracked. */
export interface TrackIn {
  contract: string;
  activity: string; // id, or "" for none
  memo: string;
  unbilled?: boolean; // even if the weekly limit is reached
  unseen?: boolean; // asked for where nobody need be at this computer's screen: refused while it is locked
}

/** AwayIn answers a question after idle time: discard, continue, keep or assign. Question is its id, "" = the oldest. Contract, Activity and Memo say to what the time is assigned. */
export interface AwayIn {
  what: string;
  question?: string;
  contract?: string;
  activity?: string;
  memo?: string;
  unseen?: boolean; // as in TrackIn
}

/** GrabIn freezes the screen. Room is where the picture is meant for, "" = not known yet. */
export interface GrabIn {
  room: string;
  delay: number; // seconds, 0 to 10
}

/** ChooseIn takes one of several displays. */
export interface ChooseIn {
  id: string;
  display: string;
}

/** MarksIn keeps the marks of a capture. Doc is the annotator's document as JSON text. */
export interface MarksIn {
  id: string;
  doc: string;
}

/** FinishIn flattens a capture and hands it on. */
export interface FinishIn {
  id: string;
  doc: string;
  room: string;
  caption: string;
  message: string; // id of the message, made by the page, when it is sent
}

/** PictureIn opens a received or attached picture in the annotator. */
export interface PictureIn {
  file: string;
  room: string;
}

/** WatchIn names what is on screen, "" for nothing. */
export interface WatchIn {
  room: string;
  contract: string;
}

/** Brought says where a program that already runs shows what another start of it asked for. */
export interface Brought {
  shown: string; // window, or page: one that is open in a browser goes there; "" where nobody sees it yet
  url: string; // then, the address that opens a page there, once
}

/** BookmarkIn keeps a message among one's bookmarks, or not. */
export interface BookmarkIn {
  room: string;
  message: string;
  on: boolean;
}

/** CompactIn asks for a form of the window: "" for the whole, panel or pill. */
export interface CompactIn {
  form: string;
}

/** HotkeySettings are the combinations of keys that work anywhere in the system. */
export interface HotkeySettings {
  on: boolean;
  track: string; // starts or stops tracking; as "Ctrl+Alt+T", "" for none
  capture: string; // freezes the screen for the room that was open last
}

/** HotkeysView says which of them work. */
export interface HotkeysView {
  why: string; // a sentence where this system lets no program listen; known once they are on
  problems: HotkeyProblem[];
}

/** HotkeyProblem is a combination that does not work, and why. */
export interface HotkeyProblem {
  action: string; // track or capture
  code: string; // taken, forbidden, double, absent, malformed or unsupported
  text: string; // the same as a sentence
}

/** PlaceIn is a link of our own, or the place it names, as ParsePlace answers it. */
export interface PlaceIn {
  link: string;
}

/** PlaceView is where a link of our own leads: a path of the pages. */
export interface PlaceView {
  path: string;
}

/** TimeLinesIn asks for the stretches of time behind a number of a report. */
export interface TimeLinesIn {
  report: TimeReportIn;
  memo: string;
  any: boolean; // of every memo
  skip: number; // stretches before the first one answered
}

/** TimeLine is one stretch of time: where it stands in the diary, and what it counts. */
export interface TimeLine {
  contract: string;
  title: string;
  freelancer: string;
  day: string; // of the report's zone
  from: number;
  to: number;
  cell: number; // the segment it begins in
  memo: string;
  code: string;
  colour: number;
  kind: string; // tracked, manual, kept_idle, over_limit or late
  seconds: number;
  amount: number;
  currency: string;
}

/** TimeLines are stretches of time, oldest first. */
export interface TimeLines {
  rows: TimeLine[];
  more: number; // behind those answered
}

/** ExportView is how far a room is on its way into a file. It comes by event "export". */
export interface ExportView {
  id: string; // of the export; in a browser the file is fetched under it once it is done
  name: string;
  done: number; // messages and files
  total: number;
  state: string; // going, done, failed or cancelled
  reason: string; // a sentence when failed
}

/** MarkRoomIn says of a whole room that it is read, or not. */
export interface MarkRoomIn {
  room: string;
  read: boolean;
}

/** PartIn is something that is to be done in a room unless it is taken back: to leave it, to remove somebody, or to hand it over to them. */
export interface PartIn {
  room: string;
  what: string; // leave, remove or handover
  account: string; // whom to remove or to hand over to; empty with leave
}

/** SheetView is one of them. */
export interface SheetView {
  id: string;
  title: string;
  html: string; // safe to insert
}

/** SheetsView are all of them. */
export interface SheetsView {
  sheets: SheetView[];
}

/** TrackerPrefs are what a person chose for the tracker on this computer. What a contract asks for is in its terms. */
export interface TrackerPrefs {
  preview: number; // seconds a screenshot is shown before it may leave, 10 to 600
  sound: boolean; // a short tone when one is taken
  blur: boolean; // every one is blurred before anything is kept
  main: boolean; // the main display alone, else all
  onTop: boolean; // the mini tracker stays above other windows
  login: boolean; // Trestle starts in the tray when the person signs in
  canAuto: boolean; // this system can be asked to do so
}

/** TestShotView is a picture taken to see that pictures can be taken. It is nowhere but on the page. */
export interface TestShotView {
  picture: string; // base64 JPEG; "" when none could be taken
  at: number;
  displays: number;
  reason: string; // as a ShotView's
}

/** OpenIn names a room, and what of it the page shows: from message First to message Last, or on to the newest where Last is "". Without First it is opened: with its newest messages, or at the first that is not read. */
export interface OpenIn {
  room: string;
  to: string; // the account a direct room is with that is not there yet, or ""
  first: string;
  last: string;
}

/** NewerIn asks for the messages after one. */
export interface NewerIn {
  room: string;
  after: string; // message id
}

/** AroundIn asks for the messages around a place: a message, the first of a moment, or one of a number. Without any it is where what is not read begins. */
export interface AroundIn {
  room: string;
  message: string;
  at: number; // Unix ms
  num: number;
}

/** AroundView is a window around a place. Place is the message that stands there. It is "" where that is not on this computer yet: then Loading says that more of it has come from the service and the same is to be asked again, and Reason why no more comes now. */
export interface AroundView {
  window: Window;
  place: string;
  reason: string;
}

/** TransferView is how far a file is on its way: being taken into the program, to the service, or from it. It comes by event "transfer". */
export interface TransferView {
  id: string; // of the file; while it is being taken, of the put or a name of its own
  room: string;
  name: string; // while it is being taken
  way: string; // stage, upload or download
  done: number; // bytes
  total: number;
  state: string; // going, done, failed or cancelled
  reason: string; // a sentence when failed
}

/** StagedPut is what became of bytes that the page put. It comes by event "staged". */
export interface StagedPut {
  put: string;
  files: FileRow[];
  refused: Refused[];
}

/** RecentView is a contract, an activity and a memo that were tracked together on this account, and when they were last. */
export interface RecentView {
  contract: string;
  title: string;
  activity: string; // "" = none
  code: string;
  colour: number;
  memo: string;
  at: number; // when it was tracked last
}

/** RecentOut is what was tracked lately, the newest first. */
export interface RecentOut {
  recent: RecentView[];
}

/** Calls names every bound method with what it takes and answers. */
export interface Calls {
  'Shell.Asked': { in: void; out: PlaceView };
  'Shell.Boot': { in: void; out: Boot };
  'Shell.Bring': { in: PlaceIn; out: Brought };
  'Shell.Compact': { in: CompactIn; out: void };
  'Shell.Invite': { in: PlaceIn; out: FoundLink };
  'Shell.Look': { in: RoomIn; out: void };
  'Shell.OpenLink': { in: FoundLink; out: OpenedLink };
  'Shell.Place': { in: PlaceIn; out: PlaceView };
  'Shell.Quit': { in: void; out: void };
  'Shell.Set': { in: Settings; out: Settings };
  'Shell.Status': { in: void; out: Sync };
  'Shell.SyncNow': { in: void; out: Sync };
  'Shell.Watch': { in: WatchIn; out: void };
  'Start.Example': { in: void; out: Boot };
  'Start.Local': { in: LocalIn; out: Boot };
  'Start.Look': { in: AddressIn; out: ServiceView };
  'Start.SignIn': { in: SignInIn; out: Boot };
  'Start.SignOut': { in: void; out: Boot };
  'Start.SignUp': { in: SignUpIn; out: Boot };
  'Rooms.Add': { in: AddIn; out: RoomIn };
  'Rooms.Archive': { in: ArchiveIn; out: void };
  'Rooms.Around': { in: AroundIn; out: AroundView };
  'Rooms.Bookmark': { in: BookmarkIn; out: void };
  'Rooms.Delete': { in: MessageIn; out: void };
  'Rooms.DeleteFile': { in: FileIn; out: void };
  'Rooms.DeleteSoon': { in: MessageIn; out: void };
  'Rooms.Direct': { in: PersonIn; out: DirectView };
  'Rooms.Emoji': { in: void; out: EmojiView };
  'Rooms.Export': { in: RoomIn; out: ExportView };
  'Rooms.Favourite': { in: FavouriteIn; out: void };
  'Rooms.Files': { in: FilesIn; out: FilesView };
  'Rooms.HandOver': { in: MemberIn; out: void };
  'Rooms.Leave': { in: RoomIn; out: void };
  'Rooms.List': { in: void; out: RoomList };
  'Rooms.MarkRoom': { in: MarkRoomIn; out: void };
  'Rooms.MarkUnread': { in: MessageIn; out: void };
  'Rooms.Members': { in: RoomIn; out: MembersView };
  'Rooms.New': { in: NewRoomIn; out: RoomIn };
  'Rooms.Newer': { in: NewerIn; out: Window };
  'Rooms.Newest': { in: RoomIn; out: Window };
  'Rooms.Older': { in: OlderIn; out: Window };
  'Rooms.OlderFiles': { in: RoomIn; out: void };
  'Rooms.Open': { in: OpenIn; out: RoomView };
  'Rooms.PartSoon': { in: PartIn; out: void };
  'Rooms.People': { in: PeopleIn; out: PeopleView };
  'Rooms.React': { in: ReactIn; out: void };
  'Rooms.Read': { in: ReadIn; out: void };
  'Rooms.Remove': { in: MemberIn; out: void };
  'Rooms.Rename': { in: RenameIn; out: void };
  'Rooms.Reword': { in: RewordIn; out: MessageRow };
  'Rooms.SaveDraft': { in: DraftIn; out: Draft };
  'Rooms.Send': { in: SendIn; out: MessageRow };
  'Rooms.Set': { in: PrefIn; out: void };
  'Rooms.SetRole': { in: RoleIn; out: void };
  'Rooms.StopExport': { in: IDIn; out: void };
  'Rooms.Undelete': { in: MessageIn; out: void };
  'Rooms.Unpart': { in: PartIn; out: void };
  'Rooms.Wordings': { in: MessageIn; out: WordingsView };
  'Safety.Block': { in: BlockIn; out: void };
  'Safety.Blocked': { in: void; out: BlockedView };
  'Safety.MyReports': { in: void; out: ReportsView };
  'Safety.Report': { in: ReportMessageIn; out: void };
  'Safety.Standing': { in: void; out: StandingView };
  'Safety.Unblock': { in: BlockIn; out: void };
  'Compose.Mentions': { in: MentionsIn; out: MentionsView };
  'Compose.Spans': { in: SpansIn; out: SpansView };
  'Contact.Look': { in: ContactIn; out: ContactView };
  'Contact.Reminded': { in: void; out: void };
  'Search.Fetch': { in: FindIn; out: FetchOut };
  'Search.Find': { in: FindIn; out: FindView };
  'Attachments.Fetch': { in: IDIn; out: FileRow };
  'Attachments.Open': { in: IDIn; out: OpenedFile };
  'Attachments.Pick': { in: RoomIn; out: Staged };
  'Attachments.Save': { in: IDIn; out: SavedOut };
  'Attachments.Share': { in: ShareIn; out: void };
  'Attachments.Stage': { in: StageIn; out: void };
  'Attachments.Stop': { in: IDIn; out: EditedOut };
  'Attachments.Text': { in: IDIn; out: TextView };
  'Watching.Changed': { in: void; out: ChangedFiles };
  'Watching.Choose': { in: IDIn; out: void };
  'Watching.Folders': { in: void; out: DropFolders };
  'Watching.Forget': { in: IDIn; out: void };
  'Watching.Make': { in: IDIn; out: void };
  'Watching.NotNow': { in: IDIn; out: void };
  'Watching.SendVersion': { in: SendVersionIn; out: void };
  'Watching.Stop': { in: IDIn; out: void };
  'Watching.TakeBack': { in: FileIn; out: void };
  'Outbox.Bytes': { in: IDIn; out: Document };
  'Outbox.Discard': { in: IDIn; out: void };
  'Outbox.Edit': { in: IDIn; out: EditedOut };
  'Outbox.Export': { in: void; out: Document };
  'Outbox.List': { in: void; out: OutboxView };
  'Outbox.NotSent': { in: void; out: NotSentView };
  'Outbox.Retry': { in: IDIn; out: void };
  'Outbox.Time': { in: void; out: Document };
  'Storage.BackUp': { in: void; out: StorageView };
  'Storage.Restore': { in: IDIn; out: Boot };
  'Storage.Told': { in: void; out: void };
  'Storage.View': { in: void; out: StorageView };
  'Contracts.Accept': { in: InviteIn; out: ContractRow };
  'Contracts.AnswerRate': { in: AnswerRateIn; out: ContractView };
  'Contracts.Ask': { in: InviteIn; out: ContractRow };
  'Contracts.AskRate': { in: AskRateIn; out: ContractView };
  'Contracts.ChangeTerms': { in: ChangeTermsIn; out: ContractView };
  'Contracts.Create': { in: NewContractIn; out: NewContractOut };
  'Contracts.Decline': { in: InviteIn; out: ContractRow };
  'Contracts.End': { in: EndIn; out: ContractView };
  'Contracts.Get': { in: IDIn; out: ContractView };
  'Contracts.List': { in: void; out: ContractList };
  'Contracts.Look': { in: InviteIn; out: OfferView };
  'Contracts.Pause': { in: IDIn; out: ContractView };
  'Contracts.Resume': { in: IDIn; out: ContractView };
  'Contracts.SetActivity': { in: ActivityIn; out: ActivityRow };
  'Diary.AddManual': { in: ManualIn; out: ManualOut };
  'Diary.ApproveLate': { in: ApproveIn; out: WeekView };
  'Diary.Cut': { in: CutIn; out: TimeDone };
  'Diary.CutSays': { in: CutIn; out: CutView };
  'Diary.Day': { in: DayIn; out: DayView };
  'Diary.Dispute': { in: DisputeIn; out: WeekView };
  'Diary.DisputeAccept': { in: DisputeActIn; out: WeekView };
  'Diary.DisputeOffer': { in: DisputeActIn; out: WeekView };
  'Diary.DisputeWithdraw': { in: DisputeActIn; out: WeekView };
  'Diary.DisputeWrite': { in: DisputeActIn; out: WeekView };
  'Diary.Edit': { in: EditTimeIn; out: TimeDone };
  'Diary.History': { in: DayIn; out: TimeLog };
  'Diary.Looks': { in: LooksIn; out: LooksView };
  'Diary.Restore': { in: RestoreIn; out: TimeDone };
  'Diary.Swap': { in: CutIn; out: TimeDone };
  'Diary.Verify': { in: IDIn; out: VerifyView };
  'Diary.Week': { in: DayIn; out: WeekView };
  'Tracker.Answer': { in: AwayIn; out: TrackerView };
  'Tracker.BlurShot': { in: IDIn; out: TrackerView };
  'Tracker.DeleteShot': { in: IDIn; out: TrackerView };
  'Tracker.Dismiss': { in: void; out: TrackerView };
  'Tracker.KeepShot': { in: IDIn; out: TrackerView };
  'Tracker.Prefs': { in: void; out: TrackerPrefs };
  'Tracker.Reading': { in: ReadingIn; out: TrackerView };
  'Tracker.Recent': { in: void; out: RecentOut };
  'Tracker.SetPrefs': { in: TrackerPrefs; out: TrackerPrefs };
  'Tracker.Start': { in: TrackIn; out: TrackerView };
  'Tracker.State': { in: TrackerIn; out: TrackerView };
  'Tracker.Stop': { in: void; out: TrackerView };
  'Tracker.Switch': { in: TrackIn; out: TrackerView };
  'Tracker.TestShot': { in: void; out: TestShotView };
  'Tracker.Unbilled': { in: void; out: TrackerView };
  'Captures.Attach': { in: FinishIn; out: FileRow };
  'Captures.Burn': { in: MarksIn; out: CaptureView };
  'Captures.Choose': { in: ChooseIn; out: CaptureView };
  'Captures.Discard': { in: IDIn; out: void };
  'Captures.Edit': { in: PictureIn; out: CaptureView };
  'Captures.Flat': { in: FinishIn; out: FileRow };
  'Captures.Get': { in: IDIn; out: CaptureView };
  'Captures.Grab': { in: GrabIn; out: CaptureView };
  'Captures.Save': { in: MarksIn; out: void };
  'Captures.SaveFile': { in: FinishIn; out: SavedOut };
  'Captures.Send': { in: FinishIn; out: MessageRow };
  'Notices.Fresh': { in: void; out: FreshView };
  'Notices.List': { in: void; out: NoticeList };
  'Notices.Office': { in: void; out: OfficeView };
  'Notices.Rules': { in: void; out: RulesView };
  'Notices.Seen': { in: void; out: void };
  'Notices.SetOffice': { in: OfficeIn; out: OfficeView };
  'Notices.SetRules': { in: RulesIn; out: RulesView };
  'Notices.Test': { in: void; out: void };
  'Notepad.Open': { in: RoomIn; out: NoteView };
  'Notepad.Save': { in: NoteIn; out: NoteView };
  'Presence.People': { in: SeenIn; out: SeenView };
  'Presence.Privacy': { in: void; out: PrivacyView };
  'Presence.Receipts': { in: RoomIn; out: ReceiptsView };
  'Presence.SetPrivacy': { in: PrivacyIn; out: void };
  'Presence.Typing': { in: RoomIn; out: void };
  'Presence.Used': { in: UsedIn; out: void };
  'Hotkeys.State': { in: void; out: HotkeysView };
  'Reports.Assign': { in: AssignIn; out: void };
  'Reports.Budgets': { in: void; out: BudgetsView };
  'Reports.Export': { in: TimeExportIn; out: ExportView };
  'Reports.File': { in: TimeExportIn; out: TimeFile };
  'Reports.Forget': { in: IDIn; out: SavedReports };
  'Reports.Lines': { in: TimeLinesIn; out: TimeLines };
  'Reports.Save': { in: SavedReport; out: SavedReports };
  'Reports.Saved': { in: void; out: SavedReports };
  'Reports.SetCode': { in: CodeIn; out: void };
  'Reports.Time': { in: TimeReportIn; out: TimeReport };
  'Imports.Look': { in: ImportIn; out: ImportView };
  'Imports.Pick': { in: void; out: void };
  'Imports.Put': { in: ImportPiece; out: void };
  'Imports.Start': { in: ImportIn; out: ImportState };
  'Imports.State': { in: IDIn; out: ImportState };
  'Imports.Stop': { in: IDIn; out: void };
  'Imports.Undo': { in: ImportIn; out: ImportUndone };
  'Sheets.All': { in: void; out: SheetsView };
  'Sheets.Save': { in: IDIn; out: Document };
}

/** CallName is the name of a bound method. */
export type CallName = keyof Calls;
