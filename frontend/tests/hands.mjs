// What a hand does in many journeys: in a room, and in the drawer of what was not sent.

/** inRoom answers what is found in a room: its box, its messages, the line of one; say writes one and waits until it stands there. */
export function inRoom(room) {
  const box = (p) => p.getByLabel(`Message ${room}`);
  const log = (p) => p.getByRole("log", { name: `Messages in ${room}` });
  const line = (p, text) =>
    log(p).getByRole("article").filter({ hasText: text });
  async function say(p, text) {
    await box(p).fill(text);
    await p.keyboard.press("Enter");
    await line(p, text).first().waitFor();
  }
  return { box, log, line, say };
}

/** drawer is where what was not sent is listed, and item what of it holds a text. */
export const drawer = (p) => p.getByRole("dialog", { name: "Not sent" });
export const item = (p, text) =>
  drawer(p).getByRole("article").filter({ hasText: text });

export async function openDrawer(p) {
  await p.getByRole("button", { name: "Menu", exact: true }).click();
  await p.getByRole("menuitem", { name: /^Not sent/ }).click();
  await drawer(p).waitFor();
}
