// A View of a link, read and written as Python does (explorer/ui/view/state.py): what was not recorded falls back with a
// sentence. `fields` says how each value is read: [name, kind, known values or null].

const READERS_OWN = ["lang", "mine"];
const LONGEST = 64;

export class Views {
  /** @param spec {fields, sets: {name: {view, pairs}}, version, old, texts, browser} of the exploration */
  constructor(spec) {
    this.spec = spec;
    this.first = Object.keys(spec.sets)[0];
  }

  /** {view, doubts}: the View of names and values, and those of them that could not be read as [key, value]. */
  read(query, browserLang) {
    const doubts = [];
    const old = this.isOld(query);
    const named = (key) => asText(query[key]);
    const lang = this.known("lang", named("lang"), doubts) || browserLang;
    let data = named("data") || (old ? this.spec.old.data : this.first);
    if (!this.spec.sets[data]) {
      if (named("data")) doubts.push(["data", data]);
      data = this.first;
    }
    const view = { ...this.spec.sets[data].view, lang, tab: old ? this.spec.old.tab : this.spec.sets[data].view.tab };
    for (const [key, kind, known] of this.spec.fields) {
      const value = named(key);
      if (!value || ["data", "lang", "mine"].includes(key)) continue;
      const read = READ[kind](value, known);
      if (read === undefined) doubts.push([key, value]);
      else view[key] = read;
    }
    const tabs = this.spec.fields.find(([name]) => name === "tab")[2].filter((tab) => !view.hide.includes(tab));
    if (!tabs.length) view.hide = [];
    else if (!tabs.includes(view.tab)) [view.tab] = tabs;
    return { view, doubts };
  }

  known(key, value, doubts) {
    if (!value) return "";
    const known = this.spec.fields.find(([name]) => name === key)[2];
    if (known.includes(value)) return value;
    doubts.push([key, value]);
    return "";
  }

  /** A link from before links had versions: it names none, and more than what is the reader's own. */
  isOld(query) {
    const named = this.spec.fields.map(([name]) => name).filter((name) => asText(query[name]));
    return asText(query.v) !== this.spec.version && named.some((name) => !READERS_OWN.includes(name));
  }

  /** The query of the link that restores a View, without "?"; empty for the page's first. */
  query(view, browserLang) {
    const plain = this.spec.sets[view.data].view;
    const same = (key) => JSON.stringify(view[key]) === JSON.stringify(plain[key]);
    const names = this.spec.fields.map(([name]) => name);
    const said = names.filter((key) => key !== "lang" && key !== "mine" && !same(key));
    if (view.lang !== browserLang) said.push("lang");
    if (!said.length && view.data === this.spec.usual) return "";
    const ahead = ["data", "left", "right", "tab"];
    const pairs = [["v", this.spec.version], ...[...ahead, ...said.filter((key) => !ahead.includes(key))].map((key) => [key, asQuery(view[key])])];
    return new URLSearchParams(pairs).toString().replaceAll("%2C", ",");
  }
}

const asText = (value) => (value === null || value === undefined ? "" : Array.isArray(value) ? value.join(",") : String(value));

function asQuery(value) {
  if (Array.isArray(value)) return value.map(asQuery).join(",");
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  return String(value);
}

const NUMBER = /^-?\d{0,6}(\.\d{0,20})?(e-?\d{1,3})?$/;

function number(text) {
  const value = NUMBER.test(text) ? Number.parseFloat(text) : NaN;
  return Number.isFinite(value) ? Number(value.toPrecision(6)) : undefined;
}

/** Kind -> (text, known values) -> value, undefined where it cannot be read. */
const READ = {
  word: (text, known) => (!known || known.includes(text) ? text : undefined),
  whole: (text, known) => (/^\d{1,9}$/.test(text) && (!known || known.includes(Number(text))) ? Number(text) : undefined),
  flag: (text) => ({ 0: false, 1: true, false: false, true: true })[text.toLowerCase()],
  number,
  names: (text, known) => known.filter((name) => text.split(",").includes(name)),
  point(text) {
    const values = text.split(",").map(number);
    return values.length <= LONGEST && values.every((value) => value !== undefined) ? values : undefined;
  },
};
