/** A dialog of the shell. */
export type Shown = "" | "switcher" | "new" | "join" | "notsent" | "keys";

/** Which dialog of the shell is open, and with what. */
class Dialogs {
  open = $state<Shown>("");
  /** The invitation that the dialog to join a contract begins with. */
  link = $state("");

  show(what: Shown) {
    this.open = what;
  }

  /** Asks for an invitation to a contract, or looks at the one at hand. */
  join(link = "") {
    this.link = link;
    this.open = "join";
  }

  close() {
    this.open = "";
  }
}

export const dialogs = new Dialogs();
