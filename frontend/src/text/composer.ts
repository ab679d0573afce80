// The words of the box in which messages are written.

export const c = {
  codeBlock: () => "Code block",
  emoji: () => "Emoji",
  mention: () => "Mention somebody",
  /** Opens the marks where the bar has no place for them. */
  marks: () => "Bold, italic and others",
  people: () => "People in this room",
  emojiNamed: () => "Emoji that fit",
  taken: (n: number) => (n === 1 ? "1 choice" : `${n} choices`),
  enterSendsText: (keys: string) =>
    `Off: Enter makes a new line and ${keys} sends`,
  tooLong: () => "Too long to be sent",
  noCapture: () => "No screenshots here",
  /** Under a line that begins with /gif (K-10). */
  noGifs: () => "There is no GIF search yet: it is sent as the words it is.",
  files: () => "Files to send",
};
