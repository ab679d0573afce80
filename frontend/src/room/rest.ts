/** So many frames it may take until what was pressed is off the page, and a menu it stood in. */
const frames = 30;

/** The newest message in view. */
const newest = () =>
  [...document.querySelectorAll<HTMLElement>('[role="log"] article')].at(-1);

/**
 * Gives the focus a place when what was pressed on a message goes with what it
 * did: the message, or where that is gone too the box, else the newest message.
 * Whoever has the focus elsewhere keeps it there.
 */
export function rest(message: string, box: () => void) {
  let left = frames;
  function look() {
    if (document.activeElement !== document.body) {
      if (--left > 0) requestAnimationFrame(look);
      return;
    }
    const line = document.querySelector<HTMLElement>(
      `[data-key="${CSS.escape(message)}"] article`,
    );
    if (line) line.focus({ preventScroll: true });
    else box();
    // A room that takes no words has no box, and one that is empty no message.
    if (document.activeElement === document.body)
      (newest() ?? document.querySelector<HTMLElement>("main"))?.focus();
  }
  requestAnimationFrame(look);
}
