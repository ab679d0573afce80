export namespace app {
	
	export interface ActivityIn {
	    contract: string;
	    id: string;
	    code: string;
	    about: string;
	    archived: boolean;
	}
	export interface ActivityRow {
	    id: string;
	    code: string;
	    about: string;
	    archived: boolean;
	    seconds: number;
	    colour: number;
	}
	export interface AddressIn {
	    address: string;
	}
	export interface AwayIn {
	    what: string;
	}
	export interface AwayView {
	    from: number;
	    until: number;
	    code: string;
	    canKeep: boolean;
	}
	export interface Sync {
	    state: string;
	    settled: boolean;
	    why: string;
	    waiting: number;
	    messages: number;
	    notSent: number;
	    since: number;
	    disk: string;
	}
	export interface Settings {
	    theme: string;
	    enterSend: boolean;
	    roomList: string;
	    zoom: number;
	    notices: boolean;
	    hideText: boolean;
	    lastRoom: string;
	}
	export interface Caps {
	    os: string;
	    window: boolean;
	    tray: boolean;
	    capture: boolean;
	    count: boolean;
	    countWhy: string;
	    dialogs: boolean;
	    maxFile: number;
	    invite: boolean;
	}
	export interface Me {
	    id: string;
	    name: string;
	    email: string;
	    service: string;
	    way: string;
	}
	export interface Boot {
	    version: string;
	    account?: Me;
	    caps: Caps;
	    settings: Settings;
	    sync: Sync;
	    notices: string[];
	}
	
	export interface RoomRow {
	    id: string;
	    name: string;
	    kind: string;
	    contract: string;
	    other: string;
	    preview: string;
	    by: string;
	    mine: boolean;
	    at: number;
	    unread: number;
	    favourite: boolean;
	    draft: string;
	    failed: boolean;
	}
	export interface DisplayView {
	    id: string;
	    name: string;
	    file: string;
	    w: number;
	    h: number;
	    scale: number;
	}
	export interface CaptureView {
	    id: string;
	    room: string;
	    file: string;
	    doc: string;
	    taken: number;
	    displays: DisplayView[];
	    rooms: RoomRow[];
	}
	export interface ShotView {
	    file: string;
	    seed: string;
	    at: number;
	    w: number;
	    h: number;
	    displays: number;
	    reason: string;
	}
	export interface MinuteView {
	    at: number;
	    keys: number;
	    clicks: number;
	    scrolls: number;
	}
	export interface CellView {
	    cell: number;
	    start: number;
	    label: string;
	    until: string;
	    seconds: number;
	    activity: string;
	    code: string;
	    colour: number;
	    memo: string;
	    more: number;
	    kind: string;
	    boxes: string;
	    active: number;
	    touched: number;
	    counted: boolean;
	    minutes: MinuteView[];
	    keys: number;
	    mouse: number;
	    shot?: ShotView;
	    waiting: boolean;
	    open: boolean;
	    flags: string[];
	}
	export interface ChooseIn {
	    id: string;
	    display: string;
	}
	export interface ContractRow {
	    id: string;
	    title: string;
	    status: string;
	    side: string;
	    other: string;
	    room: string;
	    seconds: number;
	    limit: number;
	    tracking: boolean;
	    unread: number;
	}
	export interface ContractList {
	    contracts: ContractRow[];
	}
	
	export interface Person {
	    id: string;
	    name: string;
	    role: string;
	    me: boolean;
	}
	export interface FileRow {
	    id: string;
	    name: string;
	    size: number;
	    type: string;
	    picture: boolean;
	    w: number;
	    h: number;
	    by: string;
	    at: number;
	    sent: number;
	    state: string;
	    room: string;
	}
	export interface MemoTotal {
	    activity: string;
	    day: string;
	    memo: string;
	    seconds: number;
	}
	export interface StepView {
	    name: string;
	    at: number;
	    now: boolean;
	}
	export interface WeekRow {
	    activity: string;
	    code: string;
	    colour: number;
	    days: number[];
	    seconds: number;
	}
	export interface WeekView {
	    contract: string;
	    week: string;
	    zone: string;
	    state: string;
	    days: string[];
	    rows: WeekRow[];
	    totals: number[];
	    seconds: number;
	    limit: number;
	    over: number;
	    amount: number;
	    currency: string;
	    rate: number;
	    tracked: number;
	    manual: number;
	    activity: number;
	    waiting: number;
	    steps: StepView[];
	    memos: MemoTotal[];
	}
	export interface TermsView {
	    rate: number;
	    currency: string;
	    limit: number;
	    requireActivity: boolean;
	    shots: string;
	    idleMinutes: number;
	}
	export interface ContractView {
	    row: ContractRow;
	    about: string;
	    client: string;
	    freelancer: string;
	    terms: TermsView;
	    activities: ActivityRow[];
	    made: number;
	    started: number;
	    invitation: string;
	    inviteFor: string;
	    week: WeekView;
	    today: CellView[];
	    files: FileRow[];
	    people: Person[];
	    waiting: string;
	}
	export interface DayIn {
	    contract: string;
	    day: string;
	    zone: string;
	}
	export interface RunView {
	    from: number;
	    span: number;
	    activity: string;
	    memo: string;
	    colour: number;
	    more: number;
	}
	export interface HourView {
	    label: string;
	    runs: RunView[];
	    cells: CellView[];
	}
	export interface DayView {
	    contract: string;
	    day: string;
	    zone: string;
	    week: WeekView;
	    hours: HourView[];
	    seconds: number;
	    side: string;
	}
	
	export interface Draft {
	    text: string;
	    cursor: number;
	    files: FileRow[];
	}
	export interface DraftIn {
	    room: string;
	    text: string;
	    cursor: number;
	    files: string[];
	}
	export interface FavouriteIn {
	    room: string;
	    favourite: boolean;
	}
	
	export interface LinkRow {
	    url: string;
	    host: string;
	    by: string;
	    at: number;
	}
	export interface FilesView {
	    files: FileRow[];
	    links: LinkRow[];
	}
	export interface FinishIn {
	    id: string;
	    doc: string;
	    room: string;
	    caption: string;
	    message: string;
	}
	export interface FoundLink {
	    url: string;
	    text: string;
	    sure: boolean;
	}
	export interface GrabIn {
	    room: string;
	    delay: number;
	}
	
	export interface IDIn {
	    id: string;
	}
	export interface InviteIn {
	    link: string;
	}
	
	export interface LocalIn {
	    name: string;
	}
	export interface MarksIn {
	    id: string;
	    doc: string;
	}
	
	
	export interface MessageRow {
	    id: string;
	    author: string;
	    name: string;
	    role: string;
	    mine: boolean;
	    html: string;
	    text: string;
	    at: number;
	    num: number;
	    state: string;
	    code: string;
	    reason: string;
	    files: FileRow[];
	}
	
	export interface NewContractIn {
	    id: string;
	    title: string;
	    about: string;
	    terms: TermsView;
	    activities: ActivityIn[];
	    email: string;
	    self: boolean;
	}
	export interface NewContractOut {
	    contract: ContractRow;
	    link: string;
	    mail: string;
	}
	export interface NotSentRow {
	    id: string;
	    what: string;
	    where: string;
	    text: string;
	    code: string;
	    reason: string;
	    at: number;
	    state: string;
	    room: string;
	}
	export interface NotSentView {
	    rows: NotSentRow[];
	}
	export interface OfferView {
	    contract: string;
	    title: string;
	    about: string;
	    client: string;
	    terms: TermsView;
	    activities: string[];
	    email: string;
	    expires: number;
	    status: string;
	    service: string;
	    mine: boolean;
	}
	export interface OlderIn {
	    room: string;
	    before: string;
	}
	export interface OpenedLink {
	    ask: boolean;
	    host: string;
	}
	export interface OutboxRow {
	    id: string;
	    op: string;
	    lane: string;
	    state: string;
	    at: number;
	    attempts: number;
	    code: string;
	    reason: string;
	}
	export interface OutboxView {
	    rows: OutboxRow[];
	}
	export interface PendingShot {
	    id: string;
	    file: string;
	    title: string;
	    taken: number;
	    leaves: number;
	    blur: boolean;
	}
	
	export interface PictureIn {
	    file: string;
	    room: string;
	}
	export interface ReadIn {
	    room: string;
	    num: number;
	}
	export interface Refused {
	    name: string;
	    reason: string;
	}
	export interface RoomIn {
	    room: string;
	}
	export interface RoomList {
	    rooms: RoomRow[];
	    unread: number;
	}
	
	export interface Window {
	    room: string;
	    messages: MessageRow[];
	    more: boolean;
	    loading: boolean;
	    atEnd: boolean;
	}
	export interface RoomView {
	    id: string;
	    name: string;
	    kind: string;
	    contract: string;
	    status: string;
	    favourite: boolean;
	    archived: boolean;
	    people: Person[];
	    draft: Draft;
	    unread: number;
	    firstNew: string;
	    window: Window;
	}
	
	export interface SavedOut {
	    path: string;
	}
	export interface SendIn {
	    id: string;
	    room: string;
	    text: string;
	    files: string[];
	}
	export interface ServiceView {
	    url: string;
	    name: string;
	    version: string;
	    open: boolean;
	    encrypted: boolean;
	}
	
	
	export interface SignInIn {
	    address: string;
	    email: string;
	    password: string;
	}
	export interface SignUpIn {
	    address: string;
	    name: string;
	    email: string;
	    password: string;
	    link: string;
	}
	export interface StageIn {
	    put: string;
	    name: string;
	    room: string;
	}
	export interface Staged {
	    files: FileRow[];
	    refused: Refused[];
	}
	
	
	export interface TakeIn {
	    room: string;
	    paths: string[];
	}
	
	export interface TrackIn {
	    contract: string;
	    activity: string;
	    memo: string;
	}
	export interface TrackerIn {
	    contract: string;
	}
	export interface TrackerView {
	    state: string;
	    contract: string;
	    title: string;
	    activity: string;
	    code: string;
	    colour: number;
	    memo: string;
	    since: number;
	    seconds: number;
	    at: number;
	    cell?: CellView;
	    today: number;
	    week: number;
	    limit: number;
	    waiting: number;
	    shot?: PendingShot;
	    lastShot?: ShotView;
	    away?: AwayView;
	    note: string;
	    offer: boolean;
	    contracts: ContractRow[];
	    codes: ActivityRow[];
	    required: boolean;
	    shots: string;
	    counted: boolean;
	    countWhy: string;
	}
	
	

}

