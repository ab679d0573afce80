/** A file's name in two parts: what may be cut where there is little room, and its ending, which is always to be read (F-12). */
export function parted(name: string): { stem: string; end: string } {
  const dot = name.lastIndexOf(".");
  const end = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : "";
  return { stem: name.slice(0, name.length - end.length), end };
}
