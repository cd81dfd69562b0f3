// @ts-check
/**
 * A scanner types: fast, wherever the focus is, and ends with Enter. What it typed is taken out
 * of the field it fell into and handed over whole. A person types slower and is left alone.
 */

const GAP_MS = 60; // between two keys of a scanner; people who type fast need more than 80
const PATIENT_MS = 1000; // once it begins as a certificate does: nobody types that by hand
const BEGINS = "OMS1:";
const FEWEST = 6; // characters: the shortest thing that is scanned is the number on a card
const MOST = 500;
const CYRILLIC = /[Ѐ-ӿ№]/;

// A scanner presses the keys of an English keyboard, whatever the layout makes of them.
/** @type {Record<string, [string, string]>} key → without and with Shift */
const KEYS = {
  Space: [" ", " "], Minus: ["-", "_"], Equal: ["=", "+"], Period: [".", ">"], Slash: ["/", "?"],
  Semicolon: [";", ":"], Digit0: ["0", ")"], Digit1: ["1", "!"], Digit2: ["2", "@"],
  Digit3: ["3", "#"], Digit4: ["4", "$"], Digit5: ["5", "%"], Digit6: ["6", "^"],
  Digit7: ["7", "&"], Digit8: ["8", "*"], Digit9: ["9", "("],
};

/** @typedef {HTMLInputElement|HTMLTextAreaElement} Field */

/**
 * Calls `take` with each text that a scanner types.
 *
 * @param {(text: string) => void} take
 * @param {string} but fields that match are meant for a scanner themselves, if digits come
 */
export function catchScans(take, but) {
  let keys = /** @type {{key: string, code: string, shift: boolean}[]} */ ([]);
  let last = 0;
  /** @type {Field|null} */
  let field = null;
  let before = "";

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (event.key === "Enter") {
      enter(event);
    } else if (isCharacter(event)) {
      character(event);
    } else if (event.key !== "Shift" && event.key !== "CapsLock") {
      keys = [];
    }
  }

  /** @param {KeyboardEvent} event */
  function character(event) {
    if (keys.length === 0 || !isInTime(event)) {
      keys = [];
      field = fieldOf(event.target);
      before = field?.value ?? "";
    }
    last = event.timeStamp;
    keys.push({ key: event.key, code: event.code, shift: event.shiftKey });
    if (keys.length > MOST) {
      keys = [];
    } else if (keys.length > 1 && fieldOf(event.target) === null) {
      event.preventDefault(); // A blank would press the button that has the focus.
    }
  }

  /** @param {KeyboardEvent} event */
  function isInTime(event) {
    const text = textOf(keys);
    const patient = text.startsWith(BEGINS) || BEGINS.startsWith(text);
    return event.timeStamp - last <= (patient ? PATIENT_MS : GAP_MS);
  }

  /** @param {KeyboardEvent} event */
  function enter(event) {
    const fast = isInTime(event);
    const text = textOf(keys);
    const whole = keys.length;
    keys = [];
    const own = field?.matches(but) === true && /^[0-9]+$/.test(text);
    if (!fast || whole < FEWEST || own) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (field !== null) {
      field.value = before;
    }
    field = null;
    take(text);
  }

  document.addEventListener("keydown", key, { capture: true });
}

/** @param {KeyboardEvent} event */
function isCharacter(event) {
  return event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey;
}

/**
 * @param {EventTarget|null} target
 * @returns {Field|null}
 */
function fieldOf(target) {
  return target instanceof HTMLInputElement && target.type === "text" ? target : null;
}

/** @param {{key: string, code: string, shift: boolean}[]} keys */
function textOf(keys) {
  const typed = keys.map((one) => one.key).join("");
  return CYRILLIC.test(typed) ? keys.map(english).join("") : typed;
}

/** @param {{key: string, code: string, shift: boolean}} one */
function english(one) {
  if (/^Key[A-Z]$/.test(one.code)) {
    return one.code.slice(3);
  }
  return KEYS[one.code]?.[one.shift ? 1 : 0] ?? one.key;
}
