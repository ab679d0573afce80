/** One server-sent event. */
export type ServerEvent = { id: string; name: string; data: string };

/**
 * Takes the text of an event stream in pieces of any size and answers the events
 * that are complete. Comments and unknown fields are passed over, as the HTML
 * standard says (9.2.6).
 */
export class EventReader {
  #rest = "";

  /** Feed a piece; answers the events that it completes. */
  feed(text: string): ServerEvent[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    const out: ServerEvent[] = [];
    for (const raw of lines) {
      const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (line === "") {
        if (this.#data.length > 0) {
          out.push({
            id: this.#id,
            name: this.#name || "message",
            data: this.#data.join("\n"),
          });
        }
        this.#name = "";
        this.#data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "id") this.#id = value;
      else if (field === "event") this.#name = value;
      else if (field === "data") this.#data.push(value);
    }
    return out;
  }

  #id = "";
  #name = "";
  #data: string[] = [];
}
