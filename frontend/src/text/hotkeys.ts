// The words of the combinations that work anywhere on this computer.

export const h = {
  title: () => "Everywhere on this computer",
  on: () => "Listen outside the window too",
  track: () => "Start or stop tracking",
  capture: () => "Capture to a room",
  press: () => "Press keys…",
  none: () => "None",
  changed: () => "changed",
  back: (keys: string) => `Back to ${keys.replaceAll("+", " ")}`,
  graph: () =>
    "On Windows AltGr counts as Ctrl and Alt. If AltGr and one of these letters write a character on your keyboard, choose other keys.",
  /** What the card is also found by. */
  words: () =>
    "everywhere on this computer anywhere in the system global outside the window start or stop tracking capture to a room ctrl alt",
  /** What a row's button is called. */
  change: (what: string, keys: string) =>
    `${what}: ${keys === "" ? "no keys" : keys.replaceAll("+", " ")}. Change`,
  recording: (what: string) =>
    `${what}: press the new keys. Escape keeps the old, Backspace removes`,
  how: () => "Press the new keys. Esc keeps the old, Backspace removes.",
  noKey: () => "That key cannot be used. Letters, digits and F1 to F12 can.",
  typing: (keys: string) =>
    `${keys.replaceAll("+", " ")} is what people type. Hold Ctrl, Alt or both with it.`,
  before: () => "Some desktops do not allow these. The commands",
  and: () => "and",
  after: () => "can be bound in the system settings instead.",
  kept: (keys: string) => `${keys} is set`,
  removed: () => "No keys are set",
};
