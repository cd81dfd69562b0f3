// @ts-check
/**
 * Keeps the page equal to the tray. An event only says that something changed; what is shown is then
 * asked for as a whole, so that a page that missed events is right after one question.
 *
 * @typedef {object} Parts
 * @property {string[]} readers keys of the panels, in order
 * @property {Record<string, string>} panels their HTML
 * @property {string} cards HTML of the list of cards
 * @property {string} events HTML of the list of events
 * @property {number} newest number of the newest event
 * @property {string} announcement the newest event as a sentence
 */

const RETRY_MS = [250, 500, 1000, 2000, 4000];
const REFRESH_MS = 100;
const SILENT_HEARTBEATS = 2.5;

const root = document.documentElement;
const panels = element("panels");
const cards = element("cards");
const events = element("events");
const filter = /** @type {HTMLInputElement} */ (element("filter"));
const silenceMs = Number(root.dataset.heartbeatS) * 1000 * SILENT_HEARTBEATS;

/** @type {EventSource|null} */
let source = null;
let after = root.dataset.after ?? "";
let failures = 0;
let watchdog = 0;
let retry = 0;
let waiting = false;
let asking = false;
let announced = -1;
/** @type {Record<string, string>} what each part was made of */
const shown = {};

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function element(id) {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

function connect() {
  disconnect();
  source = new EventSource(`/events?after=${encodeURIComponent(after)}`);
  source.addEventListener("open", opened);
  source.addEventListener("tray", changed);
  source.addEventListener("gap", changed);
  source.addEventListener("heartbeat", heard);
  source.addEventListener("error", lose);
  heard();
}

function disconnect() {
  window.clearTimeout(watchdog);
  window.clearTimeout(retry);
  source?.close();
  source = null;
}

function heard() {
  window.clearTimeout(watchdog);
  watchdog = window.setTimeout(lose, silenceMs);
}

function opened() {
  heard();
  refresh(); // Whatever happened while nobody listened.
}

/** @param {MessageEvent} event */
function changed(event) {
  heard();
  after = event.lastEventId || after;
  refresh();
}

function lose() {
  disconnect();
  root.dataset.connection = "lost";
  element("lost").hidden = failures === 0; // A blink is nobody's concern.
  retry = window.setTimeout(connect, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
  failures += 1;
}

/** Asks for the parts soon, and once for many events. */
function refresh() {
  if (waiting) {
    return;
  }
  waiting = true;
  window.setTimeout(ask, REFRESH_MS);
}

async function ask() {
  if (asking) {
    window.setTimeout(ask, REFRESH_MS);
    return;
  }
  waiting = false;
  asking = true;
  try {
    const answer = await fetch(`/page/parts?lang=${root.lang}`);
    if (!answer.ok) {
      throw new Error(`answered ${answer.status}`);
    }
    show(await answer.json());
  } catch {
    lose();
  } finally {
    asking = false;
  }
}

/** @param {Parts} parts */
function show(parts) {
  const focused = document.activeElement?.id ?? "";
  showPanels(parts);
  showCards(parts.cards);
  if (shown.events !== parts.events) {
    shown.events = parts.events;
    events.innerHTML = parts.events;
  }
  element("no-readers").hidden = parts.readers.length > 0;
  element("no-events").hidden = parts.newest > 0;
  restoreFocus(focused);
  if (announced >= 0 && parts.newest !== announced) {
    element("announcer").textContent = parts.announcement;
  }
  announced = parts.newest;
  failures = 0;
  root.dataset.connection = "open";
  element("lost").hidden = true;
}

/** @param {Parts} parts */
function showPanels(parts) {
  const slots = parts.readers.map((key) => slotOf(key, parts.panels[key]));
  if (slots.length !== panels.children.length || slots.some((one, at) => one !== panels.children[at])) {
    panels.replaceChildren(...slots);
  }
}

/**
 * @param {string} key
 * @param {string} html
 * @returns {HTMLElement}
 */
function slotOf(key, html) {
  const known = /** @type {HTMLElement|null} */ (panels.querySelector(`[data-key="${key}"]`));
  const slot = known ?? document.createElement("div");
  slot.className = "slot";
  slot.dataset.key = key;
  if (shown[key] !== html) {
    const kept = inputsOf(slot);
    const open = slot.querySelector("details")?.open ?? false;
    slot.innerHTML = html;
    keep(slot, kept);
    const details = slot.querySelector("details");
    if (details !== null && open) {
      details.open = true;
    }
    shown[key] = html;
  }
  return slot;
}

/**
 * @param {HTMLElement} slot
 * @returns {Map<string, {value: string, checked: boolean}>}
 */
function inputsOf(slot) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (slot.querySelectorAll("input[id], select[id]"));
  return new Map([...fields].map((one) => [one.id, { value: one.value, checked: one.checked }]));
}

/**
 * What somebody was filling in outlives a change of the panel around it.
 *
 * @param {HTMLElement} slot
 * @param {Map<string, {value: string, checked: boolean}>} kept
 */
function keep(slot, kept) {
  for (const [id, { value, checked }] of kept) {
    const field = /** @type {HTMLInputElement|null} */ (slot.querySelector(`#${id}`));
    if (field !== null) {
      field.value = value;
      field.checked = checked;
    }
  }
}

/** @param {string} html */
function showCards(html) {
  if (shown.cards === html) {
    return;
  }
  const chosen = chosenCard();
  const top = cards.scrollTop;
  cards.innerHTML = html;
  shown.cards = html;
  const again = [...radios()].find((one) => one.value === chosen?.value);
  if (again !== undefined) {
    again.checked = true;
  }
  applyFilter();
  cards.scrollTop = top;
  tellChosen();
}

/** @param {string} id */
function restoreFocus(id) {
  if (id === "" || document.activeElement?.id === id) {
    return;
  }
  const key = id.slice(id.indexOf("-") + 1);
  const again = document.getElementById(id) ?? document.getElementById(`insert-${key}`);
  again?.focus({ preventScroll: true });
}

/** @returns {NodeListOf<HTMLInputElement>} */
function radios() {
  return /** @type {NodeListOf<HTMLInputElement>} */ (cards.querySelectorAll("input[name=card]"));
}

/** @returns {HTMLInputElement|null} */
function chosenCard() {
  return /** @type {HTMLInputElement|null} */ (cards.querySelector("input[name=card]:checked"));
}

function tellChosen() {
  const card = chosenCard();
  element("chosen").hidden = card === null;
  element("chosen-name").textContent = card?.value ?? "";
}

function applyFilter() {
  const wanted = filter.value.trim().toLowerCase();
  let found = 0;
  for (const item of /** @type {NodeListOf<HTMLElement>} */ (cards.querySelectorAll(".card"))) {
    item.hidden = !(item.dataset.words ?? "").includes(wanted);
    found += item.hidden ? 0 : 1;
  }
  element("none-found").hidden = found > 0;
}

/** Leads from the filter to the first card it leaves. */
function chooseFirst() {
  const first = /** @type {HTMLInputElement|null} */ (cards.querySelector(".card:not([hidden]) input[name=card]"));
  if (first !== null) {
    first.checked = true;
    first.focus();
    tellChosen();
  }
}

/** @param {SubmitEvent} event */
async function submit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  event.preventDefault();
  if (form.method === "get") {
    chooseFirst();
    return;
  }
  const button = /** @type {HTMLButtonElement|null} */ (event.submitter);
  const data = new FormData(form, button);
  const action = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  if (/\/(insert|tap)$/.test(action) && !data.has("card")) {
    tellProblem(element("main").dataset.noCard ?? "", "");
    return;
  }
  tellProblem("", "");
  const body = new URLSearchParams(/** @type {[string, string][]} */ ([...data.entries()]));
  await send(action, body);
}

