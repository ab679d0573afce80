/** Puts the cursor into the box of the room that is opening, once it is there: a notice's Reply leads here. */
export function focusBox(tries = 60): void {
  const box = document.querySelector<HTMLTextAreaElement>(
    ".composer textarea:not([disabled])",
  );
  if (box) box.focus();
  else if (tries > 0) requestAnimationFrame(() => focusBox(tries - 1));
}
