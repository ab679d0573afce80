import { BridgeError, call } from "../bridge";
import type {
  AwayView,
  RecentView,
  TrackerPrefs,
  TrackerView,
  TrackIn,
} from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { Query } from "./query.svelte";
import { sentence } from "./say";

/** What an answer to the question after time away does with it. */
export type AwayWhat = "discard" | "continue" | "keep" | "assign";

/** To what time away is given. */
export type AwayWork = { contract: string; activity: string; memo: string };

/**
 * The tracker as panel, chip and notices show it. The seconds run by this page's
 * own steady clock from the moment of the answer, so that neither a set clock nor
 * a slow call moves them.
 */
class TrackerState {
  /** The contract looked at, while another runs the one to switch to; "" = the last used. */
  chosen = $state("");
  /** What the last start or change was refused with. */
  refused = $state.raw<BridgeError>();
  /** The panel is open, in the top strip. */
  open = $state(false);
  /** A call is under way. */
  busy = $state(false);
  #answered = $state(0);
  #steady = $state(0);
  /** The clock of the wall in milliseconds, while something counts down. */
  wall = $state(Date.now());

  /** What this person chose for the tracker on this computer. */
  prefs = $state.raw<TrackerPrefs>({
    preview: 10,
    sound: false,
    blur: false,
    main: false,
    onTop: true,
    login: false,
    canAuto: false,
  });
  /** What was tracked lately, the newest first. */
  recent = $state.raw<RecentView[]>([]);

  #query = new Query<TrackerView>(
    async () => {
      const view = await call("Tracker.State", { contract: this.chosen });
      this.#mark();
      // What was looked at before time ran is nothing to switch to.
      if (view.next && this.view && !this.tracking) {
        this.chosen = "";
        view.next = null;
      }
      return view;
    },
    (scope) => /^[akd]:/.test(scope) || scope === "tracker" || scope === "sync",
  );
  view = $derived(this.#query.value);
  /** What the fields are about: the contract to switch to, else that of the view. */
  form = $derived(this.view?.next ?? this.view);
  /** Seconds since the answer that is shown. */
  #since = $derived(Math.max(0, this.#steady - this.#answered) / 1000);
  tracking = $derived(this.view?.state === "tracking");
  /** Stopped, and one click goes on with the same. */
  paused = $derived(this.view?.state === "stopped" && this.view.memo !== "");
  /** Seconds of this stretch. */
  seconds = $derived.by(() => {
    const v = this.view;
    if (!v || v.state !== "tracking") return 0;
    return Math.max(0, Math.floor((v.at - v.since) / 1000 + this.#since));
  });
  /** Seconds of today and of this week, with those that ran since the answer. */
  today = $derived((this.view?.today ?? 0) + this.#ran());
  week = $derived((this.view?.week ?? 0) + this.#ran());
  /** Seconds until the fresh screenshot leaves. */
  shotLeft = $derived(
    Math.max(0, Math.ceil(((this.view?.shot?.leaves ?? 0) - this.wall) / 1000)),
  );

  #ran() {
    return this.view?.state === "tracking" ? Math.floor(this.#since) : 0;
  }

  #mark() {
    this.#answered = this.#steady = performance.now();
    this.wall = Date.now();
  }

  refresh() {
    return this.#query.refresh();
  }

  /** Lets the clock run while it is seen; answers the function that stops it. */
  run(): () => void {
    const timer = setInterval(() => {
      this.#steady = performance.now();
      this.wall = Date.now();
    }, 250);
    return () => clearInterval(timer);
  }

  /** Looks at another contract; while one runs, to switch to it. */
  choose(contract: string) {
    this.chosen = contract;
    this.refused = undefined;
    return this.#query.refresh();
  }

  /** Takes the state that a call answers. */
  async #act(answer: Promise<TrackerView>): Promise<boolean> {
    this.busy = true;
    try {
      this.#query.value = await answer;
      this.#mark();
      this.refused = undefined;
      return true;
    } finally {
      this.busy = false;
    }
  }

  async #try(run: () => Promise<boolean>): Promise<boolean> {
    try {
      return await run();
    } catch (e) {
      toasts.show(sentence(e));
      await this.refresh();
      return false;
    }
  }

  /**
   * Starts, or changes what is tracked; what is refused stands in `refused`. With
   * unbilled it starts beyond the weekly limit, too.
   */
  async begin(
    input: Omit<TrackIn, "unbilled">,
    unbilled = this.view?.unbilled ?? false,
  ): Promise<boolean> {
    try {
      const goesOn = this.tracking && !this.view?.next;
      const taken = await this.#act(
        call(goesOn ? "Tracker.Switch" : "Tracker.Start", {
          ...input,
          unbilled,
        }),
      );
      this.chosen = "";
      return taken;
    } catch (e) {
      this.refused =
        e instanceof BridgeError ? e : new BridgeError("bridge", "");
      return false;
    }
  }

  /** Starts with what was tracked last; false where something is to be said first, or it was refused. */
  async again(): Promise<boolean> {
    const v = this.view;
    const known =
      v !== undefined &&
      v.state !== "idle" &&
      v.memo !== "" &&
      (v.activity !== "" || !v.required);
    if (!known || this.busy) return false;
    const { contract, activity, memo } = v;
    return this.begin({ contract, activity, memo });
  }

  stop() {
    return this.#try(() => this.#act(call("Tracker.Stop")));
  }

  /** Answers a question after time away; false if it was refused. */
  answer(
    away: AwayView,
    what: AwayWhat,
    to: AwayWork = { contract: "", activity: "", memo: "" },
  ) {
    return this.#try(() =>
      this.#act(call("Tracker.Answer", { question: away.id, what, ...to })),
    );
  }

  /** What is tracked goes on beyond the weekly limit, unbilled, until it stops. */
  unbilled() {
    return this.#try(() => this.#act(call("Tracker.Unbilled")));
  }

  /** In a call or reading: asks after an hour, while this goes on. */
  reading(on: boolean) {
    return this.#try(() => this.#act(call("Tracker.Reading", { on })));
  }

  /** Opens the panel. */
  show() {
    this.open = true;
  }

  /** The memo with which a contract was tracked last, with this activity if it ever was. */
  memoOf(contract: string, activity: string): string | undefined {
    const own = this.recent.filter((r) => r.contract === contract);
    return (own.find((r) => r.activity === activity) ?? own[0])?.memo;
  }

  /** Reads what was chosen for this computer, and what was tracked lately. */
  async learn() {
    const [prefs, { recent }] = await Promise.all([
      call("Tracker.Prefs"),
      call("Tracker.Recent"),
    ]);
    this.prefs = prefs;
    this.recent = recent;
  }

  /** Keeps a choice for this computer. */
  async setPrefs(change: Partial<TrackerPrefs>) {
    const before = this.prefs;
    this.prefs = { ...before, ...change };
    try {
      this.prefs = await call("Tracker.SetPrefs", this.prefs);
    } catch (e) {
      this.prefs = before;
      toasts.show(sentence(e));
    }
  }

  /** Keeps, blurs or deletes a fresh screenshot. */
  shot(what: "Keep" | "Blur" | "Delete", id: string) {
    return this.#try(() => this.#act(call(`Tracker.${what}Shot`, { id })));
  }

  /** Takes the note away. */
  dismiss() {
    return this.#try(() => this.#act(call("Tracker.Dismiss")));
  }
}

export const tracker = new TrackerState();
