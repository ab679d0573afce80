// Every word the annotator shows or speaks.
import type { Obj } from "./doc";
import { colourNames, colours, type Tool } from "./style";

const tools: Record<Tool, string> = {
  select: "Select",
  crop: "Crop",
  arrow: "Arrow",
  line: "Line",
  rect: "Rectangle",
  ellipse: "Ellipse",
  pen: "Pen",
  mark: "Highlighter",
  text: "Text",
  step: "Numbered step",
  hide: "Hide",
  spot: "Spotlight",
};

const kinds: Record<Obj["t"], string> = {
  arrow: "Arrow",
  line: "Line",
  rect: "Rectangle",
  ellipse: "Ellipse",
  mark: "Highlight",
  markpen: "Highlight",
  pen: "Pen stroke",
  spot: "Spotlight",
  text: "Text",
  step: "Step",
  hide: "Hidden area",
};

const hints: Partial<Record<Tool, string>> = {
  crop: "Drag to crop. Arrow keys move an edge by one pixel, Tab takes the next. Enter keeps it.",
  text: "Click where the text goes. Escape ends it.",
  step: "Click to place the next number.",
  mark: "Drag over a line. Hold Shift to draw freehand.",
  hide: "Drag over what nobody should see. It is painted over in the picture that leaves.",
  spot: "Drag over what matters. The rest is dimmed.",
};

function colourName(c: string): string {
  const at = (colours as readonly string[]).indexOf(c);
  return colourNames[at] ?? c;
}

/** The texts, as functions. */
export const m = {
  title: () => "Screenshot",
  taken: (o: { w: number; h: number; at: number }) =>
    `${o.w} × ${o.h} · taken ${new Date(o.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`,
  size: (o: { w: number; h: number }) =>
    `${Math.round(o.w)} × ${Math.round(o.h)}`,
  discard: () => "Discard",
  undo: () => "Undo",
  redo: () => "Redo",
  copy: () => "Copy",
  save: () => "Save",
  attach: () => "Attach to message",
  attachTo: () => "Attach to",
  noRoom: () => "Choose a room",
  caption: () => "Caption",
  addCaption: () => "Add a caption…",
  burnt: () =>
    "Hidden areas are painted over in the file itself, they cannot be brought back.",
  burnAsk: () =>
    "Black it out in the kept original too? Undo cannot bring it back.",
  burn: () => "Black it out",
  keepOriginal: () => "Keep original",
  canvas: () => "Picture and its marks",
  toolbar: () => "Tools",
  styleBar: () => "Style",
  zoomBar: () => "Zoom",
  tool: (o: { tool: Tool }) => tools[o.tool],
  toolTip: (o: { tool: Tool; key: string }) => `${tools[o.tool]} (${o.key})`,
  hint: (o: { tool: Tool }) => hints[o.tool] ?? "",
  colour: (o: { c: string; key: number }) =>
    `Colour ${colourName(o.c)} (${o.key})`,
  pickColour: () => "Pick a colour",
  sizes: () => "Size",
  sizeOf: (o: { n: number }) => `Size ${o.n}`,
  opacity: () => "Opacity",
  percent: (o: { n: number }) => `${Math.round(o.n * 100)}%`,
  fill: () => "Filled",
  dash: () => "Dashed",
  headBoth: () => "Head at both ends",
  plate: () => "Text with background",
  plain: () => "Text only",
  solid: () => "Solid",
  pixel: () => "Blocks",
  hideHow: () => "How it is hidden",
  toTop: () => "Bring to front",
  duplicate: () => "Duplicate",
  remove: () => "Delete",
  zoomOut: () => "Zoom out",
  zoomIn: () => "Zoom in",
  fit: () => "Fit to window",
  full: () => "Actual size",
  fullNow: (o: { n: number }) => `Actual size, now ${Math.round(o.n * 100)}%`,
  pointer: () => "Show the mouse pointer",
  wholePicture: () => "Whole picture",
  lastRegion: () => "Last region",
  cropSmall: () => "A crop needs at least one pixel.",
  full2000: () => "This picture holds as many marks as it can.",
  textLong: () => "This text is as long as it can be.",
  bitmapLarge: () =>
    "This text holds letters that make too large a picture. They appear as boxes.",
  textInput: () => "Text of the mark",
  objectName: (o: { o: Obj }): string => {
    const { o: x } = o;
    const parts = [kinds[x.t]];
    if (x.t === "step") parts[0] = `Step ${x.n}`;
    if (x.t === "text") parts.push(x.lines.join(" ").slice(0, 60));
    if (x.t !== "spot" && x.t !== "hide")
      parts.push(colourName(x.t === "text" ? (x.plate ?? x.c) : x.c));
    return parts.join(", ");
  },
  askDiscard: (o: { n: number }) =>
    o.n === 1
      ? "Discard this picture and its mark?"
      : `Discard this picture and its ${o.n} marks?`,
  discardLead: () => "The picture is not kept. This cannot be undone.",
  attachKeys: (o: { send: string }) =>
    `Enter attaches, ${o.send} sends at once`,
  close: () => "Close",
  tooLarge: () =>
    "This picture is too large to annotate: at most 20,000 pixels a side and 50 million in all.",
  keepEditing: () => "Keep editing",
  selected: (o: { n: number }) =>
    o.n === 1 ? "1 mark selected" : `${o.n} marks selected`,
  newer: () =>
    "This picture was annotated with a newer Trestle. Update to edit or send it.",
  bad: () => "The marks of this picture cannot be read.",
  pickDisplay: () => "Which screen?",
  display: (o: { n: number; name: string }) =>
    o.name ? `${o.n}. ${o.name}` : `Screen ${o.n}`,
  displaySize: (o: { w: number; h: number; primary?: boolean }) =>
    `${o.w} × ${o.h}${o.primary ? " · main screen" : ""}`,
  allDisplays: () => "All screens",
  cancel: () => "Cancel",
  pictureMissing: () => "The picture cannot be shown.",
};
