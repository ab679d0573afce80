import { call, on } from "../bridge";
import type {
  FreshView,
  NoticeList,
  OfficeIn,
  OfficeView,
  RulesIn,
  RulesView,
} from "../bridge/api";
import { boxes } from "./boxes";
import { Query } from "./query.svelte";
import { attempt } from "./say";

const mine = (scope: string) => /^[rak]:/.test(scope) || scope === "sync";

/** The bell: how much is new in it, and its list while it is open (N-10). */
class Bell {
  #fresh = new Query<FreshView>(() => call("Notices.Fresh"), mine);
  fresh = $derived(this.#fresh.value?.fresh ?? 0);
  #list = $state.raw<Query<NoticeList>>();
  /** The moment up to which the bell had been looked at when it was opened: what is newer stays marked until it is closed. */
  #before = 0;
  rows = $derived(
    this.#list?.value?.rows.map((r) => ({ ...r, fresh: r.at > this.#before })),
  );

  start() {
    // A reply in a notice that could not be sent: the box of its room shows it, if it is open.
    on("words", ({ room, text }) => boxes.get(room)?.draft.behind(text));
    void this.#fresh.refresh();
  }

  /** Reads the list and follows it; what is new in it counts as seen from then on. */
  async open() {
    const list = new Query<NoticeList>(() => call("Notices.List"), mine);
    await list.refresh();
    this.#before = Math.max(
      0,
      ...(list.value?.rows ?? []).filter((r) => !r.fresh).map((r) => r.at),
    );
    this.#list?.stop();
    this.#list = list;
    await this.#seen();
  }

  close() {
    this.#list?.stop();
    this.#list = undefined;
    void this.#seen();
  }

  async #seen() {
    await attempt(() => call("Notices.Seen"));
    await this.#fresh.refresh();
  }
}

/** Something of the account's own that a section shows and changes: on screen at once, then as the program has it. */
class Kept<T, In> {
  #query: Query<T>;
  #set: (change: In) => Promise<T>;
  value = $derived.by(() => this.#query.value);

  constructor(read: () => Promise<T>, set: (change: In) => Promise<T>) {
    this.#set = set;
    this.#query = new Query(read, (scope) => scope.startsWith("a:"));
    void this.#query.refresh();
  }

  /** Changes it; an error is the caller's to show beside its field. */
  async set(change: In) {
    this.#query.value = await this.#set(change);
  }

  stop() {
    this.#query.stop();
  }
}

/** What the account is told of. */
export const keptRules = () =>
  new Kept<RulesView, RulesIn>(
    () => call("Notices.Rules"),
    (change) => call("Notices.SetRules", change),
  );

/** The out-of-office responder. */
export const keptOffice = () =>
  new Kept<OfficeView, OfficeIn>(
    () => call("Notices.Office"),
    (change) => call("Notices.SetOffice", change),
  );

/** The time zone of this computer by its name. */
export const zoneHere = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const bell = new Bell();
