/**
 * BridgeError is what a refused call throws. Code says what happened and decides
 * the text that is shown; message is Go's own sentence for it; field names the
 * input that is wrong, if one is.
 */
export class BridgeError extends Error {
  readonly code: string;
  readonly field: string | undefined;

  constructor(code: string, message: string, field?: string) {
    super(message);
    this.name = "BridgeError";
    this.code = code;
    this.field = field;
  }
}

/** Reads {code, message, field?}; anything else becomes code "bridge". */
export function readError(raw: unknown): BridgeError {
  if (raw instanceof BridgeError) return raw;
  let value = raw instanceof Error ? raw.message : raw;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value) as unknown;
    } catch {
      return new BridgeError("bridge", "");
    }
  }
  if (typeof value === "object" && value !== null && "code" in value) {
    const { code, message, field } = value as Record<string, unknown>;
    if (typeof code === "string") {
      return new BridgeError(
        code,
        typeof message === "string" ? message : "",
        typeof field === "string" && field !== "" ? field : undefined,
      );
    }
  }
  return new BridgeError("bridge", "");
}
