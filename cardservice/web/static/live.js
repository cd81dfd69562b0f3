// @ts-check
/**
 * Keeps a page equal to the service that it shows. Every message says all that must be shown, so
 * one message makes a page right that missed any number of them. The page imports this module
 * from the address in its `data-live`, which names the content.
 */

const RETRY_MS = [250, 500, 1000, 2000, 4000];
const SILENT_HEARTBEATS = 2.5;

/**
 * What a page does with its messages.
 *
 * @template Message
 * @template Change
 * @typedef {object} Page
 * @property {string} event name of the events that bring messages
 * @property {(message: Message) => Change} show makes the page say what the message says
 * @property {(change: Change) => void} call tells people what changed, once the page is right
 * @property {() => void} lose takes away what may not be shown while nobody keeps it up to date
 */

const root = document.documentElement;
const silenceMs = Number(root.dataset.heartbeatS) * 1000 * SILENT_HEARTBEATS;

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function element(id) {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

/**
 * Lets the page follow the service for as long as it is open, through lost connections.
 *
 * @template {{instance: string}} Message
 * @template Change
 * @param {Page<Message, Change>} page
 */
export function follow(page) {
  const lost = element("lost");
  let failures = 0;
  /** @type {EventSource|null} */
  let source = null;
  /** @type {number|undefined} */
  let watchdog;
  /** @type {number|undefined} */
  let retry;

  function connect() {
    disconnect();
    source = new EventSource(`/events?lang=${root.lang}`);
    source.addEventListener(page.event, (event) => take(JSON.parse(event.data)));
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
    page.lose();
    root.dataset.connection = "lost";
    lost.hidden = false;
    retry = window.setTimeout(connect, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
    failures += 1;
  }

  /** @param {Message} message */
  function take(message) {
    if (message.instance !== root.dataset.instance) {
      window.location.reload();
      return;
    }
    heard();
    const change = page.show(message);
    failures = 0;
    root.dataset.connection = "open";
    lost.hidden = true;
    page.call(change);
  }

  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", (event) => event.persisted && connect());
  connect();
}

/**
 * Makes `children` the children of `place`, and moves none that is in its place already.
 *
 * @param {HTMLElement} place
 * @param {HTMLElement[]} children
 */
export function arrange(place, children) {
  const now = place.children;
  if (children.length !== now.length || children.some((one, at) => one !== now[at])) {
    place.replaceChildren(...children);
  }
}

/**
 * Sends the page's forms without leaving it; what comes of them is told by messages.
 *
 * @param {(form: HTMLFormElement) => void} tidy what becomes of a form once its values are taken
 */
export function sendForms(tidy) {
  // Forms come and go with the parts of the page.
  document.addEventListener("submit", (event) => send(event, tidy));
}

/**
 * @param {SubmitEvent} event
 * @param {(form: HTMLFormElement) => void} tidy
 */
async function send(event, tidy) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const button = /** @type {HTMLButtonElement|null} */ (event.submitter);
  event.preventDefault();
  const data = new FormData(form, button);
  const body = new URLSearchParams(/** @type {[string, string][]} */ ([...data.entries()]));
  tidy(form);
  const action = button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const answer = await fetch(action, { method: "POST", body, redirect: "manual" });
  if (answer.status === 403) {
    window.location.reload();
  }
}
