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
    toasts.undo(
      r.handedOver(person.name),
      m.undo(),
      () => undefined,
      () =>
        void attempt(() =>
          call("Rooms.HandOver", { room: this.room, account: person.id }),
        ),
    );
  }

  /** Takes somebody out once the line that says so is gone: until then nothing has to be taken back. */
  remove(person: MemberRow) {
    const going = (on: boolean) => {
      const next = new Set(this.#going);
      if (on) next.add(person.id);
      else next.delete(person.id);
      this.#going = next;
    };
    going(true);
    toasts.undo(
      r.removedNow(person.name),
      m.undo(),
      () => going(false),
      () =>
        void attempt(() =>
          call("Rooms.Remove", { room: this.room, account: person.id }),
        ).then(() => going(false)),
    );
  }

  /** Ends it: the panel was left. */
  stop() {
    this.#query.stop();
  }
}
