import type { Span } from "../shared/mirror";

const command = /^\/(?:gif|giphy)(?:[ \t]+\S.*|[ \t]*)$/gim;

/** Whether a line of the text asks for a GIF (K-10): `/gif words` or `/giphy words`, not inside code. */
export function asksForGif(text: string, spans: readonly Span[]): boolean {
  for (const { index } of text.matchAll(command))
    if (
      !spans.some(
        (s) =>
          (s.kind === "block" || s.kind === "code") &&
          s.from <= index &&
          s.to > index,
      )
    )
      return true;
  return false;
}
