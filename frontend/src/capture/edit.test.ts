import { expect, test } from "vitest";

import { bounds } from "./boxes";
import { checkDoc } from "./check";
import type { Doc, Obj } from "./doc";
import { crop } from "./crop";
import * as edit from "./edit";
import { handlesOf, resized, straight, type Handle, type Mods } from "./resize";
import { beginDrawing, drawTo, finishDrawing } from "./draw";
import { begin, commit, depth, redo, undo, type History } from "./history";
import { docOf, noise, oneOfEach } from "./sample";
import { firstStyles, type Tool } from "./style";

const plain = { shift: false, alt: false };
const each = oneOfEach();
const ids = each.map((o) => o.id);
const byId = (doc: Doc, id: string): Obj =>
  doc.objects.find((o) => o.id === id) as Obj;
const numbers = (doc: Doc): number[] =>
  doc.objects.flatMap((o) => (o.t === "step" ? [o.n] : []));

// One random gesture of each kind that changes a document.
function gesture(doc: Doc, next: () => number): Doc {
  const pick = <T>(of: readonly T[]): T =>
    of[Math.floor(next() * of.length)] as T;
  const some = doc.objects.filter(() => next() < 0.3).map((o) => o.id);
  const at = () => ({ x: next() * doc.w, y: next() * doc.h, pressure: 0.5 });
  const o = doc.objects.length ? pick(doc.objects) : null;
  switch (Math.floor(next() * 9)) {
    case 0:
      return edit.move(doc, some, next() * 60 - 30, next() * 60 - 30);
    case 1:
      return o
        ? edit.replace(
            doc,
            resized(o, pick(handlesOf(o)), at(), {
              shift: next() < 0.3,
              alt: next() < 0.3,
            }),
          )
        : doc;
    case 2:
      return edit.remove(doc, some.slice(0, 2));
    case 3:
      return edit.duplicate(doc, some.slice(0, 2)).doc;
    case 4:
      return edit.order(
        doc,
        some,
        pick(["up", "down", "top", "bottom"] as const),
      );
    case 5: {
      const a = at();
      const result = crop(doc, {
        x: a.x,
        y: a.y,
        w: next() * 200,
        h: next() * 200,
      });
      return "doc" in result ? result.doc : doc;
    }
    case 6:
      return edit.change(doc, some, (x) =>
        edit.restyled(
          x,
          {
            c: "#17815a",
            size: Math.floor(next() * 4),
            fill: next() < 0.5,
            dash: next() < 0.5,
            plate: next() < 0.5,
            a: 0.5,
          },
          doc.scale,
        ),
      );
    default: {
      const tool = pick<Tool>([
        "arrow",
        "line",
        "rect",
        "ellipse",
        "pen",
        "mark",
        "step",
        "hide",
        "spot",
      ]);
      const mods = { shift: next() < 0.3, alt: next() < 0.3 };
      let d = beginDrawing(doc, tool, firstStyles()[tool], at(), mods);
      if (!d) return doc;
      for (let i = 0; i < 6; i++) d = drawTo(d, at(), mods, 0.5);
      const made = finishDrawing(d, true);
      return made ? edit.add(doc, made) : doc;
    }
  }
}

test.each(Array.from({ length: 40 }, (_, i) => i))(
  "TestC11_undo_and_redo_of_random_gestures_give_equal_documents: seed %i",
  (seed) => {
    const next = noise(seed);
    let h: History = begin(docOf(...each));
    const seen: string[] = [JSON.stringify(h.now)];
    for (let i = 0; i < 60; i++) {
      const was = h.past.length;
      h = commit(h, gesture(h.now, next));
      if (h.past.length > was) seen.push(JSON.stringify(h.now));
      // Every document on the way is one Go would take, on quarter pixels.
      checkDoc(h.now);
    }
    for (let i = seen.length - 1; i >= 0; i--) {
      expect(JSON.stringify(h.now)).toBe(seen[i]);
      h = undo(h);
    }
    expect(undo(h)).toBe(h);
    for (const want of seen) {
      expect(JSON.stringify(h.now)).toBe(want);
      h = redo(h);
    }
    expect(redo(h)).toBe(h);
  },
);

test("TestC11_two_hundred_gestures_deep", () => {
  let h = begin(docOf());
  for (let i = 0; i < depth + 50; i++) h = commit(h, { ...h.now, step: i + 2 });
  for (let i = 0; i < depth; i++) h = undo(h);
  expect(h.now.step).toBe(51);
  expect(undo(h)).toBe(h);
});

test("TestC11_a_new_gesture_ends_redo_and_an_empty_one_is_none", () => {
  let h = commit(begin(docOf()), docOf(...each));
  expect(commit(h, h.now)).toBe(h);
  h = commit(undo(h), docOf(each[0] as Obj));
  expect(h.future).toEqual([]);
});

test.each(each.map((o) => [o.t, o] as const))(
  "TestC04_moved_by_quarters: %s",
  (_, o) => {
    const b = bounds(o);
    const to = bounds(edit.moved(o, 10.1, -5.3));
    expect(to).toEqual({ ...b, x: b.x + 10, y: b.y - 5.25 });
  },
);

