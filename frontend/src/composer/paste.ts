// Text that comes from the clipboard with a quote in it (K-09).

const blocks = new Set([
  "P",
  "DIV",
  "LI",
  "UL",
  "OL",
  "PRE",
  "TABLE",
  "TR",
  "SECTION",
  "ARTICLE",
  "H1",
  "H2",
  "H3",
  "H4",
  "H5",
  "H6",
]);
const unseen = new Set(["SCRIPT", "STYLE", "TEMPLATE", "HEAD", "TITLE"]);

/**
 * The text of an HTML clipboard with its quotes as lines that begin with ">";
 * undefined if there is no quote in it. Nothing of it is ever put on a page.
 */
export function quoted(html: string): string | undefined {
  if (!/<blockquote/i.test(html)) return undefined;
  const body = new DOMParser().parseFromString(html, "text/html").body;
  const lines: { depth: number; text: string }[] = [];
  let open = false;
  const end = () => (open = false);
  const write = (text: string, depth: number, verbatim: boolean) => {
    for (const [i, part] of (verbatim
      ? text.split("\n")
      : [text.replace(/\s+/g, " ")]
    ).entries()) {
      if (i > 0) end();
      if (!open && !verbatim && part.trim() === "") continue;
      const last = lines.at(-1);
      if (open && last) last.text += part;
      else lines.push({ depth, text: verbatim ? part : part.trimStart() });
      open = true;
    }
  };
  const walk = (node: Node, depth: number, verbatim: boolean) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        if (/^(TABLE|TBODY|THEAD|TR)$/.test(node.nodeName)) continue;
        write(child.textContent ?? "", depth, verbatim);
        continue;
      }
      if (!(child instanceof Element) || unseen.has(child.tagName)) continue;
      if (child.tagName === "BR") {
        if (!open) lines.push({ depth, text: "" });
        end();
        continue;
      }
      // Cells of a row stay apart, as in the plain text of a table.
      if (/^T[DH]$/.test(child.tagName) && child.previousElementSibling)
        write("\t", depth, true);
      const quote = child.tagName === "BLOCKQUOTE";
      const block = quote || blocks.has(child.tagName);
      if (block) end();
      walk(child, depth + (quote ? 1 : 0), verbatim || child.tagName === "PRE");
      if (block) end();
    }
  };
  walk(body, 0, false);
  const text = lines
    .map((l) => `${"> ".repeat(l.depth)}${l.text.trimEnd()}`.trimEnd())
    .join("\n")
    .trim();
  return text === "" ? undefined : text;
}

/**
 * Puts a text on the clipboard as a quote: our own box makes ">" lines of it,
 * others their own kind of quote or the bare text.
 */
export async function copyQuote(text: string): Promise<void> {
  const quote = document.createElement("blockquote");
  for (const [i, line] of text.split("\n").entries()) {
    if (i > 0) quote.append(document.createElement("br"));
    quote.append(line);
  }
  const blob = (type: string, body: string) => new Blob([body], { type });
  await navigator.clipboard.write([
    new ClipboardItem({
      "text/plain": blob("text/plain", text),
      "text/html": blob("text/html", quote.outerHTML),
    }),
  ]);
}
