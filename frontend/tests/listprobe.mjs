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
  /** Waits until the list has stood still for six frames. */
  const settled = async () => {
    let last = "";
    for (let same = 0; same < 6;) {
      await frame();
      const now = JSON.stringify(first());
      same = now === last ? same + 1 : 0;
      last = now;
    }
  };
  /** How far the list stands from its end, px. */
  const offEnd = () => {
    const v = view();
    return Math.round(v.scrollHeight - v.scrollTop - v.clientHeight);
  };
  /** The row at the upper edge, which the list holds, and where it begins. */
  const edge = () => {
    const top = view().getBoundingClientRect().top;
    const el = rows().find((r) => r.getBoundingClientRect().bottom > top + 1);
    return { key: el.dataset.key, at: el.getBoundingClientRect().top - top };
  };
  /** How far a row moves while older ones come before it, px; Infinity if none came. */
  const prepend = async () => {
    view().scrollTop = 900;
    await frame();
    const row = first();
    // Rows that came above push the view down by their height.
    const came = () => view().scrollTop > 900 + view().clientHeight;
    let worst = 0;
    for (let after = 0, i = 0; after < 60; after += came() ? 1 : 0) {
      if (++i > 1800) return Infinity;
      await frame();
      worst = Math.max(worst, Math.abs(where(row.key) - row.at));
    }
    return worst;
  };
  /** How far a row is from where a slow scroll up of 240 frames puts it, at worst, px. */
  const slowly = async () => {
    let worst = 0;
    for (let i = 0; i < 240; i++) {
      const row = first();
      view().scrollTop -= 6;
      await frame();
      const now = where(row.key);
      if (now !== undefined)
        worst = Math.max(worst, Math.abs(now - row.at - 6));
    }
    return worst;
  };
  /** What is seen in the 120 frames of a fling, so many px each. */
  const fling = async (step) => {
    const out = { blank: 0, standIn: 0, rows: 0 };
    for (let i = 0; i < 120; i++) {
      view().scrollTop += step;
      await frame();
      if (blank()) out.blank++;
      if (waiting()) out.standIn++;
      out.rows = Math.max(out.rows, rows().length);
    }
    return out;
  };
  globalThis.probe = {
    ...{ view, rows, frame, first, where, settled, offEnd, edge },
    ...{ prepend, slowly, fling },
  };
}

/** flung scrolls slowly, then flings both ways, with what a page runs its functions by, and writes down what was seen. */
export async function flung(run, figures) {
  await run(() => {
    const { view } = globalThis.probe;
    view().scrollTop = view().scrollHeight / 2; // far from both ends of what the page has
    return globalThis.probe.settled();
  });
  figures["drift, 240 frames of slow scroll up, px"] = await run(() =>
    globalThis.probe.slowly(),
  );
  const up = await run((by) => globalThis.probe.fling(by), -400);
  const down = await run((by) => globalThis.probe.fling(by), 400);
  figures["blank frames of 120, fling up"] = up.blank;
  figures["blank frames of 120, fling down"] = down.blank;
  figures["frames of 120 with stand-ins alone"] = Math.max(
    up.standIn,
    down.standIn,
  );
  figures["most rows drawn"] = Math.max(up.rows, down.rows);
  return { up, down };
}
