import { type } from "../shared/textarea";
import { m } from "../text/en";
import { quoted } from "./paste";

/** What comes into the box from the clipboard: files, pictures, quotes, text (F-03, K-09). */
export class Pasting {
  readonly #box: () => HTMLTextAreaElement;
  readonly #take: (files: File[]) => Promise<void>;
  /** The next paste is of text only. */
  #plain = false;

  constructor(
    box: () => HTMLTextAreaElement,
    take: (files: File[]) => Promise<void>,
  ) {
    this.#box = box;
    this.#take = take;
  }

  /**
   * Ctrl+Shift+V was pressed: what comes is text and nothing else. Where the
   * webview knows no such key, the text is fetched.
   */
  plainNext(e: KeyboardEvent) {
    e.stopPropagation();
    this.#plain = true;
    setTimeout(() => {
      if (!this.#plain) return;
      this.#plain = false;
      void navigator.clipboard.readText().then(
        (text) => text !== "" && type(this.#box(), text),
        () => undefined, // it may not be read: nothing is pasted
      );
    }, 60);
  }

  /** Takes a paste; what is only text is left to the text area. */
  paste(e: ClipboardEvent) {
    const from = e.clipboardData;
    const plain = this.#plain;
    this.#plain = false;
    if (!from) return;
    if (plain) {
      e.preventDefault();
      type(this.#box(), from.getData("text/plain"));
      return;
    }
    const text = from.getData("text/plain");
    const quote = quoted(from.getData("text/html"));
    if (quote !== undefined) {
      e.preventDefault();
      this.#quote(quote);
      return;
    }
    const files = [...from.files];
    // Office programs add a picture of the text they copy: the text is meant.
    if (files.length > 0 && text === "") {
      e.preventDefault();
      void this.#take(files);
      return;
    }
    if (text === "") void this.#pictures();
  }

  /** A quote begins its own line, and what is written next stands below it. */
  #quote(quote: string) {
    const box = this.#box();
    const before = box.value.slice(0, box.selectionStart);
    const after = box.value.slice(box.selectionEnd);
    const head = before === "" || before.endsWith("\n") ? "" : "\n";
    const last = quote.slice(quote.lastIndexOf("\n") + 1);
    const tail = last.startsWith(">") && !after.startsWith("\n") ? "\n" : "";
    type(box, head + quote + tail);
  }

  /** WebKit keeps pictures out of the event; they can still be asked for. */
  async #pictures() {
    try {
      for (const item of await navigator.clipboard.read()) {
        const kind = item.types.find((t) => t.startsWith("image/"));
        if (!kind) continue;
        const picture = await item.getType(kind);
        await this.#take([
          new File([picture], m.pastedPicture(), { type: kind }),
        ]);
      }
    } catch {
      // Nothing there that may be read: pasting does nothing, as for text.
    }
  }
}
