// What a hand does in many journeys: in a room, in the drawer of what was not sent, with the keys, and what it asks the program.
import { until } from "./wait.mjs";

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

/** call asks the program behind a page. */
export const call = (page, name, input) =>
  page.evaluate(
    async ({ name, input }) => {
      const { bearer } = JSON.parse(sessionStorage.getItem("trestle-keys"));
      const answer = await fetch(`/bridge/call/${name}`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${bearer}`,
          "Content-Type": "application/json",
        },
        body: JSON.stringify(input),
      });
      const body = await answer.json();
      if (body.error) throw new Error(JSON.stringify(body.error));
      return body.value;
    },
    { name, input },
  );

/** tracked waits until so many seconds more were tracked, and does something meanwhile. */
export async function tracked(stage, who, seconds, doing = () => {}) {
  const now = () => stage.verb(who, ["track", "status"]).seconds;
  const end = now() + seconds;
  await until(`${seconds} s of tracked time`, () => {
    doing();
    return now() >= end;
  });
}

/** held waits until a control of a page has the focus: without one the keys would begin again at the top of the window. */
export const held = (p, after) =>
  until(`the focus is on something after ${after}`, () =>
    p.evaluate(() => document.activeElement !== document.body),
  );
