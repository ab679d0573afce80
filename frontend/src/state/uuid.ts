/**
 * A new UUID of version 7 (RFC 9562): ids made later sort later. The page makes
 * ids, so that a call may be repeated and the row painted at once is the row that
 * comes back.
 */
export function uuid7(now = Date.now()): string {
  const b = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) b[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 255;
  b[6] = ((b[6] ?? 0) & 15) | 0x70;
  b[8] = ((b[8] ?? 0) & 63) | 0x80;
  const hex = [...b].map((x) => x.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
