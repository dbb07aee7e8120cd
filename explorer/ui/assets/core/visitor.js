// Who trained something here: a token that this browser keeps, so that every tab of it finds the trainings again.

const KEY = "explorer.visitor";

/** The token, "" if there is none or the browser keeps nothing. */
export function remembered() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** Keeps a token; "" forgets it. */
export function remember(token) {
  try {
    if (token) localStorage.setItem(KEY, token);
    else localStorage.removeItem(KEY);
  } catch {
    // a browser that keeps nothing still has the address
  }
}
