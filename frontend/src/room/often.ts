/** The emoji that stand first: what people answer with. */
export const often: readonly string[] = [
  "👍",
  "❤️",
  "😂",
  "🎉",
  "👀",
  "✅",
  "🙏",
  "🚀",
  "😮",
];
