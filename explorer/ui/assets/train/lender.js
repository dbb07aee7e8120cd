// The way to a GPU that is lent (explorer/ui/page/gpu.py): there on a ZeroGPU Space alone. It is an event of Gradio's, whose
// client sends along what the lender knows the visitor by.

export const lender = {
  /** Asks for a burst: {mine, job, lang}. */
  ask: null,
  /** Called with how it goes: {ok, job, step, last, over}, or {ok: false, job, error}. */
  onTold: () => {},
};

export function mount(element, { props, trigger, watch }) {
  if (props.role === "tell") watch("value", () => props.value && lender.onTold(props.value));
  else {
    lender.ask = (asked) => {
      props.value = asked;
      trigger("commit");
    };
  }
}
