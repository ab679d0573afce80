/**
 * Gives the focus back when what stands beside something closes with the focus
 * inside it: to where it was before, else to a place of rest. To be called while
 * a component is made, whose own template shows what opens and closes.
 */
export function refocus(
  open: () => boolean,
  within: () => Element | null,
  rest: () => void,
) {
  let before: Element | null = null;
  let shown = false;
  // Before the page is written: what is taken off it loses its focus at once.
  $effect.pre(() => {
    if (open() === shown) return;
    shown = !shown;
    const at = document.activeElement;
    if (shown) {
      before = at;
      return;
    }
    if (!at || !within()?.contains(at)) return;
    const back = before;
    queueMicrotask(() => {
      if (back instanceof HTMLElement && back !== document.body) back.focus();
      if (document.activeElement === document.body) rest();
    });
  });
}
