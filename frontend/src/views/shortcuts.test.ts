import { afterEach, describe, expect, test, vi } from "vitest";

import { dialogs } from "./dialogs.svelte";
import { onShortcut, type Shortcuts } from "./shortcuts";

/** What a key press did, as words. */
function press(
  key: string,
  held: Partial<KeyboardEventInit> = {},
  target?: HTMLElement,
): string[] {
  const did: string[] = [];
  const to: Shortcuts = {
    switcher: () => did.push("switcher"),
    rail: (i) => did.push(`rail ${i}`),
    settings: () => did.push("settings"),
    panel: () => did.push("panel"),
    room: (by) => did.push(`room ${by}`),
    zoom: (step) => did.push(`zoom ${step}`),
    latest: () => did.push("latest"),
    readAll: () => did.push("readAll"),
    unreadRoom: (by) => did.push(`unread ${by}`),
    sheet: () => did.push("sheet"),
    search: () => did.push("search"),
    find: () => did.push("find"),
  };
  const e = new KeyboardEvent("keydown", {
    key,
    cancelable: true,
    bubbles: true,
    ...held,
  });
  if (target) {
    document.body.append(target);
    target.addEventListener("keydown", (x) => onShortcut(x, to));
    target.dispatchEvent(e);
    target.remove();
  } else onShortcut(e, to);
  return did;
}

// K-11 g: a room on its way has nothing but the hidden input that files are picked by.
test("K-11 g: F6 leads to the row that is open and to the box, not to the first button before them", () => {
  const shown = vi
    .spyOn(HTMLElement.prototype, "getClientRects")
    .mockReturnValue([{}] as unknown as DOMRectList);
  document.body.innerHTML = `<aside data-region><button id="new">New</button><button id="row" aria-current="page">Room</button></aside>
    <main data-region><button id="star">Star</button><textarea id="box"></textarea></main>`;
  const walked = [1, 2, 3].map(() => {
    press("F6");
    return document.activeElement?.id;
  });
  expect(walked).toEqual(["row", "box", "row"]);
  document.body.innerHTML = "";
  shown.mockRestore();
});

// Settings begin with a choice of their own for narrow windows.
test("K-11 g: F6 passes over what is not drawn", () => {
  const shown = vi
    .spyOn(HTMLElement.prototype, "getClientRects")
    .mockReturnValue([{}] as unknown as DOMRectList);
  document.body.innerHTML = `<aside data-region><button id="row">Row</button></aside>
    <main data-region><button id="narrow">Section</button><button id="name">Name</button></main>`;
  const narrow = document.getElementById("narrow");
  if (narrow) narrow.checkVisibility = () => false;
  const walked = [1, 2, 3].map(() => {
    press("F6");
    return document.activeElement?.id;
  });
  expect(walked).toEqual(["row", "name", "row"]);
  document.body.innerHTML = "";
  shown.mockRestore();
});

test("F6 goes on from a region that shows nothing to stand on", () => {
  const rect = vi
    .spyOn(HTMLElement.prototype, "getClientRects")
    .mockReturnValue([{}] as unknown as DOMRectList);
  document.body.innerHTML = `<aside data-region tabindex="-1"><button>Room</button></aside>
    <main data-region tabindex="-1"><input type="file" hidden /></main>`;
  const seen = [1, 2, 3].map(() => {
    press("F6");
    return document.activeElement?.tagName;
  });
  expect(seen).toEqual(["BUTTON", "MAIN", "BUTTON"]);
  document.body.innerHTML = "";
  rect.mockRestore();
});

