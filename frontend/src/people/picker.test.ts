import { expect, test } from "vitest";

import { open } from "../bridge";
import type { KnownRow } from "../bridge/api";
import { Picker } from "./picker.svelte";

const person = (id: string, name: string) =>
  ({ id, name, blocked: false }) as KnownRow;
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test("U-11: Enter before the answer takes nobody whom the words leave out", async () => {
  const everybody = [person("n", "Noor Said"), person("e", "Esme Winter")];
  let answer: (() => void) | undefined;
  await open({
    call: (_, input) => {
      const { query } = input as { query: string };
      const people = everybody.filter((p) => p.name.includes(query));
      if (query === "") return Promise.resolve({ people });
      return new Promise((resolve) => (answer = () => resolve({ people })));
    },
    listen: () => undefined,
    fileURL: (id) => id,
    put: () => Promise.resolve(),
  });
  const picker = new Picker();
  await settle();
  expect(picker.list.map((p) => p.id)).toEqual(["n", "e"]);

  picker.type("Esme");
  expect(picker.list.map((p) => p.id)).toEqual(["e"]);
  answer?.();
  await settle();
  expect(picker.list.map((p) => p.id)).toEqual(["e"]);

  picker.type("Nobody");
  expect(picker.list).toEqual([]);
});
