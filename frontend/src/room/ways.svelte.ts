import { untrack } from "svelte";

import { toasts } from "../shared/toasts.svelte";
import type { Room } from "../state/room.svelte";
import type { Place } from "../state/timeline.svelte";

/** What of the list of messages a way needs. */
type List = {
  show: (id: string, focus?: boolean) => Promise<void>;
  look: () => void;
};

/**
 * The ways to the places of a room: all lead through `go`. It follows the message
 * that the address names, once for each, and else goes to what is not read where
 * that is far off (M-31). To be called while the page of the room is made.
 */
export function ways(
  room: Room,
  list: () => List | undefined,
  at: () => string,
) {
  let moves = 0;
  let followed = "";

  async function go(place: Place, focus = true) {
    room.moving = ++moves > 0;
    const { id, reason } = await room.reach(place);
    if (id !== "") await list()?.show(id, focus);
    else if (reason !== "") toasts.show(reason);
    room.moving = --moves > 0;
    list()?.look();
  }
  const jump = (message: string, focus = true) => go({ message }, focus);

  async function toUnread() {
    const first = await room.toUnread();
    if (first !== "") await list()?.show(first, false);
    room.far = false;
    list()?.look();
  }

  $effect(() => {
    // The list is there with the room.
    if (!list() || !room.view || at() === "" || at() === followed) return;
    followed = at();
    untrack(() => void jump(followed));
  });
  $effect(() => {
    if (!list() || !room.far) return;
    untrack(() => {
      if (at() === "") void toUnread();
      else room.far = false;
    });
  });

  return { go, jump };
}
