// Keeps the focus on the page when what had it goes: a button that is used up, a row that is taken away, and the button that led to a dialog
// which has closed since. Without it the keys would begin again at the top of the window.
const over = ".dialog, .menu, .popover, .toast";
const stops = "button, input, textarea, select, a[href], [tabindex]";

const gone = (el: HTMLElement) => !el.isConnected || el.matches(":disabled");
const seen = (el: HTMLElement) =>
  typeof el.checkVisibility !== "function" || el.checkVisibility();

/**
 * holdFocus is an attachment. If what had the focus in an element goes or is disabled, the next of what stood behind it takes the focus, else
 * the last of what stood before it, else the element itself.
 */
export function holdFocus(el: HTMLElement): () => void {
  let last: HTMLElement | undefined;
  let behind: HTMLElement[] = [];
  let before: HTMLElement[] = [];

  function note(e: FocusEvent) {
    const to = e.target;
    if (!(to instanceof HTMLElement) || to.closest(over)) return;
    if (to === el || !el.contains(to)) {
      last = undefined;
      return;
    }
    last = to;
    const all = [...el.querySelectorAll<HTMLElement>(stops)];
    const at = all.indexOf(to);
    behind = all.slice(at + 1);
    before = all.slice(0, Math.max(0, at)).reverse();
  }
  function check() {
    const now = document.activeElement;
    if (!last || !gone(last) || !el.isConnected) return;
    // A disabled button keeps the name of it in some webviews, and no key reaches it.
    if (now !== null && now !== document.body && now !== last) return;
    const next = [...behind, ...before].find((x) => !gone(x) && seen(x));
    if (!next && !el.hasAttribute("tabindex")) el.tabIndex = -1;
    (next ?? el).focus({ preventScroll: !next });
  }
  // Whoever took it away may put the focus somewhere by itself.
  const watch = new MutationObserver(() => setTimeout(check));
  watch.observe(el, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["disabled"],
  });
  watch.observe(document.body, { childList: true });
  document.addEventListener("focusin", note);
  return () => {
    watch.disconnect();
    document.removeEventListener("focusin", note);
  };
}
