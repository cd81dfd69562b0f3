// @ts-check
/**
 * Keeps the page equal to the station and lets it be steered by keyboard alone. Forms stay in
 * their place when a tile changes: nobody loses the button that is about to be pressed.
 *
 * @typedef {object} StationMessage
 * @property {string} instance which run of the station speaks
 * @property {string} crowd how full the page is
 * @property {string[]} lanes keys of the tiles, in order
 * @property {Record<string, string>} tiles HTML of those that changed
 * @property {string} line HTML of what is said of all lanes
 * @property {string} remedies HTML of the codes that are shown
 */

/** @type {typeof import("./live.js")} */
const { arrange, element, follow, sendForms } = await import(
  document.documentElement.dataset.live ?? ""
);

const SECOND_DIGIT_MS = 900; // how long a second digit may take to name a lane from 10
const BEEP_HZ = 880;
const BEEP_S = 0.18;
const ACTIONS = { p: "pause", r: "resume", s: "skip", a: "repeat" };
const FOR_ONE_LANE = ["skip", "repeat"];

const root = document.documentElement;
const lanes = element("lanes");
const line = element("line");
const remedies = element("remedies");
const announcer = element("announcer");
const chosenLabel = element("chosen");
const help = element("help");
const words = element("words").dataset;

/** @type {number|null} the lane that keys steer; null: all */
let chosen = null;
let firstDigit = "";
let firstDigitAt = 0;
/** @type {AudioContext|null} */
let audio = null;

// What is shown

/**
 * @param {StationMessage} message
 * @returns {HTMLElement[]} the tiles that call a person and did not before
 */
function show(message) {
  const before = new Set(calling().map((tile) => tile.id));
  lanes.dataset.crowd = message.crowd;
  arrange(lanes, message.lanes.map((key) => tileOf(key, message.tiles[key])));
  replaceHtml(line, message.line);
  replaceHtml(remedies, message.remedies);
  return calling().filter((tile) => !before.has(tile.id));
}

/**
 * @param {HTMLElement} place
 * @param {string} html
 */
function replaceHtml(place, html) {
  if (place.dataset.html !== html) {
    place.innerHTML = html;
    place.dataset.html = html;
  }
}

/**
 * Returns the tile of a lane as the message says; its form and the focus in it stay.
 *
 * @param {string} key
 * @param {string|undefined} html
 * @returns {HTMLElement}
 */
function tileOf(key, html) {
  const known = document.getElementById(key);
  if (html === undefined && known !== null) {
    return known;
  }
  const made = document.createElement("template");
  made.innerHTML = html ?? "";
  const fresh = /** @type {HTMLElement} */ (made.content.firstElementChild);
  if (known === null) {
    return fresh;
  }
  Object.assign(known.dataset, fresh.dataset);
  const live = /** @type {HTMLElement} */ (known.querySelector(".live"));
  const focused = live.contains(document.activeElement);
  live.replaceWith(/** @type {HTMLElement} */ (fresh.querySelector(".live")));
  if (focused) {
    known.focus({ preventScroll: true });
  }
  return known;
}

// Calling a person

/** @returns {HTMLElement[]} */
function calling() {
  return [.../** @type {NodeListOf<HTMLElement>} */ (lanes.querySelectorAll('[data-calls="yes"]'))];
}

/** @param {HTMLElement[]} tiles */
function call(tiles) {
  if (tiles.length > 0) {
    announcer.textContent = tiles.map((tile) => tile.dataset.said ?? "").join(" ");
    beep();
  }
}

function beep() {
  if (audio === null || root.dataset.sound !== "on") {
    return;
  }
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.setValueAtTime(0.2, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + BEEP_S);
  tone.frequency.value = BEEP_HZ;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + BEEP_S);
}

/**
 * @param {string} id
 * @param {"sound"|"keys"} name
 */
function makeSwitch(id, name) {
  const button = element(id);
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = root.dataset[name] !== "on";
    root.dataset[name] = on ? "on" : "off";
    button.setAttribute("aria-pressed", String(on));
    if (name === "sound" && on) {
      audio ??= new AudioContext(); // Browsers give sound only to who pressed something.
      beep();
    }
  });
}

// Keys

/** @param {KeyboardEvent} event */
function onKey(event) {
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  const typing = /** @type {Element} */ (event.target).matches("input, select, textarea");
  if (root.dataset.keys !== "on" || !plain || typing) {
    return;
  }
  const action = ACTIONS[/** @type {keyof typeof ACTIONS} */ (event.key.toLowerCase())];
  if (/^[0-9]$/.test(event.key)) {
    chooseByDigit(event.key, event.timeStamp);
  } else if (event.key === "?") {
    help.focus();
    announcer.textContent = help.textContent;
  } else if (event.key === "Escape") {
    choose(null);
  } else if (action !== undefined && !event.repeat) {
    act(action);
  }
}

/**
 * @param {string} digit
 * @param {number} at
 */
function chooseByDigit(digit, at) {
  const both = Number(firstDigit + digit);
  const isSecond = firstDigit !== "" && at - firstDigitAt < SECOND_DIGIT_MS && hasLane(both);
  firstDigit = isSecond || digit === "0" ? "" : digit;
  firstDigitAt = at;
  const number = isSecond ? both : Number(digit);
  if (number === 0) {
    choose(null);
  } else if (hasLane(number)) {
    choose(number);
  }
}

/**
 * @param {number} number
 * @returns {boolean}
 */
function hasLane(number) {
  return document.getElementById(`lane-${number}`) !== null;
}

/** @param {number|null} number */
function choose(number) {
  chosen = number;
  lanes.querySelector("[data-chosen]")?.removeAttribute("data-chosen");
  const tile = number === null ? null : document.getElementById(`lane-${number}`);
  const name = tile?.dataset.name ?? words.all ?? "";
  if (tile !== null) {
    tile.dataset.chosen = "";
    tile.focus();
  }
  const label = /** @type {HTMLElement} */ (chosenLabel.querySelector("strong"));
  label.textContent = name;
  chosenLabel.hidden = false;
  announcer.textContent = name;
}

/** @param {string} action */
function act(action) {
  if (chosen === null && FOR_ONE_LANE.includes(action)) {
    announcer.textContent = words.choose ?? "";
    chosenLabel.hidden = false;
    /** @type {HTMLElement} */ (chosenLabel.querySelector("strong")).textContent = words.choose ?? "";
    return;
  }
  const place = chosen === null ? ".all" : `#lane-${chosen} .acts`;
  const button = /** @type {HTMLButtonElement|null} */ (
    document.querySelector(`${place} button[value="${action}"]`)
  );
  button?.click();
}

makeSwitch("sound", "sound");
makeSwitch("keys", "keys");
document.addEventListener("keydown", onKey);
sendForms((form) => form.querySelector("details")?.removeAttribute("open"));
// What is shown stays when the connection is lost: the lanes work on, and the banner says it is old.
follow({ event: "station", show, call, lose: () => {} });
