import type { FileRow } from "../bridge/api";

/** Kinds that have a colour of their own beside a file's name. */
export type FileKind = "zip" | "pdf" | "doc" | "sheet" | "image" | "other";

const kinds: Record<string, FileKind> = {
  zip: "zip",
  gz: "zip",
  "7z": "zip",
  rar: "zip",
  tar: "zip",
  pdf: "pdf",
  doc: "doc",
  docx: "doc",
  odt: "doc",
  rtf: "doc",
  md: "doc",
  txt: "doc",
  xls: "sheet",
  xlsx: "sheet",
  ods: "sheet",
  csv: "sheet",
  png: "image",
  jpg: "image",
  jpeg: "image",
  gif: "image",
  webp: "image",
  svg: "image",
  avif: "image",
};

/** The ending of a file's name, at most four letters, as its sign shows it. */
export function ending(name: string): string {
  const dot = name.lastIndexOf(".");
  const end = dot > 0 ? name.slice(dot + 1) : "";
  return /^[A-Za-z0-9]{1,4}$/.test(end) ? end.toUpperCase() : "FILE";
}

/** What kind of file this is, by its name. */
export function kindOf(file: Pick<FileRow, "name">): FileKind {
  return (
    kinds[file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase()] ??
    "other"
  );
}

/** The size at which a picture is drawn in a message, within 240 × 160. */
export function fit(w: number, h: number): { w: number; h: number } {
  if (w <= 0 || h <= 0) return { w: 160, h: 120 };
  const by = Math.min(1, 240 / w, 160 / h);
  return {
    w: Math.max(24, Math.round(w * by)),
    h: Math.max(24, Math.round(h * by)),
  };
}