test("TestC04_marks_cannot_be_lost_outside_the_picture", () => {
  const doc = edit.move(docOf(...each), ["rect"], 10_000, -10_000);
  const b = bounds(byId(doc, "rect"));
  expect(b.x).toBeLessThan(doc.w);
  expect(b.y + b.h).toBeGreaterThan(0);
});

test.each<[string, Handle, [number, number], Partial<Mods>, number[]]>([
  ["corner", "se", [260, 90], {}, [150, 20, 110, 70]],
  ["edge keeps the other side", "e", [260, 500], {}, [150, 20, 110, 40]],
  ["turned inside out", "w", [300, 0], {}, [230, 20, 70, 40]],
  ["in proportion", "se", [310, 60], { shift: true }, [150, 20, 160, 80]],
  ["from the centre", "se", [240, 70], { alt: true }, [140, 10, 100, 60]],
  [
    "in proportion to the north west",
    "nw",
    [70, 20],
    { shift: true },
    [70, -20, 160, 80],
  ],
])("TestC04_resized: %s", (_, handle, [x, y], mods, want) => {
  const o = resized(
    byId(docOf(...each), "rect"),
    handle,
    { x, y },
    { ...plain, ...mods },
  );
  const b = bounds(o);
  expect([b.x, b.y, b.w, b.h]).toEqual(want);
});

test("TestC06_shift_holds_a_line_to_fifteen_degrees", () => {
  for (let i = 0; i < 50; i++) {
    const p = straight(
      { x: 100, y: 100 },
      { x: 100 + 80 * Math.cos(i), y: 100 + 80 * Math.sin(i) },
    );
    const angle = (Math.atan2(p.y - 100, p.x - 100) * 12) / Math.PI;
    expect(Math.abs(angle - Math.round(angle))).toBeLessThan(0.02);
  }
});

test("TestC09_deleting_a_step_renumbers_the_rest", () => {
  const step = each.find((o) => o.t === "step") as Obj;
  const doc = docOf(
    ...[1, 2, 3, 4].map((n) => ({ ...step, id: `s${n}`, n }) as Obj),
  );
  const left = edit.remove(doc, ["s2"]);
  expect(numbers(left)).toEqual([1, 2, 3]);
  expect(left.step).toBe(4);
  expect(numbers(edit.remove(doc, ["s1", "s2", "s3", "s4"]))).toEqual([]);
  expect(edit.remove(doc, ["none"])).toBe(doc);
});

test("TestC04_a_copy_has_its_own_id_number_and_noise", () => {
  const { doc, ids: made } = edit.duplicate(docOf(...each), ids);
  expect(made).toHaveLength(each.length);
  expect(new Set(doc.objects.map((o) => o.id)).size).toBe(2 * each.length);
  expect(numbers(doc)).toEqual([1, 2]);
  checkDoc(doc);
});

test.each<["up" | "down" | "top" | "bottom", string[], string]>([
  ["up", ["a"], "bacd"],
  ["up", ["c", "d"], "abcd"],
  ["up", ["a", "b"], "cabd"],
  ["down", ["c"], "acbd"],
  ["top", ["a", "c"], "bdac"],
  ["bottom", ["d"], "dabc"],
])("TestC04_order: %s of %j", (to, which, want) => {
  const rect = byId(docOf(...each), "rect");
  const doc = docOf(...["a", "b", "c", "d"].map((id) => ({ ...rect, id })));
  expect(
    edit
      .order(doc, which, to)
      .objects.map((o) => o.id)
      .join(""),
  ).toBe(want);
});

test.each<[string, [number, number, number, number], string]>([
  ["under a pixel", [10, 10, 0.3, 50], "small"],
  ["outside", [500, 500, 50, 50], "small"],
  ["cut at the edge", [-20, 290, 100, 100], "0 290 80 10"],
  ["all of it is no crop", [-1, -1, 900, 900], "none"],
])("TestC05_crop: %s", (_, [x, y, w, h], want) => {
  const result = crop(docOf(), { x, y, w, h });
  const c = "doc" in result ? result.doc.crop : "small";
  const said =
    c === "small" ? c : c === null ? "none" : `${c.x} ${c.y} ${c.w} ${c.h}`;
  expect(said).toBe(want);
});

test("TestC08_a_plate_takes_the_colour_and_the_words_what_reads_on_it", () => {
  const text = byId(docOf(...each), "text");
  const on = edit.restyled(text, { plate: true }, 1);
  expect(on).toMatchObject({ plate: "#e5363f", c: "#ffffff" });
  expect(edit.restyled(on, { c: "#f2c230" }, 1)).toMatchObject({
    plate: "#f2c230",
    c: "#000000",
  });
  expect(edit.restyled(on, { plate: false }, 1)).toEqual(text);
});

test("TestC08_a_picture_of_words_is_drawn_anew_when_its_look_changes", () => {
  const text = byId(docOf(...each), "text");
  const bmp = { w: 3, h: 2, png: "AAAA" };
  const drawn = { ...text, bmp } as Obj;
  expect(edit.restyled(drawn, { c: "#17815a" }, 1)).not.toHaveProperty("bmp");
  expect(edit.restyled(drawn, { size: 3 }, 1)).not.toHaveProperty("bmp");
  expect(edit.restyled(drawn, { plate: true }, 1)).not.toHaveProperty("bmp");
  expect(edit.restyled(drawn, { a: 0.5 }, 1)).toHaveProperty("bmp", bmp);
});
