/**
 * Heights of the rows of a list, with their running sums. A Fenwick tree
 * (P. Fenwick, 1994): one height changes, a sum is read and a place is found in
 * log n steps.
 */
export class Heights {
  readonly length: number;
  readonly #tree: Float64Array;
  readonly #row: Float64Array;

  /** Rows with these heights in pixels. Built in one pass. */
  constructor(heights: ArrayLike<number>) {
    const n = heights.length;
    this.length = n;
    this.#row = Float64Array.from(heights);
    this.#tree = new Float64Array(n + 1);
    for (let i = 1; i <= n; i++) {
      this.#tree[i] = this.#at(this.#tree, i) + this.get(i - 1);
      const up = i + (i & -i);
      if (up <= n)
        this.#tree[up] = this.#at(this.#tree, up) + this.#at(this.#tree, i);
    }
  }

  #at(a: Float64Array, i: number): number {
    return a[i] ?? 0;
  }

  /** Height of row i. */
  get(i: number): number {
    return this.#row[i] ?? 0;
  }

  /** Gives row i a height; answers whether it differs by more than 0.5 px. */
  set(i: number, height: number): boolean {
    const by = height - this.get(i);
    if (Math.abs(by) <= 0.5) return false;
    this.#row[i] = height;
    for (let k = i + 1; k <= this.length; k += k & -k) {
      this.#tree[k] = this.#at(this.#tree, k) + by;
    }
    return true;
  }

  /** Where row i begins: the sum of the heights before it. */
  top(i: number): number {
    let sum = 0;
    for (let k = Math.min(i, this.length); k > 0; k -= k & -k)
      sum += this.#at(this.#tree, k);
    return sum;
  }

  /** The height of all rows together. */
  get total(): number {
    return this.top(this.length);
  }

  /** The row that covers a place; the first above it, the last below it. */
  find(y: number): number {
    let at = 0;
    let rest = y;
    let step = 1;
    while (step * 2 <= this.length) step *= 2;
    for (; step > 0; step >>= 1) {
      const next = at + step;
      if (next <= this.length && this.#at(this.#tree, next) <= rest) {
        at = next;
        rest -= this.#at(this.#tree, next);
      }
    }
    return Math.max(0, Math.min(at, this.length - 1));
  }
}
