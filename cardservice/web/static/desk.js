// @ts-check
/**
 * Keeps the page equal to the desk. Every message says all that must be shown, so one message
 * makes a page right that missed any number of them. What cannot be kept up to date is not
 * shown: when the connection is lost, the panels are emptied at once.
 *
 * @typedef {object} DeskMessage
 * @property {string} instance which run of the service speaks
 * @property {string[]} readers keys of the panels, in order
 * @property {Record<string, string>} panels HTML of those that changed
 * @property {Record<string, {presented_at: number|null, verdict_at: number|null}>} times
 * @property {string} notice HTML of what is said beside the panels
 */

const RETRY_MS = [250, 500, 1000, 2000, 4000];
const SILENT_HEARTBEATS = 2.5;
const DIGITS = ".can-digits"; // where the number printed on a card is typed

const root = document.documentElement;
const panels = element("panels");
const notice = element("notice");
const lost = element("lost");
const announcer = element("announcer");
const silenceMs = Number(root.dataset.heartbeatS) * 1000 * SILENT_HEARTBEATS;

let failures = 0;
/** @type {EventSource|null} */
let source = null;
/** @type {number|undefined} */
let watchdog;
/** @type {number|undefined} */
let retry;

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
  source = new EventSource(`/events?lang=${root.lang}`);
  source.addEventListener("desk", (event) => show(JSON.parse(event.data)));
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

function lose() {
  disconnect();
  panels.replaceChildren();
  notice.replaceChildren();
  announcer.replaceChildren();
  root.dataset.connection = "lost";
  lost.hidden = false;
  retry = window.setTimeout(connect, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
  failures += 1;
}

/** @param {DeskMessage} message */
function show(message) {
  if (message.instance !== root.dataset.instance) {
    window.location.reload();
    return;
  }
  heard();
  const slots = message.readers.map((key) => slotOf(key, message));
  if (slots.length !== panels.children.length || slots.some((one, at) => one !== panels.children[at])) {
    panels.replaceChildren(...slots);
  }
  if (notice.innerHTML !== message.notice) {
    notice.innerHTML = message.notice;
  }
  failures = 0;
  root.dataset.connection = "open";
  lost.hidden = true;
  const changed = slots.filter((one) => (one.dataset.key ?? "") in message.panels);
  announce(changed);
  ask(changed);
}

/**
 * @param {string} key
 * @param {DeskMessage} message
 * @returns {HTMLElement}
 */
function slotOf(key, message) {
  const known = /** @type {HTMLElement|null} */ (panels.querySelector(`[data-key="${key}"]`));
  const slot = known ?? document.createElement("div");
  slot.className = "slot";
  slot.dataset.key = key;
  if (key in message.panels) {
    slot.innerHTML = message.panels[key];
    slot.dataset.presentedAt = String(message.times[key].presented_at ?? "");
    slot.dataset.verdictAt = String(message.times[key].verdict_at ?? "");
  }
  return slot;
}

/** @param {HTMLElement[]} slots */
function announce(slots) {
  if (slots.length === 0) {
    return;
  }
  const said = slots.map((one) => one.querySelector("[data-announcement]"));
  announcer.textContent = said.map((one) => one?.getAttribute("data-announcement") ?? "").join(" ");
}

/**
 * Leads the typing to the newest question for a number, but never away from one half answered:
 * the rest of those digits would go to another card.
 *
 * @param {HTMLElement[]} slots
 */
function ask(slots) {
  const answering = document.activeElement;
  if (answering instanceof HTMLInputElement && answering.value !== "") {
    return;
  }
  const fields = slots.map((one) => /** @type {HTMLInputElement|null} */ (one.querySelector(DIGITS)));
  const field = fields.find((one) => one !== null);
  field?.focus({ preventScroll: true });
  field?.form?.scrollIntoView({ block: "nearest" }); // With its button, on a small screen too.
}

/**
 * A scanner types wherever the focus is: its first digit finds the only question by itself.
 *
 * @param {KeyboardEvent} event
 */
function catchDigit(event) {
  const plain = /^[0-9]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey;
  const elsewhere = /** @type {Element} */ (event.target).matches("input, select, textarea");
  const fields = document.querySelectorAll(DIGITS);
  if (plain && !elsewhere && fields.length === 1) {
    /** @type {HTMLElement} */ (fields[0]).focus();
  }
}

/** @param {SubmitEvent} event */
async function submit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement|null} */ (event.submitter);
  event.preventDefault();
  const data = new FormData(form, button);
  const body = new URLSearchParams(/** @type {[string, string][]} */ ([...data.entries()]));
  form.reset(); // The page keeps no number longer than the way to the card needs it.
  const action = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const answer = await fetch(action, { method: "POST", body, redirect: "manual" });
  if (answer.status === 403) {
    window.location.reload();
  }
}

window.addEventListener("pagehide", disconnect);
window.addEventListener("pageshow", (event) => event.persisted && connect());
document.addEventListener("submit", submit); // Forms come and go with the panels.
document.addEventListener("keydown", catchDigit);
connect();
