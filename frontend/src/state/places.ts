import { call } from "../bridge";
import { router } from "./router.svelte";
import { attempt } from "./say";

// Links to places of the program (D-10): they lead there and never do anything.

/** The link of a message: with its room, so that it is found at once, and found without. */
export function messageLink(room: string, message: string): string {
  return `trestle://message/${message}?room=${room}`;
}

/** Whether an address is one of ours. */
export function isOurs(address: string): boolean {
  return /^trestle:/i.test(address);
}

/** Whether a path came in from outside: a room or contract of which it is not known that it is here, or a message by itself. */
export function isPlace(path: string): boolean {
  return /^(message\/[^/]+(\/[^/]+)?|(room|contract)\/[^/]+)$/.test(path);
}

/** Goes where a link of ours leads, or says that it leads nowhere here. */
export async function follow(link: string): Promise<boolean> {
  return attempt(async () =>
    router.go((await call("Shell.Place", { link })).path),
  );
}
