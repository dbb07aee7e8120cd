// Answers to the questions of the page's parts, as they were recorded (explorer/export/answers.py): each question's answers
// lie in a few files, by what they are about.

import { json } from "./files.js";
import { changed, resolved } from "./patches.js";

/** Nothing was recorded for a question as it was asked. */
export class NotAnswered extends Error {}

export class Answers {
  /** @param frozen {folder, questions: {name: {split, by, plain, files: {group: path}}}} */
  constructor(frozen) {
    this.frozen = frozen;
  }

  /** Promise of the recorded answer. Rejected with NotAnswered or MissingFile. */
  async to(name, params) {
    const question = this.frozen.questions[name];
    if (!question) throw new NotAnswered(name);
    const asked = about(name, question, params);
    const path = question.files[group(question, asked)];
    if (!path) throw new NotAnswered(name);
    const { first, objects, answers } = await json(this.frozen.folder, path);
    const changes = answers[canonical(asked)];
    if (!changes) throw new NotAnswered(name);
    return changed(first, resolved(changes, objects));
  }
}

/** What an answer depends on, of all that came with the question. */
function about(name, { plain }, { mine, view, lang, ...params }) {
  const more = view ? Object.fromEntries(["data", "left", "right"].map((key) => [key, view[key]])) : {};
  return { ...params, ...more, ...(plain ? {} : { lang }) };
}

/** Which file answers a question: words decide, or those that `by` names; a split one has a file for each answer. */
function group({ split, by }, asked) {
  if (split) return canonical(asked);
  if (by) return canonical(Object.fromEntries(by.map((name) => [name, asked[name]])));
  return canonical(Object.fromEntries(Object.entries(asked).filter(([name, value]) => typeof value === "string" && name !== "lang")));
}

/** Names in order, what is nothing left out: the same text as Python's. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const names = Object.keys(value).filter((name) => value[name] !== null && value[name] !== undefined).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
