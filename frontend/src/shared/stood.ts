/**
 * The texts that stood in a box since it was given one, a number for each. The undo of a text area goes on behind a text that the page put
 * there, and would mix the one before into it: what it makes then never stood there.
 */
export class Stood {
  #known = new Set<number>();

  /** The box was given a text: what stood there before is over. */
  begin(text: string) {
    this.#known.clear();
    this.add(text);
  }

  add(text: string) {
    this.#known.add(sum(text));
  }

  has(text: string): boolean {
    return this.#known.has(sum(text));
  }
}

function sum(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length; i++)
    n = (Math.imul(n, 31) + text.charCodeAt(i)) | 0;
  return n;
}
