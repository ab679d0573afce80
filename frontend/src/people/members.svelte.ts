import { call } from "../bridge";
import type { MemberRow, MembersView } from "../bridge/api";
import { toasts } from "../shared/toasts.svelte";
import { Query } from "../state/query.svelte";
import { attempt } from "../state/say";
import { m } from "../text/en";
import { r } from "../text/rooms";

/** Who is in a room, and what may be done with them (M-05 to M-07, M-21). */
export class Members {
  readonly room: string;
  #query: Query<MembersView>;
  /** Removed here, while it can still be undone. */
  #going = $state.raw<ReadonlySet<string>>(new Set());

  constructor(room: string) {
    this.room = room;
    this.#query = new Query<MembersView>(
      () => call("Rooms.Members", { room }),
      (scope) => scope === `r:${room}` || scope.startsWith("a:"),
    );
    void this.#query.refresh();
  }

  get may() {
    return this.#query.value?.may;
  }

  /** Those who are in it, who leads it first. */
  get list(): MemberRow[] {
    return (this.#query.value?.members ?? []).filter(
      (x) => !this.#going.has(x.id),
    );
  }

  setRole(person: MemberRow, role: "admin" | "member") {
    const say = (to: string) =>
      attempt(() =>
        call("Rooms.SetRole", {
          room: this.room,
          account: person.id,
          role: to,
        }),
      );
    void say(role).then((done) => {
      if (!done) return;
      const text =
        role === "admin" ? r.madeAdmin(person.name) : r.madeMember(person.name);
      toasts.undo(text, m.undo(), () => void say(person.role));
    });
  }

  handOver(person: MemberRow) {
    void this.#part("handover", person, r.handedOver(person.name), () =>
      call("Rooms.HandOver", { room: this.room, account: person.id }),
    );
  }

  remove(person: MemberRow) {
    const going = (on: boolean) => {
      const next = new Set(this.#going);
      if (on) next.add(person.id);
      else next.delete(person.id);
      this.#going = next;
    };
    void this.#part(
      "remove",
      person,
      r.removedNow(person.name),
      () => call("Rooms.Remove", { room: this.room, account: person.id }),
      going,
    );
  }

  /**
   * Does what parts people once the line that says so is gone: until then
   * nothing has to be taken back. A program that ends meanwhile does it when
   * it begins again.
   */
  async #part(
    word: "remove" | "handover",
    person: MemberRow,
    text: string,
    act: () => Promise<unknown>,
    going: (on: boolean) => void = () => undefined,
  ) {
    const what = { room: this.room, what: word, account: person.id };
    if (!(await attempt(() => call("Rooms.PartSoon", what)))) return;
    going(true);
    const settled = (last: () => Promise<unknown>) =>
      void attempt(last).then(() => going(false));
    toasts.undo(
      text,
      m.undo(),
      () => settled(() => call("Rooms.Unpart", what)),
      () => settled(act),
    );
  }

  /** Ends it: the panel was left. */
  stop() {
    this.#query.stop();
  }
}
