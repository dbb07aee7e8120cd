// Carries Views to Python and scenes back: two hidden parts (explorer/ui/page/parts.py says why two).

import { store } from "./store.js";

const WAIT_MS = 1500;

export function mount(element, { props, trigger, watch }) {
  if (props.role === "ask") ask(props, trigger);
  else answer(props, watch);
}

function ask(props, trigger) {
  store.connect((request) => {
    props.value = request;
    trigger("commit");
  });
}

/**
 * The page carries the default scene. A link that names another gets its own from Python at once; until then nothing is
 * shown rather than the wrong thing, but not for long.
 */
function answer(props, watch) {
  const first = props.value;
  watch("value", () => store.receive(props.value));
  if (linkNamesAView(first.scene.view)) setTimeout(() => store.scene || store.receive(first), WAIT_MS);
  else store.receive(first);
}

function linkNamesAView(view) {
  const query = new URLSearchParams(location.search);
  return Object.keys(view).some((key) => query.get(key)) || (navigator.language ?? "").startsWith("zh");
}
