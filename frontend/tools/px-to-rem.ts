// Components are written in the design's pixels; the built style sheet says rem,
// so that zoom (the root's font size, D-13) scales everything alike. Hairlines
// (1.5 px and less) and media queries stay as they are.

/** A PostCSS plugin. */
export function pxToRem() {
  return {
    postcssPlugin: "px-to-rem",
    Declaration(decl: { value: string }) {
      if (!decl.value.includes("px")) return;
      const value = decl.value.replace(
        /(?<![\w.#-])(-?)(\d*\.?\d+)px\b/g,
        (whole, sign: string, digits: string) =>
          Number(digits) <= 1.5 ? whole : `${sign}${Number(digits) / 16}rem`,
      );
      // Setting the value visits the declaration again; the second time nothing is left.
      if (value !== decl.value) decl.value = value;
    },
  };
}
