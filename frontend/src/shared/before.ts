// Where the focus was before something lay over the page: a dialog that a menu or another dialog led to gives it back there.
const over = ".dialog, .menu, .popover, .toast";
let last: HTMLElement | undefined;

document.addEventListener("focusin", (e) => {
  if (e.target instanceof HTMLElement && !e.target.closest(over))
    last = e.target;
});

/** What had the focus last on the page itself, menus, boxes and dialogs left out. */
export function focusBefore(): HTMLElement | undefined {
  return last;
}
