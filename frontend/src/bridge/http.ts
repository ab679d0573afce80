import { BridgeError, readError } from "./errors";
import { EventReader } from "./sse";
import { callLimit, type Transport } from "./transport";
import { accepted, refusal } from "./wails";

type Keys = { bearer: string; fileKey: string };
const place = "trestle-keys";

/**
 * Trades the one-time token of the address for this tab's keys and wipes it from
 * the address; a reload finds the keys where the tab keeps them. Throws code
 * "signed_out" if there is neither.
 */
async function open(): Promise<Keys> {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("t");
  if (token !== null) {
    const go = fragment.get("go");
    history.replaceState(null, "", go ? `#/${go}` : location.pathname);
    const answer = await fetch("/bridge/open", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
    if (!answer.ok) throw await refusal(answer);
    const { value } = (await answer.json()) as { value: Keys };
    sessionStorage.setItem(place, JSON.stringify(value));
    return value;
  }
  const kept = sessionStorage.getItem(place);
  if (kept === null) throw new BridgeError("signed_out", "");
  return JSON.parse(kept) as Keys;
}

/** The bridge of a browser tab: http to the loopback address it came from. */
export async function http(): Promise<Transport> {
  const keys = await open();
  const authorization = `Bearer ${keys.bearer}`;
  // What is asked while the page goes away must outlive it.
  let leaving = false;
  addEventListener("pagehide", () => (leaving = true), { capture: true });
  addEventListener("pageshow", () => (leaving = false));

  async function call(name: string, input: unknown): Promise<unknown> {
    let answer: Response;
    try {
      answer = await fetch(`/bridge/call/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization },
        body: JSON.stringify(input ?? {}),
        keepalive: leaving,
        signal: AbortSignal.timeout(callLimit),
      });
    } catch (e) {
      const slow = e instanceof DOMException && e.name === "TimeoutError";
      throw new BridgeError(slow ? "timeout" : "program_gone", "");
    }
    if (!answer.ok) throw await refusal(answer);
    const body = (await answer.json()) as { value?: unknown; error?: unknown };
    if (body.error) throw readError(body.error);
    return body.value;
  }

  async function read(
    last: string,
    announce: (name: string, payload: unknown) => void,
    opened: () => void,
  ) {
    const headers: Record<string, string> = { authorization };
    if (last !== "") headers["last-event-id"] = last;
    const answer = await fetch("/bridge/events", { headers });
    if (!answer.ok || !answer.body) throw await refusal(answer);
    opened();
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    const events = new EventReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return last;
        for (const e of events.feed(decoder.decode(value, { stream: true }))) {
          last = e.id || last;
          announce(e.name, JSON.parse(e.data) as unknown);
        }
      }
    } catch {
      return last;
    }
  }

  return {
    call,
    listen(announce) {
      let ready = () => {};
      const heard = new Promise<void>((resolve) => (ready = resolve));
      void (async () => {
        let last = "";
        let wait = 250;
        let gone = false;
        for (;;) {
          try {
            last = await read(last, announce, () => {
              ready();
              if (gone) announce("gone", { gone: false });
              gone = false;
            });
            wait = 250;
          } catch (e) {
            ready(); // what is called next says why
            if (e instanceof BridgeError && e.code === "signed_out") return;
            if (!gone) announce("gone", { gone: true });
            gone = true;
          }
          await new Promise((resolve) => setTimeout(resolve, wait));
          wait = Math.min(wait * 2, 8000);
        }
      })();
      return heard;
    },
    fileURL: (id, width) =>
      `/file/${id}?k=${encodeURIComponent(keys.fileKey)}${width ? `&w=${width}` : ""}`,
    async put({ id, at, bytes }) {
      const answer = await fetch(`/bridge/put/${id}?at=${at}`, {
        method: "PUT",
        headers: { authorization },
        body: bytes,
      });
      await accepted(answer);
    },
  };
}
