import { afterEach, expect, test, vi } from "vitest";

import { on, open } from ".";

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

const settle = () => new Promise((resolve) => setTimeout(resolve));
const body = () =>
  new ReadableStream<Uint8Array>({
    start(out) {
      const event = 'id: 1\nevent: changed\ndata: {"all":true}\n\n';
      out.enqueue(new TextEncoder().encode(event));
    },
  });

test("the bridge is open once what happens is heard: nothing changes between the first reads and the stream", async () => {
  location.hash = "#t=once";
  let stream: (answer: Response) => void = () => undefined;
  const asked: string[] = [];
  vi.stubGlobal("fetch", (place: string) => {
    asked.push(place);
    if (place === "/bridge/events")
      return new Promise<Response>((resolve) => (stream = resolve));
    return Promise.resolve(
      new Response('{"value":{"bearer":"b","fileKey":"f"}}'),
    );
  });
  let isOpen = false;
  let heard = 0;
  on("changed", () => heard++);
  const opening = open().then(() => (isOpen = true));
  await settle();
  await settle();
  expect(asked).toEqual(["/bridge/open", "/bridge/events"]);
  expect(isOpen).toBe(false);
  stream(new Response(body()));
  await opening;
  await settle();
  expect(heard).toBe(1);
});

test("a stream that cannot be opened does not hold up the page: the first call says why", async () => {
  sessionStorage.setItem("trestle-keys", '{"bearer":"b","fileKey":"f"}');
  vi.stubGlobal("fetch", () =>
    Promise.resolve(new Response("{}", { status: 401 })),
  );
  await open();
});
