// Waits for the diary's screenshot, whose moment is drawn by chance, and keeps a picture of the screen while the notice of it can be seen.
import { execFile } from "node:child_process";

import { pause, program } from "./desk.mjs";

/** shotTaken looks until there is one, and answers it; undefined when the limit is over. */
export async function shotTaken(desk, limit) {
  const look = () =>
    new Promise((done) => {
      execFile(
        program,
        ["--data", desk.data, "--json", "track", "status"],
        { env: desk.env },
        (err, out) => done(err ? undefined : JSON.parse(out)),
      );
    });
  for (const end = Date.now() + limit; Date.now() < end; await pause(300)) {
    const now = await look();
    if (now?.shot) desk.picture("16-shot-notice");
    if (now?.shot ?? now?.lastShot) return now.shot ?? now.lastShot;
  }
}
