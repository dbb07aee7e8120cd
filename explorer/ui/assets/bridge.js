// Carries Views to Python and scenes back. Hidden; there is one.

import { store } from "./store.js";

export function mount(element, { props, trigger, watch }) {
  store.connect((request) => {
    props.value = request;
    trigger("commit");
  }, props.value);
  watch("value", () => store.receive(props.value));
}
