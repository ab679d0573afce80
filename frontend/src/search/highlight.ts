/** The name the style sheet knows the marked words by. */
const name = "search-words";

/**
 * Marks words wherever they stand in a part of the page, without touching it: what
 * is drawn there belongs to others. Answers what takes the marks away. An engine
 * that cannot do it shows the text unmarked.
 */
export function highlight(
  el: HTMLElement,
  words: readonly string[],
): (() => void) | undefined {
  if (words.length === 0 || !("highlights" in CSS)) return undefined;
  const any = words
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 50)
    .map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|");
  const found = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`,
    "giu",
  );
  const ranges: Range[] = [];
  for (const part of el.querySelectorAll("[data-words]")) {
    const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      for (const hit of (node.textContent ?? "").matchAll(found)) {
        const range = new Range();
        range.setStart(node, hit.index);
        range.setEnd(node, hit.index + hit[0].length);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set(name, new Highlight(...ranges));
  return () => CSS.highlights.delete(name);
}
