import { BridgeError, call } from "../bridge";
import type { OfferView } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { sentence } from "../state/say";
import { m } from "../text/en";
import { f } from "../text/offer";

/** Looking at an offer, by its link or from its room, asking about it and answering it. */
export class Answering {
  link = $state("");
  offer = $state.raw<OfferView>();
  error = $state<string>();
  busy = $state(false);
  /** Declining, and withdrawing, is asked about once more: nothing takes it back. */
  declining = $state(false);
  /** The contract of an offer that is here already: no link is needed. */
  readonly contract: string;
  /** An answer waited while it was shown. */
  #waited = false;
  #onclose: () => void;
  #onaccepted: (contract: string, room: string) => void;

  /** A link, or an offer, that is known already is looked at right away. */
  constructor(
    link: string,
    contract: string,
    onclose: () => void,
    onaccepted: (contract: string, room: string) => void,
  ) {
    this.link = link;
    this.contract = contract;
    this.#onclose = onclose;
    this.#onaccepted = onaccepted;
    if (link !== "" || contract !== "") void this.look();
  }

  async #act(run: () => Promise<void>) {
    this.busy = true;
    this.error = undefined;
    try {
      await run();
    } catch (e) {
      this.error = sentence(e);
      if (this.offer && e instanceof BridgeError && e.code === "moved")
        await this.#again();
    } finally {
      this.busy = false;
    }
  }

  /** What it is now stands where the old one stood; nothing was accepted or declined. */
  async #again() {
    this.declining = false;
    try {
      this.offer = await this.#read();
      this.error = m.offerMoved();
    } catch (e) {
      this.error = sentence(e);
    }
  }

  #read() {
    return call("Contracts.Look", { ...this.#which(), rev: 0 });
  }

  #which() {
    return { link: this.link.trim(), contract: this.contract };
  }

  /** Reads the offer. */
  async look() {
    if (this.link.trim() === "" && this.contract === "") {
      this.error = m.needed();
      return;
    }
    await this.#act(async () => {
      this.#show(await this.#read());
    });
  }

  /** What is shown of an answer that waits follows what becomes of it; an offer that can be answered stays as it was read. */
  async follow() {
    if (this.busy || !this.#waited) return;
    try {
      this.#show(await this.#read());
    } catch {
      // What is shown was so; the next change reads it again.
    }
  }

  #show(offer: OfferView) {
    this.offer = offer;
    this.#waited ||= offer.waiting !== null;
  }

  /** The answer is to what is shown, not to what it may have become. */
  #answer() {
    return { ...this.#which(), rev: this.offer?.rev ?? 0 };
  }

  /** It was answered, but the service has not taken it yet: nothing is done, and there is no room to go to. */
  #waits() {
    toasts.show(m.answerWaits());
    this.#onclose();
  }

  /** Into the room, to ask first. */
  ask() {
    return this.#act(async () => {
      const row = await call("Contracts.Ask", this.#answer());
      if (row.status === "waiting") this.#waits();
      else this.#onaccepted(row.id, row.room);
    });
  }

  /** Into the room one is in already. */
  enter() {
    this.#onaccepted(this.offer?.contract ?? "", this.offer?.room ?? "");
  }

  accept() {
    return this.#act(async () => {
      const row = await call("Contracts.Accept", this.#answer());
      if (row.status === "waiting") this.#waits();
      else this.#onaccepted(row.id, row.room);
    });
  }

  /** Takes back the answer that waits, where it has not left this computer; then the offer is as it was. */
  undo() {
    return this.#act(async () => {
      try {
        await call("Outbox.Discard", { id: this.offer?.waiting?.id ?? "" });
      } finally {
        this.#waited = false;
        this.#show(await this.#read());
      }
    });
  }

  decline() {
    return this.#act(async () => {
      const row = await call("Contracts.Decline", this.#answer());
      if (row.status === "waiting") {
        this.#waits();
        return;
      }
      toasts.show(this.offer?.mine ? f.withdrawn() : m.declined());
      this.#onclose();
    });
  }
}
