import { tracker } from "./tracker.svelte";

/**
 * What was chosen in the tracker's fields and not taken yet. It outlives the
 * panel, so that closing it or making the window small loses nothing.
 */
class TrackerWork {
  /** undefined = as it is tracked now, or was last. */
  memo = $state<string>();
  activity = $state<string>();

  memoNow = $derived(this.memo ?? tracker.form?.memo ?? "");
  /** What is tracked now was archived meanwhile: it goes on until another is picked. */
  archived = $derived.by(() => {
    const v = tracker.form;
    return (
      v !== undefined &&
      tracker.tracking &&
      v.activity !== "" &&
      !v.codes.some((c) => c.id === v.activity)
    );
  });
  activityNow = $derived.by(() => {
    const v = tracker.form;
    const id = this.activity ?? v?.activity ?? "";
    const there = v?.codes.some((c) => c.id === id) ?? false;
    return there || (this.archived && id === v?.activity) ? id : "";
  });
  changed = $derived(
    tracker.tracking &&
      ((tracker.view?.next ?? null) !== null ||
        this.memoNow.trim() !== tracker.view?.memo ||
        this.activityNow !== tracker.view.activity),
  );

  /** Starts with what is chosen, or goes on with it, beyond the weekly limit if so chosen; false if it was refused. */
  async begin(unbilled?: boolean): Promise<boolean> {
    const v = tracker.form;
    if (!v) return false;
    const taken = await tracker.begin(
      {
        contract: v.contract,
        activity: this.activityNow,
        memo: this.memoNow.trim(),
      },
      unbilled,
    );
    if (taken) this.memo = this.activity = undefined;
    return taken;
  }

  forget() {
    this.memo = this.activity = undefined;
    tracker.refused = undefined;
  }

  /** Back to what is tracked. */
  stay() {
    this.forget();
    if (tracker.view?.next) void tracker.choose("");
  }

  /** The panel closes: a switch for which nothing was written is none. */
  closed() {
    if (this.memo === undefined && tracker.view?.next) this.stay();
  }
}

export const work = new TrackerWork();