/**
 * @param {string} action
 * @param {URLSearchParams} body
 */
async function send(action, body) {
  try {
    const answer = await fetch(`${action}?lang=${root.lang}`, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    if (answer.status === 403) {
      window.location.reload(); // The service was started anew, and this page is of the last run.
    } else if (answer.ok) {
      refresh();
    } else {
      const problem = await answer.json();
      tellProblem(problem.shown ?? problem.title, problem.detail ?? "");
    }
  } catch {
    lose();
  }
}

/**
 * @param {string} title
 * @param {string} detail
 */
function tellProblem(title, detail) {
  element("problem-title").textContent = title;
  element("problem-detail").textContent = detail;
  element("problem").hidden = title === "";
}

/** @param {KeyboardEvent} event */
function shortcut(event) {
  const typing = /** @type {Element} */ (event.target).matches("input:not([type=radio]), select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    filter.focus();
    filter.select();
  } else if (event.key === "ArrowDown" && event.target === filter) {
    event.preventDefault();
    chooseFirst();
  }
}

element("problem-close").addEventListener("click", (event) => {
  event.preventDefault();
  tellProblem("", "");
});
window.addEventListener("pagehide", disconnect);
window.addEventListener("pageshow", (event) => event.persisted && connect());
document.addEventListener("submit", submit); // Forms come and go with the panels.
document.addEventListener("keydown", shortcut);
cards.addEventListener("change", tellChosen);
filter.addEventListener("input", applyFilter);
applyFilter();
tellChosen();
connect();
