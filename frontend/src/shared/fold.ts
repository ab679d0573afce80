/** Letters that are no letter with an accent, as people type them. The search of messages does the same (internal/search). */
const plain: Record<string, string> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ς: "σ",
};

/** Case and accents do not matter where names are looked for. */
export function fold(s: string): string {
  return s
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/gu, "")
    .toLowerCase()
    .replace(/[ßæœøłđðþıς]/gu, (c) => plain[c] ?? c);
}
