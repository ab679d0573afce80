/** For how many frames the cursor has to stay in the box: a dialog or menu gives the focus back a moment after it has closed. */
const still = 10;

/**
 * Puts the cursor into the box of the room that is opening, once it is there: whoever goes to a room by the switcher, a dialog or the Reply
 * of a notice goes there to write. A room that takes no words gets the focus itself.
 */
export function focusBox(tries = 60, stays = 0): void {
  const at = document.activeElement;
  if (at?.matches("input, textarea")) stays++;
  else if (!document.querySelector(".dialog")) {
    stays = 0;
    const box = document.querySelector<HTMLElement>(
      ".composer textarea:not([disabled])",
    );
    if (box) box.focus();
    else if (tries === 0 && (at === null || at === document.body))
      document.querySelector<HTMLElement>("main")?.focus();
  }
  if (tries > 0 && stays < still)
    requestAnimationFrame(() => focusBox(tries - 1, stays));
}
