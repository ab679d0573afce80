import { expect, test } from "vitest";

import { open } from "../bridge";
import type { FileRow } from "../bridge/api";
import { listen } from "./changed";
import { Looked } from "./looked.svelte";

const settle = () => new Promise((resolve) => setTimeout(resolve, 25));
const file = (id: string, change: Partial<FileRow> = {}) =>
  ({ id, name: "plan.txt", room: "1", deleted: 0, ...change }) as FileRow;

test("F-11: a file that is looked at is deleted by somebody, then gone with its message", async () => {
  const asked: unknown[] = [];
  let files = [file("a"), file("b")];
  let announce: (name: string, payload: unknown) => void = () => undefined;
  await open({
    call: (_, input) => {
      asked.push(input);
      // One a page, so that it is found behind others of its name.
      const { before } = input as { before: string };
      const at = files.findIndex((f) => f.id === before) + 1;
      return Promise.resolve({
        files: files.slice(at, at + 1),
        more: at + 1 < files.length,
      });
    },
    listen: (fn) => {
      announce = fn;
    },
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  listen();
  const looked = new Looked(file("b"));
  const stop = looked.begin();
  await settle();
  expect(asked.length).toBe(2);
  expect(looked.file.deleted).toBe(0);

  files = [file("a"), file("b", { deleted: 5, deletedBy: "Noor Said" })];
  announce("changed", { scopes: ["r:2"] });
  await settle();
  expect(looked.file.deleted).toBe(0);
  announce("changed", { scopes: ["r:1"] });
  await settle();
  expect(looked.file.deletedBy).toBe("Noor Said");

  files = [file("a")];
  announce("changed", { scopes: ["r:1"] });
  await settle();
  expect(looked.file.deleted).not.toBe(0);
  stop();
});

test("F-11: what is not found to begin with is not called deleted: its room may not be here", async () => {
  await open({
    call: () => Promise.resolve({ files: [], more: false }),
    listen: () => undefined,
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  const looked = new Looked(file("b"));
  const stop = looked.begin();
  await settle();
  expect(looked.file).toEqual(file("b"));
  stop();
});