test.each<[string, Partial<KeyboardEventInit>, string[]]>([
  ["k", { ctrlKey: true }, ["switcher"]],
  ["K", { ctrlKey: true }, ["switcher"]],
  ["k", { ctrlKey: true, altKey: true }, []],
  ["k", {}, []],
  ["f", { ctrlKey: true }, ["find"]],
  ["F", { ctrlKey: true, shiftKey: true }, ["search"]],
  ["f", {}, []],
  ["1", { ctrlKey: true }, ["rail 0"]],
  ["4", { ctrlKey: true }, ["rail 3"]],
  // The rail has four entries: the key of a fifth is nobody's.
  ["5", { ctrlKey: true }, []],
  ["6", { ctrlKey: true }, []],
  [",", { ctrlKey: true }, ["settings"]],
  ["\\", { ctrlKey: true }, ["panel"]],
  ["ArrowUp", { altKey: true }, ["room -1"]],
  ["ArrowDown", { altKey: true }, ["room 1"]],
  ["ArrowUp", { altKey: true, shiftKey: true }, ["unread -1"]],
  ["ArrowDown", { altKey: true, shiftKey: true }, ["unread 1"]],
  ["ArrowDown", { altKey: true, ctrlKey: true }, []],
  ["ArrowDown", {}, []],
  ["=", { ctrlKey: true }, ["zoom 1"]],
  ["+", { ctrlKey: true, shiftKey: true }, ["zoom 1"]],
  ["-", { ctrlKey: true }, ["zoom -1"]],
  ["0", { ctrlKey: true }, ["zoom 0"]],
  ["/", { ctrlKey: true }, ["sheet"]],
  ["/", { ctrlKey: true, shiftKey: true }, ["sheet"]],
  ["&", { ctrlKey: true, code: "Digit1" }, ["rail 0"]],
  ["K", { ctrlKey: true, shiftKey: true }, []],
  ["k", { ctrlKey: true, metaKey: true }, []],
  ["F6", {}, []],
  ["Escape", { shiftKey: true }, ["readAll"]],
  ["Escape", {}, []],
  ["End", { ctrlKey: true }, []],
  ["End", {}, ["latest"]],
  ["k", { ctrlKey: true, isComposing: true }, []],
])("K-06 to K-08, K-11: %s with %j does %j", (key, held, did) => {
  expect(press(key, held)).toEqual(did);
});

test("K-11 h: End stays the text's own while there is text", () => {
  const box = document.createElement("textarea");
  expect(press("End", {}, box)).toEqual(["latest"]);
  box.value = "words";
  expect(press("End", {}, box)).toEqual([]);
});

test("a key that someone took already does nothing more", () => {
  const e = new KeyboardEvent("keydown", {
    key: "k",
    ctrlKey: true,
    cancelable: true,
  });
  e.preventDefault();
  expect(onShortcut(e, {} as Shortcuts)).toBe(false);
});

describe("K-11: nothing under a dialog or a menu is moved unseen", () => {
  afterEach(() => {
    document.body.innerHTML = "";
    dialogs.close();
  });
  const all: [string, Partial<KeyboardEventInit>][] = [
    ["k", { ctrlKey: true }],
    ["/", { ctrlKey: true }],
    ["f", { ctrlKey: true }],
    ["F", { ctrlKey: true, shiftKey: true }],
    ["2", { ctrlKey: true }],
    [",", { ctrlKey: true }],
    ["\\", { ctrlKey: true }],
    ["ArrowDown", { altKey: true }],
    ["ArrowDown", { altKey: true, shiftKey: true }],
    ["Escape", { shiftKey: true }],
    ["=", { ctrlKey: true }],
  ];
  const walk = () => all.flatMap(([key, held]) => press(key, held));

  test.each(["new", "join", "notsent", ""] as const)(
    "under the dialog %j, which may hold words, only the zoom works",
    (open) => {
      dialogs.show(open);
      document.body.innerHTML = '<div class="dialog"></div>';
      expect(walk()).toEqual(["zoom 1"]);
      expect(dialogs.open).toBe(open);
    },
  );

  test("under a menu as well", () => {
    document.body.innerHTML = '<div role="menu"></div>';
    expect(walk()).toEqual(["zoom 1"]);
  });

  test.each(["switcher", "keys"] as const)("%j gives way", (open) => {
    document.body.innerHTML = '<div class="dialog"></div>';
    const did = all.flatMap(([key, held]) => {
      dialogs.show(open);
      return press(key, held);
    });
    expect(did).toEqual([
      "switcher",
      "sheet",
      "search",
      "rail 1",
      "settings",
      "room 1",
      "unread 1",
      "zoom 1",
    ]);
    dialogs.show(open);
    press("2", { ctrlKey: true });
    expect(dialogs.open).toBe("");
  });
});
