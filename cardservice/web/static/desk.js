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
 */

/** @type {typeof import("./live.js")} */
const { arrange, element, follow, sendForms } = await import(
  document.documentElement.dataset.live ?? ""
);

const DIGITS = ".can-digits"; // where the number printed on a card is typed

const panels = element("panels");
const notice = element("notice");
const announcer = element("announcer");

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
  return slots.filter((one) => (one.dataset.key ?? "") in message.panels);
}

function clear() {
  panels.replaceChildren();
  notice.replaceChildren();
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

document.addEventListener("keydown", catchDigit);
sendForms((form) => form.reset()); // The page keeps no number longer than the way to the card needs it.
follow({ event: "desk", show, call, lose: clear });
