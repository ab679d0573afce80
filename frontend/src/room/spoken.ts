import type { MessageRow } from "../bridge/api";
import { c } from "../text/contact";
import { m } from "../text/en";
import { w } from "../text/message";
import { timeOf } from "../text/time";

/** Where one line of a message ends and the next begins. */
const ends = /<(?:\/(?:p|li|pre|blockquote|h\d|tr|td|div)|br\s*\/?)>/g;

/** The words of a message as they are read: without the signs of its markup, and people by their names. */
export function heard(html: string): string {
  const made = document.createElement("template");
  made.innerHTML = html.replace(ends, "$& ");
  return (made.content.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** What a message says aloud, as the name of its line and when it comes. Folds is what is said instead of one that folds. */
export function spoken(message: MessageRow, folds: string): string {
  const { name, auto } = message;
  const time = timeOf(message.at);
  if (folds !== "") return w.name(name, time, folds);
  if (message.state === "unknown")
    return w.name(name, time, m.unknownMessage());
  if (message.deleted !== 0)
    return w.name(name, time, w.deleted(message.removed));
  return w.name(
    name,
    time,
    message.html === "" ? message.text : heard(message.html),
    {
      auto,
      edited: message.edited !== 0,
      reply: message.reply?.name ?? "",
      files: message.files.map((f) => f.name),
      // What its reader should know belongs to what is heard (P-17, P-18).
      hint: { asks: c.asks(), pays: c.pays() }[message.hint] ?? "",
      refused:
        message.state === "failed"
          ? m.notSentRow()
          : message.unsaved
            ? w.unsaved(message.unsaved.what)
            : "",
    },
  );
}
