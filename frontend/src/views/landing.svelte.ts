import { tick } from "svelte";

import { asks } from "../people/asks.svelte";
import { importDoor } from "../state/importdoor.svelte";
import { links } from "../state/links.svelte";
import { safety } from "../state/safety.svelte";
import { side } from "../state/side.svelte";
import { dialogs } from "./dialogs.svelte";

/** For how many frames the focus has to stay: a dialog or menu gives it back a moment after it has closed. */
const still = 10;

/** A dialog of the shell lies over the screen. */
const covered = () =>
  dialogs.open !== "" ||
  asks.open !== undefined ||
  safety.reporting !== undefined ||
  importDoor.contract !== undefined ||
  links.question !== undefined;

/** For how many frames a room may take to open its box, which has the focus then. */
const opens = 20;

/** Puts the focus that stands nowhere to the row that is open, else to the screen; not before it stood nowhere for some frames. */
function land(
  screen: HTMLElement | undefined,
  patience = 0,
  tries = 30,
  stays = 0,
): void {
  if (covered()) return;
  const at = document.activeElement;
  if (at !== null && at !== document.body) stays++;
  else if (patience > 0) patience--;
  else {
    stays = 0;
    const row = screen?.querySelector<HTMLElement>(
      'aside [aria-current="page"]',
    );
    (row ?? screen?.querySelector<HTMLElement>("main"))?.focus();
  }
  if (tries > 0 && stays < still)
    requestAnimationFrame(() =>
      land(screen, patience, patience > 0 ? tries : tries - 1, stays),
    );
}

/**
 * Keeps the focus somewhere. A screen, a sidebar or a dialog that left took it
 * along, also a dialog that another one led to: it begins anew at the row that
 * is open. So it does when somebody has just come in.
 */
export function landing(
  screen: () => HTMLElement | undefined,
  place: () => string,
) {
  let before = "";
  $effect(() => {
    const now = `${place()} ${side.shown} ${dialogs.open} ${covered()}`;
    const first = before === "";
    before = now;
    void tick().then(() => land(screen(), first ? opens : 0));
  });
}
