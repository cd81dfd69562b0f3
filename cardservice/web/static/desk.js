// @ts-check
/**
 * Keeps the page equal to the desk. What cannot be kept up to date is not shown: when the
 * connection is lost, the panels are emptied at once.
 *
 * @typedef {object} DeskMessage
 * @property {string} instance which run of the service speaks
 * @property {string[]} readers keys of the panels, in order
 * @property {Record<string, string>} panels HTML of those that changed
 * @property {Record<string, {presented_at: number|null, verdict_at: number|null}>} times
 * @property {string} notice HTML of what is said beside the panels
 * @property {string} standing HTML of how the desk stands
 * @property {string=} aside HTML of a paper or the register's answer, when it changed
 * @property {string=} history HTML of today's list, when it changed
 */

/** @type {typeof import("./live.js")} */
const { arrange, element, follow, sendForms } = await import(
  document.documentElement.dataset.live ?? ""
);

/** @type {typeof import("./desk_scan.js")} */
const { catchScans } = await import(document.documentElement.dataset.scan ?? "");

const DIGITS = ".can-digits"; // where the number printed on a card is typed

const panels = element("panels");
const notice = element("notice");
const announcer = element("announcer");
const standing = element("standing");
const aside = element("aside");
const history = element("history");

/**
 * @param {DeskMessage} message
 * @returns {HTMLElement[]} the slots whose panels changed
 */
function show(message) {
  const slots = message.readers.map((key) => slotOf(key, message));
  arrange(panels, slots);
  if (notice.innerHTML !== message.notice) {
    notice.innerHTML = message.notice;
  }
  if (standing.innerHTML !== message.standing) {
    standing.innerHTML = message.standing;
  }
  showHistory(message.history);
  const changed = slots.filter((one) => (one.dataset.key ?? "") in message.panels);
  return showAside(message.aside) ? [aside, ...changed] : changed;
}

/** @param {string|undefined} html */
function showAside(html) {
  if (html === undefined || aside.innerHTML === html) {
    return false;
  }
  aside.innerHTML = html;
  return html !== "";
}

/** @param {string|undefined} html */
function showHistory(html) {
  if (html === undefined || history.innerHTML === html) {
    return;
  }
  const open = history.querySelector("details")?.open === true;
  history.innerHTML = html;
  const details = history.querySelector("details");
  if (details !== null) {
    details.open = open;
  }
}

function clear() {
  panels.replaceChildren();
  notice.replaceChildren();
  aside.replaceChildren();
  history.replaceChildren();
  standing.replaceChildren();
  announcer.replaceChildren();
}

/** @param {HTMLElement[]} changed */
function call(changed) {
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
    renew(slot, message.panels[key]);
    slot.dataset.presentedAt = String(message.times[key].presented_at ?? "");
    slot.dataset.verdictAt = String(message.times[key].verdict_at ?? "");
  }
  return slot;
}

/**
 * A panel that changes while its own card is there keeps what is half typed, and the focus. For
 * another card it keeps nothing.
 *
 * @param {HTMLElement} slot
 * @param {string} html
 */
function renew(slot, html) {
  const before = presentationOf(slot);
  const focused = slot.contains(document.activeElement) ? document.activeElement : null;
  const typed = [...slot.querySelectorAll("input[type=text]")].map((one) => {
    const field = /** @type {HTMLInputElement} */ (one);
    return { id: field.id, value: field.value };
  });
  slot.innerHTML = html;
  if (before === null || presentationOf(slot) !== before) {
    return;
  }
  for (const { id, value } of typed) {
    const field = /** @type {HTMLInputElement|null} */ (fieldIn(slot, id));
    if (field !== null) {
      field.value = value;
    }
  }
  if (focused !== null) {
    const again = fieldIn(slot, focused.id) ?? slot.querySelector(".bearer");
    /** @type {HTMLElement|null} */ (again)?.focus({ preventScroll: true });
  }
}

/** @param {HTMLElement} slot */
function presentationOf(slot) {
  return slot.querySelector("[data-presentation]")?.getAttribute("data-presentation") ?? null;
}

/**
 * @param {HTMLElement} slot
 * @param {string} id
 */
function fieldIn(slot, id) {
  return id === "" ? null : slot.querySelector(`#${CSS.escape(id)}`);
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

/** @param {string} text */
async function scanned(text) {
  const token = document.documentElement.dataset.token ?? "";
  const body = new URLSearchParams({ token, scanned: text });
  const answer = await fetch("/desk/scan", { method: "POST", body, redirect: "manual" });
  if (answer.status === 403) {
    window.location.reload();
  }
}

document.addEventListener("keydown", catchDigit);
catchScans(scanned, DIGITS);
sendForms((form) => form.reset()); // The page keeps no number longer than the way to the card needs it.
follow({ event: "desk", show, call, lose: clear });
