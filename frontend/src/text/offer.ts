// Texts of an offer in its room: asking about it, how it stands, how it ended (M-02, M-12, W-33). See en.ts for how texts are written.

export const f = {
  // In the dialog
  ask: () => "Ask about this offer",
  askText: (client: string) =>
    `You can ask ${client} first. The offer’s room opens for you, and nobody else can use the link from then on.`,
  openRoom: () => "Open the room",
  inRoom: () => "You are in the room of this offer.",
  withdraw: () => "Withdraw",
  withdrawMore: () => "Withdraw…",
  withdrawAsk: (asker: string) =>
    asker === ""
      ? "Withdraw this offer? Its link works no more."
      : `Withdraw this offer? ${asker} is told.`,
  withdrawn: () => "The offer is withdrawn",
  accepted: () => "You accepted this offer.",
  ownTitle: () => "Your offer",

  // The bar of the room
  bar: () => "The offer",
  out: () => "Nobody answered your offer yet.",
  asks: (name: string) => `${name} is here to ask about your offer.`,
  offers: (name: string, rate: string) => `${name} offers you ${rate} an hour.`,
  until: (date: string) => `Open until ${date}`,
  lapsed: () => "This offer has lapsed.",
  /** An answer the service has not taken; what was not tried yet can be undone. */
  waits: (what: string, undo: boolean) =>
    `${
      {
        ask: "Asked about",
        accept: "Accepted",
        withdraw: "Withdrawn",
      }[what] ?? "Declined"
    }, waits ${undo ? "to be sent" : "for the service"}`,
  view: () => "View the offer",
  accept: () => "Accept…",
  decline: () => "Decline…",

  // Where nobody else is yet
  nobody: () => "Nobody is here yet: send the link",
  nobodyText: (email: string) =>
    `${email === "" ? "Whoever opens the link" : `Whoever has the account of ${email}`} can ask here and reads what you write before.`,
  nobodyElsewhere: () =>
    "The link can be copied on the computer where you made the offer. Who opens it can ask here, and reads what you write before.",

  /** Why nothing is written here any more. */
  over: (over: string, mine: boolean, client: string, asker: string) =>
    `${
      {
        declined: mine
          ? `${asker === "" ? "The freelancer" : asker} declined this offer.`
          : "You declined this offer.",
        withdrawn: mine
          ? "You withdrew this offer."
          : `${client} withdrew this offer.`,
        lapsed: "This offer has lapsed.",
      }[over] ?? "This offer is over."
    } The room can be read, not written in.`,
  /** The same of a contract's page. */
  ended: (over: string, mine: boolean, client: string) =>
    ({
      withdrawn: mine
        ? "You withdrew this offer."
        : `${client} withdrew this offer.`,
      lapsed: "This offer has lapsed.",
    })[over] ??
    (mine ? "The freelancer declined this offer." : "You declined this offer."),
};
