import { BridgeError, readError } from "./errors";
import type { Transport } from "./transport";

type Method = (input?: unknown) => Promise<unknown>;

declare global {
  interface Window {
    go?: { app?: Record<string, Record<string, Method>> };
    runtime?: {
      EventsOn(name: string, fn: (...data: unknown[]) => void): () => void;
    };
  }
}

const events = [
  "changed",
  "navigate",
  "drop",
  "picked",
  "staged",
  "transfer",
  "export",
  "importfile",
  "import",
  "saved",
  "failed",
  "timer",
  "typing",
  "presence",
];

/** The bridge inside the program's own window. */
export function wails(): Transport {
  return {
    async call(name, input) {
      const [screen = "", method = ""] = name.split(".");
      const bound = window.go?.app?.[screen]?.[method];
      if (!bound) throw new BridgeError("no_method", name);
      try {
        // A method without an argument refuses one.
        return await (input === undefined ? bound() : bound(input));
      } catch (e) {
        throw readError(e);
      }
    },
    listen(announce) {
      for (const name of events)
        window.runtime?.EventsOn(name, (data) => announce(name, data));
    },
    fileURL: (id, width) => (width ? `/file/${id}?w=${width}` : `/file/${id}`),
    async put({ id, at, bytes }) {
      const answer = await fetch(`/bridge/put/${id}?at=${at}`, {
        method: "PUT",
        body: bytes,
      });
      await accepted(answer);
    },
  };
}

/** Throws the error that an answer carries, whatever its status. */
export async function accepted(answer: Response): Promise<void> {
  if (!answer.ok) throw await refusal(answer);
  const body = (await answer.json()) as { error?: unknown };
  if (body.error) throw readError(body.error);
}

/** The error inside a refused answer. */
export async function refusal(answer: Response): Promise<BridgeError> {
  try {
    const body = (await answer.json()) as { error?: unknown };
    return readError(body.error);
  } catch {
    return new BridgeError("bridge", String(answer.status));
  }
}
