import { call } from "../bridge";
import type { ContactView } from "../bridge/api";
import { edited, moved, type Span } from "../shared/mirror";
import { whenChanged } from "./changed";
import type { Room } from "./room.svelte";

/** How long after a key the text is looked at, ms. */
const pause = 80;

/**
 * Reads along in the box of a room what may not be shared before a contract, and
 * holds it back until a reason is named (P-01, P-04). What it knows comes from
 * Go; where that is still on its way when a message is to be sent, the message
 * waits for it, except in a room where everything may be shared.
 */
export class Guard {
  readonly #room: Room;
  readonly #onsent: () => void;
  #text = "";
  /** What is found, for the text that stands in the box or the one shortly before. */
  view = $state.raw<ContactView>();
  /** Where it stands, in the text as it is sent. */
  spans = $state.raw<readonly Span[]>([]);
  /** Sending was tried: the choice is shown. */
  asking = $state(false);
  /** The reminder about documents was read just now. */
  reminded = $state(false);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #known = "";
  #sure = "";
  #asked = 0;
  #waits = false;
  #gone = false;
  readonly #unhear: () => void;

  /** Onsent is called when a message that was held back is sent after all. */
  constructor(room: Room, onsent: () => void) {
    this.#room = room;
    this.#onsent = onsent;
    // A contract that started, another member, another policy: what was found may be free now.
    this.#unhear = whenChanged(
      (scope) =>
        scope === "policies" ||
        scope.startsWith("k:") ||
        (scope === `r:${room.id}` && this.held),
      () => {
        this.#known = "";
        void this.#look();
      },
    );
  }

  /** What is about to be sent, as one key. */
  #key(): string {
    const files = this.#room.files.map((f) => f.id);
    return JSON.stringify([
      this.#room.draft.stored,
      files,
      this.#room.editing?.id ?? "",
    ]);
  }

  /** Text or files are others now. */
  typed(text: string) {
    if (text !== this.#text) {
      // Until Go has looked at it, what was found moves with the edit.
      const edit = edited(this.#text, text, 0);
      this.spans = moved(this.spans, edit);
      this.#text = text;
    }
    if (this.#key() === this.#known) return;
    this.asking = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), pause);
  }

  async #look() {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    const key = this.#key();
    try {
      const view = await call("Contact.Look", {
        room: this.#room.id,
        text: this.#room.draft.stored,
        files: this.#room.files.map((f) => f.id),
        message: this.#room.editing?.id ?? "",
      });
      if (asked !== this.#asked || this.#gone) return;
      this.view = view;
      this.#known = key;
      this.spans = [...view.finds, ...view.asks].map(({ from, to }) => ({
        from,
        to,
        kind: "contact",
      }));
    } catch {
      // Go looks once more when it is sent.
      if (asked === this.#asked) this.#known = key;
    }
    if (this.#waits) {
      this.#waits = false;
      if (!this.holds()) this.#send();
    }
  }

  /** A reason is needed for what stands in the box. */
  get held(): boolean {
    const v = this.view;
    if (!v || v.free) return false;
    return v.named === "" && (v.finds.length > 0 || v.files.length > 0);
  }

  /** Whether a message must not go yet. Then the choice is shown, or it goes by itself once it was looked at. */
  holds(): boolean {
    const key = this.#key();
    if (key !== this.#known) {
      if (this.view?.free) return false;
      this.#waits = true;
      void this.#look();
      return true;
    }
    const asks = (this.view?.asks.length ?? 0) > 0 && this.#sure !== key;
    this.asking = (this.held && this.#room.reason === "") || asks;
    return this.asking;
  }

  /** The person names a reason: it goes with the message. */
  choose(reason: string) {
    this.#room.reason = reason;
    this.#sure = this.#key(); // whoever names a reason has looked at what stands there
    this.asking = false;
    this.#send();
  }

  /** The person means it: a password, a link that makes an appointment. */
  sure() {
    this.#sure = this.#key();
    if (!this.holds()) this.#send();
  }

  /** The person goes back to the text. */
  edit() {
    this.asking = false;
  }

  #send() {
    if (this.#room.editing) void this.#room.saveEdit();
    else if (this.#room.send()) this.#onsent();
  }

  /** A document may hold no contact details: the person is told once (P-12). */
  get reminds(): boolean {
    return (this.view?.remind ?? false) && !this.reminded;
  }

  understood() {
    this.reminded = true;
    void call("Contact.Reminded").catch(() => undefined);
  }

  /** The room is left. */
  leave() {
    this.#gone = true;
    this.#unhear();
    clearTimeout(this.#timer);
  }
}
