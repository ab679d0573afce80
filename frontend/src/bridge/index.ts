// The only way from the page to the program. The window binds the program's
// methods itself; a browser tab reaches the same list over loopback http.
import type { CallName, Calls } from "./api";
import { BridgeError, readError } from "./errors";
import { http } from "./http";
import { callLimit, type Events, type Transport } from "./transport";
import { wails } from "./wails";

export { BridgeError } from "./errors";

let transport: Transport | undefined;
const listeners = new Map<string, Set<(payload: never) => void>>();

/**
 * Opens the bridge; once, before anything else. Once it is open, nothing that
 * happens is missed: what is read from then on is read again when it changes.
 */
export async function open(way?: Transport): Promise<void> {
  transport = way ?? (window.go ? wails() : await http());
  await transport.listen((name, payload) => {
    for (const fn of listeners.get(name) ?? []) fn(payload as never);
  });
}

function opened(): Transport {
  if (!transport) throw new BridgeError("bridge", "not open");
  return transport;
}

type In<N extends CallName> = Calls[N]["in"] extends void
  ? []
  : [Calls[N]["in"]];

/** Calls a bound method, e.g. call("Rooms.Send", {…}). Throws BridgeError. */
export async function call<N extends CallName>(
  name: N,
  ...input: In<N>
): Promise<Calls[N]["out"]> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BridgeError("timeout", "")), callLimit);
  });
  try {
    return (await Promise.race([
      opened().call(name, input[0]),
      late,
    ])) as Calls[N]["out"];
  } catch (e) {
    throw readError(e);
  } finally {
    clearTimeout(timer);
  }
}

/** Hears an event; answers the function that stops hearing. */
export function on<E extends keyof Events>(
  event: E,
  fn: (payload: Events[E]) => void,
): () => void {
  const set = listeners.get(event) ?? new Set();
  listeners.set(event, set.add(fn));
  return () => set.delete(fn);
}

/**
 * The address of a stored file, or with a width of its picture made small: 320 or
 * 1280 pixels wide, or 4096 to be looked at closely. Small pictures come from the service if they are not here.
 */
export function fileURL(id: string, width?: 320 | 1280 | 4096): string {
  return opened().fileURL(id, width);
}

/** Bytes per piece: larger bodies crash or arrive empty in some webviews. */
export const pieceSize = 1 << 20;

/**
 * Hands bytes to the program under a new id, in pieces of at most 1 MiB, and
 * answers the id. `progress` hears the bytes that have arrived; aborting stops
 * between two pieces.
 */
export async function put(
  source: Uint8Array | Blob,
  progress?: (done: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const id = crypto.randomUUID();
  const size = source instanceof Blob ? source.size : source.byteLength;
  for (let at = 0; at < size || at === 0; at += pieceSize) {
    signal?.throwIfAborted();
    const end = Math.min(at + pieceSize, size);
    const bytes =
      source instanceof Blob
        ? new Uint8Array(await source.slice(at, end).arrayBuffer())
        : new Uint8Array(source.slice(at, end));
    await opened().put({ id, at, bytes });
    progress?.(end);
  }
  return id;
}
