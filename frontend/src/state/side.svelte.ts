import { app } from "./app.svelte";
import { router } from "./router.svelte";

/** So much room, in px of unzoomed text, a screen needs to have its sidebar beside it. */
const beside = 820;
/** A timesheet needs the width itself, unless there is plenty. */
const besideWeeks = 1500;

/**
 * The sidebar of the screens: shown beside a screen with room for both, put
 * away where there is not. One that is asked for there lies over the screen,
 * and goes again once it has led somewhere.
 */
class Side {
  #inner = $state(innerWidth);
  /** What the person asked for last, until the width rules again. */
  #asked = $state<boolean>();
  // Zoomed text needs room as a smaller window does.
  readonly width = $derived(this.#inner / ((app.settings?.zoom || 100) / 100));
  readonly #roomy = $derived(
    this.width >=
      (router.parts[0] === "contract" && router.parts[2] === "timesheets"
        ? besideWeeks
        : beside),
  );
  readonly shown = $derived(this.#asked ?? this.#roomy);
  /** What stands beside the screen on the other side lies over it. */
  readonly tight = $derived(this.width < 1100);
  /** It lies over the screen. */
  readonly over = $derived(this.shown && this.width < beside);

  /** The window has another size. */
  resized() {
    this.#inner = innerWidth;
  }

  show() {
    this.#asked = true;
  }

  toggle() {
    this.#asked = !this.shown;
  }

  /** Puts away what lies over the screen. */
  away() {
    if (this.over) this.#asked = undefined;
  }
}

export const side = new Side();
