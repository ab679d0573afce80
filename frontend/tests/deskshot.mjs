// Waits beside the rest of the journey for the diary's screenshot, whose moment is drawn by chance, and keeps a picture of the screen while
// the notice of it can be seen.
import { execFile } from "node:child_process";

import { pause, program } from "./desk.mjs";

/** watchShot looks every two seconds until end(). taken(limit) answers the held screenshot, or undefined when the limit is over. */
export function watchShot(desk) {
  let held;
  let over = false;
  const look = () =>
    new Promise((done) => {
      execFile(
        program,
        ["--data", desk.data, "--json", "track", "status"],
        { env: desk.env },
        (err, out) => done(err ? undefined : JSON.parse(out)),
      );
    });
  const run = async () => {
    while (!over && !held) {
      const now = await look();
      if (now?.shot) {
        held = now.shot;
        desk.picture("16-shot-notice");
      } else if (now?.lastShot) {
        held = now.lastShot;
      }
      await pause(2000);
    }
  };
  const running = run();
  return {
    async taken(limit) {
      const end = Date.now() + limit;
      while (!held && Date.now() < end) await pause(200);
      return held;
    },
    async end() {
      over = true;
      await running;
    },
  };
}
