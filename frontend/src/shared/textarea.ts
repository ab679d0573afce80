/** A text with its selection, in UTF-16 units. */
export type Selected = { text: string; from: number; to: number };

/** The text and the selection of a text area. */
export function selected(box: HTMLTextAreaElement): Selected {
  return { text: box.value, from: box.selectionStart, to: box.selectionEnd };
}

/**
 * Gives a text area another text in a way that its own undo remembers: only what
 * differs is typed over. Fires "input" as typing does.
 */
export function put(box: HTMLTextAreaElement, s: Selected) {
  box.focus({ preventScroll: true });
  const was = box.value;
  if (s.text !== was) {
    const most = Math.min(was.length, s.text.length);
    let head = 0;
    while (head < most && was[head] === s.text[head]) head++;
    let tail = 0;
    while (
      tail < most - head &&
      was[was.length - 1 - tail] === s.text[s.text.length - 1 - tail]
    )
      tail++;
    const words = s.text.slice(head, s.text.length - tail);
    box.setSelectionRange(head, was.length - tail);
    // Deprecated, but nothing else keeps the undo history of a text area.
    const done =
      words === ""
        ? document.execCommand("delete")
        : document.execCommand("insertText", false, words);
    if (!done || box.value !== s.text) {
      box.value = s.text;
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  }
  box.setSelectionRange(s.from, s.to);
}

/** Types words over the selection, or over a stretch of the text. */
export function type(
  box: HTMLTextAreaElement,
  words: string,
  from = box.selectionStart,
  to = box.selectionEnd,
) {
  const text = box.value.slice(0, from) + words + box.value.slice(to);
  put(box, { text, from: from + words.length, to: from + words.length });
}
