import { expect, test } from "vitest";

import { checkDoc } from "./check";
import type { Doc, TextObj } from "./doc";
import { limits } from "./doc";
import { Marking } from "./marking.svelte";
import { Pointing } from "./pointing.svelte";
import { docOf, noise, oneOfEach } from "./sample";
import { firstStyles, readStyles, type Tool } from "./style";
import { toScreen } from "./view";

const none = { shift: false, alt: false };

/** A person at the annotator, with the picture at 100 % and its corner at 50, 50. */
function person(doc: Doc = docOf(), tool: Tool = "select") {
  const saved: Doc[] = [];
  const m = new Marking({
    doc,
    styles: firstStyles(),
    tool,
    finishText: (o: TextObj) => o,
    onsave: (d) => saved.push(d),
    onstyles: () => {},
  });
  const frame = { w: 500, h: 400, left: 50, top: 50, right: 50, bottom: 50 };
  m.port.resize(frame, 1);
  const hand = new Pointing(m, [{ x: 200, y: 150, w: 100, h: 100 }]);
  const at = (x: number, y: number) => ({
    ...toScreen(m.view, { x, y }),
    pressure: 0.5,
  });
  const drag = (
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    mods = none,
  ) => {
    hand.down(at(x1, y1), mods, 0);
    hand.moved(at((x1 + x2) / 2, (y1 + y2) / 2), mods);
    hand.moved(at(x2, y2), mods);
    hand.up(at(x2, y2), mods);
  };
  return { m, hand, saved, at, drag };
}

test("TestC04_a_mark_just_drawn_is_selected_and_moves_when_pressed", () => {
  const { m, saved, drag } = person(docOf(), "rect");
  drag(20, 20, 120, 80);
  const [first] = m.doc.objects;
  expect(m.selected).toEqual([first?.id]);
  drag(20, 35, 40, 45);
  expect(m.doc.objects).toHaveLength(1);
  expect(m.doc.objects[0]).toMatchObject({ x: 40, y: 30, w: 100, h: 60 });
  drag(200, 200, 260, 240);
  expect(m.doc.objects).toHaveLength(2);
  expect(saved).toHaveLength(3);
});

test("TestC04_a_selected_frame_is_moved_by_its_empty_inside_too", () => {
  const { m, drag } = person(docOf(...oneOfEach()));
  drag(175, 35, 195, 45);
  expect(m.selected).toEqual([]);
  m.select(["rect"]);
  drag(175, 35, 195, 45);
  expect(m.doc.objects[2]).toMatchObject({ x: 170, y: 30 });
});

test("TestC04_a_click_with_a_drawing_tool_picks_and_draws_nothing", () => {
  const { m, hand, saved, at } = person(docOf(...oneOfEach()), "arrow");
  hand.down(at(60, 35), none, 0);
  hand.up(at(61, 35), none);
  expect(m.selected).toEqual(["arrow"]);
  expect(saved).toEqual([]);
});

test("TestC11_a_gesture_taken_back_leaves_the_document_as_it_was", () => {
  const doc = docOf(...oneOfEach());
  const { m, hand, saved, at } = person(doc);
  hand.down(at(170, 20), none, 0);
  hand.moved(at(200, 60), none);
  expect(m.doc).not.toBe(doc);
  hand.cancel();
  expect(m.doc).toBe(doc);
  hand.up(at(200, 60), none);
  expect(m.doc).toBe(doc);
  expect(saved).toEqual([]);
});

test("TestC11_a_run_of_one_key_is_one_gesture", () => {
  const { m, saved } = person(docOf(...oneOfEach()));
  m.select(["rect"]);
  for (let i = 0; i < 5; i++) m.nudge(1, 0);
  m.settle();
  m.nudge(0, 1);
  expect(saved).toHaveLength(6);
  m.undo();
  m.undo();
  expect(m.canUndo).toBe(false);
  expect(m.doc).toEqual(docOf(...oneOfEach()));
});

test("TestC11_undo_lets_go_of_marks_that_are_gone", () => {
  const { m, drag } = person(docOf(), "rect");
  drag(20, 20, 120, 80);
  m.undo();
  expect(m.selected).toEqual([]);
  m.redo();
  expect(m.doc.objects).toHaveLength(1);
});

test("TestC11_a_style_is_remembered_by_its_tool_alone", () => {
  const { m, drag } = person(docOf(), "rect");
  m.colour(5);
  m.size(1);
  drag(20, 20, 120, 80);
  expect(m.doc.objects[0]).toMatchObject({ c: "#3350cc", s: 7 });
  m.setTool("arrow");
  drag(20, 200, 120, 280);
  expect(m.doc.objects[1]).toMatchObject({ c: "#e5363f", s: 4 });
  m.setTool("spot");
  m.colour(3);
  expect(m.styles.spot.c).toBe("#e5363f");
});

test("TestC05_a_crop_by_drag_by_window_by_key_and_too_small", () => {
  const { m, hand, at, drag } = person(docOf(), "crop");
  hand.moved(at(250, 200), none);
  expect(hand.snap).toEqual({ x: 200, y: 150, w: 100, h: 100 });
  hand.down(at(250, 200), none, 0);
  hand.up(at(250, 200), none);
  expect(m.doc.crop).toEqual({ x: 200, y: 150, w: 100, h: 100 });
  expect(m.cropChanged).toBe(true);
  drag(20, 20, 120, 90);
  expect(m.doc.crop).toEqual({ x: 20, y: 20, w: 100, h: 70 });
  m.nudge(-1, 10);
  expect(m.doc.crop).toEqual({ x: 20, y: 20, w: 99, h: 80 });
  drag(60, 60, 500, 70);
  expect(m.doc.crop).toEqual({ x: 301, y: 30, w: 99, h: 80 });
  m.setCrop({ x: 5, y: 5, w: 0.2, h: 9 });
  expect(m.notice).toBe("cropSmall");
  m.setTool("select");
  expect(m.shown).toEqual({ x: 301, y: 30, w: 99, h: 80 });
});

