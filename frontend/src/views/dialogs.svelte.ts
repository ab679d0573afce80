/** A dialog of the shell. */
export type Shown = "" | "switcher" | "new" | "join" | "notsent" | "keys";

/** Which dialog of the shell is open, and with what. */
class Dialogs {
  open = $state<Shown>("");
  /** The invitation that the dialog to join a contract begins with. */
  link = $state("");
  /** The offer, of a room one is in, that the same dialog shows; whether it is to end; who asked about it. */
  offer = $state.raw({ contract: "", end: false, asker: "" });

  show(what: Shown) {
    this.open = what;
  }

  /** Asks for an invitation to a contract, or looks at the one at hand. */
  join(link = "") {
    this.link = link;
    this.offer = { contract: "", end: false, asker: "" };
    this.open = "join";
  }

  /** Shows the offer of a room one is in, or asks whether it is to end. */
  answer(contract: string, end: boolean, asker: string) {
    this.link = "";
    this.offer = { contract, end, asker };
    this.open = "join";
  }

  close() {
    this.open = "";
  }
}

export const dialogs = new Dialogs();
