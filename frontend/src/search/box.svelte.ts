import { router } from "../state/router.svelte";
import { Finder } from "./finder.svelte";

export type Mode = "rooms" | "messages";

/** The search above the list of rooms: what is typed, and whether names or messages are searched (S-02). */
class Box {
  mode = $state<Mode>("rooms");
  text = $state("");
  /** The chosen row among people and rooms. */
  active = $state(0);
  finder = new Finder("");
  /** The room that was open before. */
  #from = "";

  /** Forgets everything: another person is here. */
  forget() {
    this.mode = "rooms";
    this.text = "";
    this.finder = new Finder("");
  }

  get #onPage() {
    return router.parts[0] === "search";
  }

  /** Takes what is typed. */
  type(text: string) {
    this.text = text;
    this.active = 0;
    // Messages are counted beside the names.
    this.finder.set(text);
    if (this.mode === "messages") this.#show();
  }

  /** Searches names, or messages. */
  choose(mode: Mode) {
    this.mode = mode;
    if (mode === "messages") this.#show();
    else this.#leave();
  }

  /** Follows the address: Back and reload lead into a search. */
  arrive(text: string) {
    this.mode = "messages";
    if (text !== this.text) this.text = text;
    this.finder.set(text);
  }

  /** Esc: empties the box, then leaves the search. */
  escape(): boolean {
    if (this.text !== "") {
      this.type("");
      return true;
    }
    const left = this.#onPage;
    this.mode = "rooms";
    this.#leave();
    return left;
  }

  /** A hit was opened: the rooms stand in the list again, and Back leads to the hits. */
  opened() {
    this.text = "";
    this.mode = "rooms";
  }

  #show() {
    const path = `search/messages/${encodeURIComponent(this.text)}`;
    if (this.#onPage) router.replace(path);
    else {
      this.#from = router.parts[0] === "room" ? (router.parts[1] ?? "") : "";
      router.go(path);
    }
  }

  #leave() {
    if (this.#onPage) router.go(`room/${this.#from}`);
  }
}

export const box = new Box();
