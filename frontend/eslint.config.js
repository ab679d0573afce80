import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

// Imports that only one folder may make: shared alone knows bits-ui, and icons
// come one by one, because their barrel pulls thousands.
const bits = {
  group: ["bits-ui", "bits-ui/*"],
  message: "Only src/shared imports bits-ui.",
};
const lucide = {
  regex: "^@lucide/svelte(/icons)?$",
  message: "Import one icon: @lucide/svelte/icons/NAME.",
};

const domains = [
  "room",
  "contract",
  "workroom",
  "diary",
  "tracker",
  "capture",
  "settings",
  "start",
];

// A domain folder imports bridge, state, text and shared, never another domain.
const domainRules = domains.map((d) => ({
  files: [`src/${d}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          bits,
          lucide,
          {
            regex: `^(\\.\\./)+(${domains.filter((o) => o !== d).join("|")}|views)/`,
            message: "A domain folder imports no other domain and no view.",
          },
        ],
      },
    ],
  },
}));

export default ts.config(
  { ignores: ["dist/", "node_modules/"] },
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  {
    plugins: { "import-x": importX },
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".svelte"],
      },
    },
    settings: {
      "import-x/resolver-next": [
        createTypeScriptImportResolver({ project: "./tsconfig.json" }),
      ],
      "import-x/extensions": [".ts", ".js"],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
    },
    rules: {
      "import-x/no-cycle": "error",
      "no-restricted-imports": ["error", { patterns: [bits, lucide] }],
      "no-restricted-properties": [
        "error",
        {
          object: "window",
          property: "go",
          message: "Only src/bridge calls the program.",
        },
      ],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_" },
      ],
      "svelte/no-at-html-tags": "error",
      "svelte/button-has-type": "error",
      "svelte/no-navigation-without-resolve": "off",
      "svelte/prefer-svelte-reactivity": "off",
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: {
        projectService: true,
        extraFileExtensions: [".svelte"],
        parser: ts.parser,
        svelteConfig,
      },
    },
    rules: {
      "prefer-const": "off",
      "svelte/prefer-const": "error",
      // The parser types a template's arguments and imported components as any;
      // svelte-check sees their real types.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-redundant-type-constituents": "off",
    },
  },
  ...domainRules,
  {
    files: ["src/bridge/**"],
    rules: { "no-restricted-properties": "off" },
  },
  {
    files: ["src/shared/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            lucide,
            {
              regex: `^(\\.\\./)+(${domains.join("|")}|views|state)/`,
              message: "Shared parts know nothing of the domain.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["tools/**", "*.js", "*.ts", "tests/**"],
    languageOptions: { globals: { ...globals.node } },
    rules: { "no-console": "off" },
  },
  { files: ["**/*.mjs", "*.js"], ...ts.configs.disableTypeChecked },
);
