import { beforeEach, expect, test, vi } from "vitest";

import type { OpenedLink } from "../bridge/api";

const bridge = vi.hoisted(() => ({
  answer: (): Promise<object> => Promise.resolve({}),
}));
vi.mock("../bridge", async () => ({
  BridgeError: (await import("../bridge/errors")).BridgeError,
  call: () => bridge.answer(),
  on: () => () => undefined,
}));
const { BridgeError } = await import("../bridge/errors");
const { toasts } = await import("../shared/toasts.svelte");
const { links } = await import("./links.svelte");

beforeEach(() => {
  for (const t of toasts.list) toasts.dismiss(t.id);
});

// a link that nothing here opens is said, and its address can be taken elsewhere.
test("a link that cannot be opened is said, with its address to be copied", async () => {
  const copied: string[] = [];
  vi.stubGlobal("navigator", {
    clipboard: {
      writeText: (text: string) => Promise.resolve(void copied.push(text)),
    },
  });
  bridge.answer = () =>
    Promise.reject(new BridgeError("not_here", "No program opens it."));
  await links.open("https://host.example/a", "here", true);
  const said = toasts.list.at(-1);
  expect(said?.text).toBe("No program opens it.");
  said?.action?.run();
  expect(copied).toEqual(["https://host.example/a"]);
  vi.unstubAllGlobals();
});

test("a link whose words do not say where it leads asks first, one that opened says nothing", async () => {
  const answer: OpenedLink = { ask: true, host: "host.example" };
  bridge.answer = () => Promise.resolve(answer);
  await links.open("https://host.example/a", "here");
  expect(links.question?.host).toBe("host.example");
  bridge.answer = () => Promise.resolve({ ...answer, ask: false });
  await links.open("https://host.example/a", "here", true);
  expect([links.question, toasts.list]).toEqual([undefined, []]);
});
