// What the journeys of a long room share (list.mjs in Chromium, listwebkit.mjs in WebKitGTK): the room, and what the page measures itself.
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  "../..",
);

/** lengthen gives Mara's room "Otter Trails" many messages; nothing runs on her folder meanwhile. */
export function lengthen(stage, many) {
  const copy = stage
    .files("mara")
    .find((f) => path.basename(f) === "replica.db");
  execFileSync(
    "go",
    // prettier-ignore
    ["test", "-tags", "sqlite_fts5", "-count=1", "-run", "^TestLongRoom$", "./internal/replica"],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, TRESTLE_LONG: copy, TRESTLE_LONG_N: `${many}` },
    },
  );
}

/** What the page measures itself, frame by frame. */
export function probe() {
  const view = () => document.querySelector('[role="log"]');
  const rows = () => [...view().querySelectorAll(".row")];
  const frame = () => new Promise((r) => requestAnimationFrame(r));
  /** The first row that begins in view, and where. */
  const first = () => {
    const top = view().getBoundingClientRect().top;
    for (const el of rows()) {
      const at = el.getBoundingClientRect().top - top;
      if (at >= 0 && el.querySelector("article"))
        return { key: el.dataset.key, at };
    }
    return undefined;
  };
  const where = (key) => {
    const el = rows().find((r) => r.dataset.key === key);
    return el
      ? el.getBoundingClientRect().top - view().getBoundingClientRect().top
      : undefined;
  };
  /** True if some height of the view shows neither a message, a day nor a line that stands in for messages. */
  const blank = () => {
    const box = view().getBoundingClientRect();
    const spans = rows()
      .map((r) => r.getBoundingClientRect())
      .filter((r) => r.bottom > box.top && r.top < box.bottom)
      .sort((a, b) => a.top - b.top);
    let to = box.top;
    for (const r of spans) {
      if (r.top - to > 2) return true;
      to = Math.max(to, r.bottom);
    }
    return box.bottom - to > 8;
  };
  /** True if only lines that stand in for messages are in view. */
  const waiting = () => {
    const box = view().getBoundingClientRect();
    return !rows().some((r) => {
      const b = r.getBoundingClientRect();
      return (
        b.bottom > box.top && b.top < box.bottom && r.querySelector("article")
      );
    });
  };
  /** The farthest a row moved by anything but scrolling, in px, while `act` runs for some frames. */
  const drift = async (act, frames = 30) => {
    const row = first();
    await act();
    let worst = 0;
    for (let i = 0; i < frames; i++) {
      await frame();
      const now = where(row.key);
      if (now === undefined) return Infinity;
      worst = Math.max(worst, Math.abs(now - row.at));
    }
    return worst;
  };
  globalThis.probe = { view, rows, frame, first, where, blank, waiting, drift };
}
