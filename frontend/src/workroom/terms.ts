// The terms of a contract that a client types; the others are switched where they stand.

/** A term that is typed. */
export type Typed = "rate" | "limit" | "idle" | "keep" | "review";

/** Days that are meant where a contract names none. */
export const usual = { keep: 90, review: 5 } as const;
