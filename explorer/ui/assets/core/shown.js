// What of the page is shown at all: the View's `hide` takes parts off it, `expert` brings figures in, `present` makes
// type and dots larger. The parts themselves only say what they are: `data-part="NAME"`, `data-expert`.

const PRESENT = 1.3; // explorer.css has the same for type

const hidden = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, hidden];

/** Applies a View to the document. */
export function showParts({ hide, expert, present, tab }) {
  const selectors = hide.map(CSS.escape).flatMap((name) => [`[data-part~="${name}"]`, tabButton(name)]);
  const rules = hide.length ? `${selectors} { display: none !important; }` : "";
  if (showParts.rules !== rules) hidden.replaceSync((showParts.rules = rules));
  document.body.classList.toggle("ex-on-start", tab === "start");
  document.body.classList.toggle("ex-expert", expert);
  document.body.classList.toggle("ex-present", present);
}

/** How much larger than usual dots, lines and letters are drawn on a canvas. */
export const size = () => (document.body.classList.contains("ex-present") ? PRESENT : 1);

/** Opens the tab of a View where Gradio shows another one: the reader went back, or a part led here. */
export function openTab(name) {
  const button = document.querySelector(tabButton(CSS.escape(name)));
  if (button?.getAttribute("aria-selected") !== "false") return;
  leading = true;
  button.click();
  leading = false;
  clicked = "";
}

let leading = false; // it is the page that clicks
let clicked = ""; // the tab that the reader clicked last

/** Gradio says of every tab that it was opened, late, and also of those that a View or the page's load opened. */
export const readerOpened = (name) => clicked === name;

document.addEventListener("click", (event) => {
  const { tabId } = event.target.closest?.('#ex-tabs button[role="tab"]')?.dataset ?? {};
  if (tabId && !leading) clicked = tabId;
}, true);

/** Arrow keys, Home and End lead through the tabs that are not hidden, as in any list of tabs; Gradio knows no keys. */
document.addEventListener("keydown", (event) => {
  const here = event.target.closest?.('#ex-tabs button[role="tab"]');
  if (!here || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const tabs = [...here.parentElement.querySelectorAll('button[role="tab"]')].filter((tab) => tab.offsetParent);
  const next = {
    ArrowLeft: (k) => (k + tabs.length - 1) % tabs.length,
    ArrowRight: (k) => (k + 1) % tabs.length,
    Home: () => 0,
    End: () => tabs.length - 1,
  }[event.key];
  if (!next) return;
  event.preventDefault();
  const tab = tabs[next(tabs.indexOf(here))];
  tab.focus();
  tab.click();
});

const tabButton = (name) => `#ex-tabs button[role="tab"][data-tab-id="${name}"]`;
