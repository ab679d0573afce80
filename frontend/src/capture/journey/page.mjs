// The annotator alone on a page, for its journey; never part of the program.
// ?theme=dark, ?doc=JSON, ?start=crop, ?windows=JSON, ?src, ?burn, ?displays.
import "../../style/tokens.css";
import "../../style/text.css";

import { mount } from "svelte";

import Page from "./Page.svelte";

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get("theme") ?? "light";
mount(Page, { target: document.getElementById("app"), props: { query } });
