// @ts-check
/**
 * Two things that a page of the office cannot do by itself: listen to the reader on the desk, and
 * print. Without it everything else works, and a button asks the reader.
 *
 * @typedef {object} ReaderAnswer
 * @property {number} events how many there were
 * @property {string} code what lies there, as a word that the page has a sentence for
 * @property {string|null} page where that leads
 */

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
// A page that nobody uses asks nothing: its questions would keep the session alive for ever.
const REST_AFTER_MS = 10 * 60 * 1000;

let usedAt = Date.now();

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => window.setTimeout(resolve, ms));
}

/**
 * @param {HTMLElement} words
 * @param {string} code
 */
function say(words, code) {
  const name = code.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  const text = words.dataset[name] ?? words.dataset.other ?? "";
  if (words.textContent !== text) {
    words.textContent = text;
  }
}

/**
 * @param {string} address
 * @param {number} after
 * @returns {Promise<ReaderAnswer>}
 */
async function ask(address, after) {
  const answer = await fetch(`${address}?after=${after}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  return answer.json();
}

/** @param {HTMLElement} place */
async function listen(place) {
  const words = /** @type {HTMLElement} */ (place.querySelector("[data-words]"));
  let after = Number(place.dataset.after);
  let failures = 0;
  say(words, "ready");
  while (Date.now() - usedAt < REST_AFTER_MS) {
    if (document.hidden) {
      await pause(RETRY_MS[0]); // Only the page that is looked at goes anywhere.
      continue;
    }
    try {
      const told = await ask(place.dataset.reader ?? "", after);
      failures = 0;
      if (told.events !== after) {
        after = told.events;
        say(words, told.code);
        usedAt = Date.now();
      }
      if (told.page !== null && told.events !== Number(place.dataset.after)) {
        window.location.assign(told.page);
        return;
      }
    } catch {
      say(words, "lost");
      await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
    }
  }
  say(words, "resting");
}

for (const button of document.querySelectorAll("[data-print]")) {
  /** @type {HTMLElement} */ (button).hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const kind of ["keydown", "pointerdown"]) {
  document.addEventListener(kind, () => {
    usedAt = Date.now();
  });
}
const reader = /** @type {HTMLElement|null} */ (document.querySelector("[data-reader]"));
if (reader !== null) {
  listen(reader);
}