test("TestC08_words_make_a_mark_and_no_words_make_none", () => {
  const { m, hand, saved, at } = person(docOf(), "text");
  const click = (x: number, y: number) => {
    hand.down(at(x, y), none, 0);
    hand.up(at(x, y), none);
  };
  click(50, 50);
  expect(m.editing?.fresh).toBe(true);
  m.typed("  \n");
  m.endText();
  expect(saved).toEqual([]);
  click(50, 50);
  m.typed("Look here\n");
  m.endText();
  expect(m.doc.objects[0]).toMatchObject({ lines: ["Look here"] });
  // The same text tool on a text edits it instead of covering it.
  m.select([]);
  click(60, 50);
  expect(m.editing?.fresh).toBe(false);
  m.typed("");
  m.endText();
  expect(m.doc.objects).toEqual([]);
  m.undo();
  expect(m.doc.objects).toHaveLength(1);
});

test("TestC08_a_text_is_cut_where_Go_would_refuse_it", () => {
  const { m, hand, at } = person(docOf(), "text");
  hand.down(at(50, 50), none, 0);
  hand.up(at(50, 50), none);
  m.typed("é\n".repeat(3000));
  m.endText();
  expect(m.notice).toBe("textLong");
  checkDoc(m.doc);
});

test("TestC03_a_full_document_takes_no_more", () => {
  const [, , rect] = oneOfEach();
  const full = docOf(
    ...Array.from({ length: limits.objects }, (_, i) =>
      Object.assign({}, rect, { id: `o${i}` }),
    ),
  );
  const { m, saved, drag } = person(full, "ellipse");
  drag(20, 200, 120, 280);
  expect(m.notice).toBe("full");
  expect(saved).toEqual([]);
});

test.each(Array.from({ length: 20 }, (_, i) => i))(
  "TestC11_a_hand_gone_wild_leaves_a_good_document_and_undo_finds_the_way_back: seed %i",
  (seed) => {
    const next = noise(seed + 100);
    const doc = docOf(...oneOfEach());
    const { m, hand, saved, at } = person(doc);
    const tools = Object.keys(firstStyles()) as Tool[];
    const pick = () => at(next() * 440 - 20, next() * 340 - 20);
    for (let i = 0; i < 120; i++) {
      const mods = { shift: next() < 0.2, alt: next() < 0.2 };
      const n = next();
      if (n < 0.25) m.setTool(tools[Math.floor(next() * tools.length)] as Tool);
      else if (n < 0.3) m.remove();
      else if (n < 0.35) m.duplicate();
      else if (n < 0.4) m.selectNext(1);
      else if (n < 0.45) m.undo();
      else if (n < 0.48) m.redo();
      else if (n < 0.52) m.colour(1 + Math.floor(next() * 9));
      else if (n < 0.56) m.escape();
      else if (n < 0.6) hand.doubled(pick());
      else if (n < 0.64 && m.editing) m.typed("words");
      else {
        hand.down(pick(), mods, next() < 0.1 ? 1 : 0);
        for (let k = 0; k < 4; k++) hand.moved(pick(), mods);
        if (next() < 0.1) hand.cancel();
        else hand.up(pick(), mods);
      }
      checkDoc(m.doc);
      expect(m.preview).toBeNull();
    }
    m.endText();
    expect(saved.at(-1) ?? doc).toBe(m.stored);
    while (m.canUndo) m.undo();
    expect(JSON.stringify(m.stored)).toBe(JSON.stringify(doc));
  },
);

test("TestC11_remembered_styles_survive_nonsense", () => {
  expect(readStyles("not json")).toEqual(firstStyles());
  expect(readStyles('{"rect":{"c":"javascript:","size":99,"a":0}}')).toEqual(
    firstStyles(),
  );
  const own = {
    ...firstStyles(),
    rect: { ...firstStyles().rect, c: "#123456" },
  };
  expect(readStyles(JSON.stringify(own))).toEqual(own);
});

test("TestC05_every_edge_of_the_crop_is_reached_by_Tab_and_arrows", () => {
  const { m } = person(docOf(), "crop");
  m.nudge(-20, -10);
  expect(m.doc.crop).toEqual({ x: 0, y: 0, w: 380, h: 290 });
  for (let i = 0; i < 4; i++) expect(m.nextEdge(1)).toBe(true);
  expect(m.edge).toBe("nw");
  m.nudge(30, 5);
  expect(m.doc.crop).toEqual({ x: 30, y: 5, w: 350, h: 285 });
  for (let i = 0; i < 3; i++) m.nextEdge(1);
  expect(m.nextEdge(1)).toBe(false);
  expect(m.edge).toBe("se");
  expect(m.nextEdge(-1)).toBe(false);
});

test("TestC11_a_look_tried_out_is_shown_and_then_made_one_gesture", () => {
  const { m, saved } = person(docOf(...oneOfEach()));
  m.select(["rect"]);
  for (const a of [0.8, 0.6, 0.4]) m.restyle({ a }, "preview");
  expect(m.doc.objects[2]).toMatchObject({ a: 0.4 });
  expect(saved).toEqual([]);
  m.restyle({ a: 0.4 });
  expect(m.preview).toBeNull();
  expect(saved).toHaveLength(1);
  m.undo();
  expect(m.doc.objects[2]).toMatchObject({ a: 1 });
});
