// What does not fit into a page: a control that stands outside the window, a list that scrolls sideways, an icon that did not grow with the
// zoom. Run in each corner of the sizes that ui.md names, by the journeys.
import { calm, until } from "./wait.mjs";

/** zoomed sets the zoom of a page by its keys, in percent. */
export async function zoomed(p, percent) {
  const at = () =>
    p.evaluate(() =>
      Math.round(
        (parseFloat(getComputedStyle(document.documentElement).fontSize) / 16) *
          100,
      ),
    );
  for (let i = 0; (await at()) !== percent; i++) {
    if (i > 12) throw new Error(`the zoom stays at ${await at()}`);
    const was = await at();
    await p.keyboard.press(was < percent ? "Control+=" : "Control+-");
    await until(`a zoom other than ${was}`, async () => (await at()) !== was);
  }
}

/** faults lists what does not fit, in words. */
export async function faults(p) {
  await calm(p);
  return p.evaluate(() => {
    const out = new Set();
    const zoom =
      parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const name = (e) =>
      `${e.tagName.toLowerCase()} “${(e.getAttribute("aria-label") ?? e.textContent).trim().slice(0, 40)}”`;
    for (const e of document.querySelectorAll("body *")) {
      if (!e.checkVisibility({ visibilityProperty: true })) continue;
      const r = e.getBoundingClientRect();
      if (e.matches("svg.lucide")) {
        const want = Number(e.getAttribute("width")) * zoom;
        if (r.width > 0 && Math.abs(r.width - want) > 1)
          out.add(
            `an icon of ${want} px is ${r.width} px wide in ${name(e.closest("button, label, section, aside, main") ?? e)}`,
          );
        continue;
      }
      const how = getComputedStyle(e);
      if (
        /auto|scroll/.test(how.overflowX) &&
        e.scrollWidth > e.clientWidth + 1 &&
        !e.matches("textarea, input, pre, [tabindex='0']")
      )
        out.add(
          `${e.scrollWidth - e.clientWidth} px go sideways in ${name(e)}`,
        );
      if (
        e.matches(
          "button, input, textarea, a[href], [role=option], [role=tab]",
        ) &&
        r.width > 0 &&
        (r.right > innerWidth + 1 || r.left < -1)
      )
        out.add(`outside the window: ${name(e)}`);
      // The window itself never scrolls: what makes it longer is something that is only spoken and stands in no scroller.
      if (e.parentElement === document.body || e.matches("#app, .body"))
        if (e.scrollHeight > e.clientHeight + 2 && e.clientHeight > 0)
          out.add(
            `${e.scrollHeight - e.clientHeight} px stand below ${e.tagName.toLowerCase()}.${e.className}`,
          );
    }
    return [...out];
  });
}
