import { going } from "./going.svelte";

/** The panel beside the open room. It stays from room to room, but Find is of the room it was asked in. */
class Beside {
  #asked = $state.raw({ panel: "", room: "" });

  /** What it shows: find, people, files, notepad or about; "" while it is closed. */
  get panel(): string {
    const { panel, room } = this.#asked;
    return panel === "find" && room !== going.looked ? "" : panel;
  }
  set panel(panel: string) {
    this.#asked = { panel, room: going.looked };
  }

  /** Forgets what was looked for in a room that is not on the screen any more. */
  moved() {
    if (this.panel === "") this.#asked = { panel: "", room: "" };
  }
}

export const beside = new Beside();
