// What failed, out of all that a run said, short enough to stand at its very end.

/**
 * In at most about `room` lines: each line "FAIL name" (a journey's step, a Go test as the runners name it, one of vitest's) or
 * "check: name FAILED" with the lines below it, shared out evenly; without any such line, the last ones.
 */
export function faults(lines, room = 40) {
  const noise = /^\s*$|^=== (RUN|PAUSE|CONT|NAME)|^FAIL(\t|$)/;
  const all = lines.flatMap((l) => l.split('\n')).filter((l) => !noise.test(l)).map((l) => l.slice(0, 400));
  const blocks = [];
  for (let i = 0, open; i < all.length; i++) {
    if (/^ ?FAIL +\S|^check: .* FAILED/.test(all[i])) blocks.push((open = [all[i]]));
    else if (/^\s*ok\s|^(check|==)[: ]|^\s*\d+ passed, /.test(all[i])) open = undefined;
    else open?.push(all[i]);
  }
  if (blocks.length === 0) return all.slice(-room);
  const each = Math.max(2, Math.floor(room / blocks.length));
  const told = blocks.slice(0, room / 2).flatMap((b) => short(b, each));
  return blocks.length > room / 2 ? [...told, `… and ${blocks.length - room / 2} more`] : told;
}

/** The head of a block and what broke it: from a panic on, or else its first and its last lines, where Go's tests say why they gave up. */
function short([head, ...rest], room) {
  const died = rest.findIndex((l) => /^(panic|fatal error): |DATA RACE/.test(l));
  const lines = died < 0 ? rest : rest.slice(died);
  if (lines.length < room) return [head, ...lines];
  const last = died < 0 ? Math.floor(room / 3) : 0;
  return [head, ...lines.slice(0, room - 1 - last), ...(last ? lines.slice(-last) : [])];
}
