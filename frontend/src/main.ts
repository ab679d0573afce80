import "./style/tokens.css";
import "./style/text.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { toasts } from "./shared/toasts.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
addEventListener("pagehide", () => toasts.settle());
