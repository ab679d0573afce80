import type { Choices } from "./choices.svelte";

/** Tells the page how high what is written in stands, for what floats above. */
export function stand(el: HTMLElement) {
  const page = document.documentElement;
  const tell = () =>
    page.style.setProperty(
      "--composer",
      `${page.clientHeight - el.getBoundingClientRect().top}px`,
    );
  const sizes = new ResizeObserver(tell);
  sizes.observe(el);
  addEventListener("resize", tell);
  return () => {
    sizes.disconnect();
    removeEventListener("resize", tell);
    page.style.removeProperty("--composer");
  };
}

/**
 * How high the text of a composer may grow, in px: two fifths of the room, and
 * never so far that the whole composer takes more than half of what it shares
 * with the messages. One line is always there.
 */
export function mostOf(text: HTMLElement): number {
  const room = text.closest("section");
  const whole = text.closest<HTMLElement>(".composer");
  const frame = text.parentElement;
  const log = room?.querySelector<HTMLElement>(".log");
  if (!room || !whole || !frame || !log) return 240;
  const shared = log.offsetHeight + whole.offsetHeight;
  const besides = whole.offsetHeight - frame.offsetHeight;
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(text);
  const line =
    parseFloat(lineHeight) + parseFloat(paddingTop) + parseFloat(paddingBottom);
  return Math.max(
    line || 0,
    Math.min(room.clientHeight * 0.4, shared / 2 - besides),
  );
}

/** Where a box of choices stands in the composer: above the word it is for, never beyond its edges. */
export function spotOf(
  frame: Element,
  word: DOMRect,
  kind: NonNullable<Choices["at"]>["kind"],
): { left: number; above: number } {
  const whole = frame.getBoundingClientRect();
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const wide = ((kind === "mention" ? 260 : 192) * rem) / 16;
  return {
    left: Math.max(
      8,
      Math.min(word.left - whole.left - 8, whole.width - wide - 8),
    ),
    above: whole.bottom - word.top + 4,
  };
}

/**
 * Puts the cursor into a box and keeps it there for ten frames: a menu or panel
 * that was chosen from gives the focus back to where it was opened, a moment
 * later.
 */
export function focusOn(box: HTMLElement) {
  box.focus();
  let frames = 10;
  const stay = () => {
    const typing = document.activeElement?.matches("input, textarea");
    if (!typing && !document.querySelector(".dialog")) box.focus();
    if (--frames > 0) requestAnimationFrame(stay);
  };
  requestAnimationFrame(stay);
}
