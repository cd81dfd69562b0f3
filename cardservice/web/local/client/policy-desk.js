// Client of the policy desk on this machine, for pages of clinic systems. No dependencies.
// Types and their meaning: policy-desk.d.ts.

const API = "/local/v1";
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
const SILENCE_MS = 30000; // the desk says something every 10 seconds
const POLICY = 1008;
// Nothing but pairing anew, or another setting of the desk, mends these.
const FINAL = new Set(["token-wrong", "origin-not-allowed"]);

export class PolicyDeskError extends Error {
  constructor(code, message, status) {
    super(message);
    this.name = "PolicyDeskError";
    this.code = code;
    this.status = status;
  }
}

async function ask(origin, path, { token, body, signal } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(origin + API + path, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal,
    });
  } catch {
    throw new PolicyDeskError("desk-unreachable", "The desk does not answer this page.", 0);
  }
  let told = {};
  try {
    told = await answer.json();
  } catch {
    // An answer without a document is told by its status alone.
  }
  if (!answer.ok) {
    const code = told.code ?? told.type?.split("/").pop() ?? "internal-error";
    throw new PolicyDeskError(code, told.detail ?? told.title ?? code, answer.status);
  }
  return told;
}

export async function pair({ origin, name }) {
  const begun = await ask(origin, "/pairings", { body: { name } });
  return {
    page: begun.page,
    expiresIn: begun.expires_in,
    async confirm(code) {
      const path = `/pairings/${encodeURIComponent(begun.pairing)}`;
      return (await ask(origin, path, { body: { code } })).token;
    },
  };
}

export function connect({ origin, token, onVerdict, onState }) {
  let socket = null;
  let timer = null;
  let silence = null;
  let waits = 0;
  let closed = false;
  let instance = null;
  let last = null;
  const told = new Map(); // reader's key: what was told of it last

  function state(connection, code = null) {
    onState?.({
      connection,
      code,
      instance,
      readers: connection === "open" && last ? last.readers : [],
      trouble: connection === "open" && last ? last.trouble : null,
    });
  }

  function end(code) {
    closed = true;
    stop();
    state("refused", code);
  }

  function stop() {
    clearTimeout(timer);
    clearTimeout(silence);
    const left = socket;
    socket = null;
    left?.close();
  }

  function listen() {
    clearTimeout(silence);
    silence = setTimeout(() => again(), SILENCE_MS);
  }

  // An answer says why a socket was refused, which a browser does not tell of the socket itself.
  async function reason() {
    try {
      await ask(origin, "/readers", { token });
      return null;
    } catch (error) {
      return error.code;
    }
  }

  function again() {
    stop();
    if (closed) return;
    state("lost");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** waits);
    waits += 1;
    timer = setTimeout(open, wait * (0.5 + Math.random() / 2));
  }

  function take(message) {
    if (message.instance !== instance) {
      instance = message.instance;
      told.clear();
    }
    if (message.type === "state") {
      last = message;
      const here = new Set(message.readers.filter((one) => one.phase === "judged").map((one) => one.key));
      for (const key of told.keys()) if (!here.has(key)) told.delete(key);
      state("open");
    } else if (message.type === "verdict") {
      // After a lost connection the desk repeats what lies there; the page has had it.
      const said = JSON.stringify([message.reader.presentation, message.verdict]);
      if (told.get(message.reader.key) === said) return;
      told.set(message.reader.key, said);
      onVerdict?.(message.verdict, message.reader);
    }
  }

  function open() {
    if (closed) return;
    const mine = new WebSocket(origin.replace(/^http/, "ws") + API + "/stream");
    let opened = false;
    socket = mine;
    listen();
    mine.onopen = () => {
      opened = true;
      mine.send(JSON.stringify({ token }));
    };
    mine.onmessage = (event) => {
      if (socket !== mine) return;
      waits = 0;
      listen();
      take(JSON.parse(event.data));
    };
    mine.onclose = async (event) => {
      if (socket !== mine) return;
      socket = null;
      const code = opened ? event.code === POLICY && event.reason : await reason();
      if (closed) return;
      if (FINAL.has(code)) end(code);
      else again();
    };
  }

  open();
  return {
    sendNumber(reader, can) {
      const body = { presentation: reader.presentation, can };
      const path = `/readers/${encodeURIComponent(reader.key)}/can`;
      return ask(origin, path, { token, body }).then(() => undefined);
    },
    close() {
      closed = true;
      stop();
    },
  };
}
