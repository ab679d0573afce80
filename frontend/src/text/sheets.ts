// Texts of the sheets about data protection. See en.ts for how texts are written.
export const sh = {
  title: () => "Data protection",
  lead: () =>
    "What the program records, on paper: for an impact assessment and for a works council",
  words: () =>
    "privacy impact assessment DPIA GDPR works council sheet screenshots counts lawyer",
  which: () => "Sheet",
  lawyer: (version: string) =>
    `Both are templates for a lawyer. What they say of the program is held against the tests of Trestle ${version}.`,
  save: () => "Save as text",
  saved: (name: string) => `${name} is saved.`,
};
