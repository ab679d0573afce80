import type { MenuRoom } from "../room/roommenu";

/** A dialog about people and rooms that is open. */
export type Ask =
  | { what: "message" }
  | { what: "room" }
  | { what: "invite"; room: Asked }
  | { what: "rename"; room: Asked }
  | { what: "handover"; room: Asked }
  | { what: "export"; room: Asked };

/** What a dialog says of the room it is about. */
export type Asked = Pick<MenuRoom, "id" | "name" | "kind">;

/** The one dialog about people and rooms, opened from menus, panels and the switcher alike. */
class Asks {
  open = $state.raw<Ask>();

  close() {
    this.open = undefined;
  }
}

export const asks = new Asks();
