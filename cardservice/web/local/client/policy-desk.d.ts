/** Client of the policy desk on this machine, for pages of clinic systems. */

export type Outcome = "valid" | "invalid" | "undecided";

/** One question that the desk asked of the card; names and reasons are stable codes. */
export interface Check {
  name: string;
  outcome: Outcome;
  reason: string;
  /** Whether the verdict rests on it. */
  decisive: boolean;
  /** Seconds since what it rests on was fetched; null: it comes from the card. */
  age_s: number | null;
}

export interface Holder {
  enp: string;
  surname: string;
  given_name: string;
  patronymic: string | null;
  sex: string;
  /** YYYY-MM-DD. */
  birth_date: string;
  birth_place: string | null;
  citizenship: { code: string; name: string } | null;
  snils: string | null;
}

export interface Insurance {
  ogrn: string;
  okato: string;
  /** YYYY-MM-DD. */
  start_date: string;
  end_date: string | null;
}

export interface Verdict {
  /** null: there is no verdict, and `problem` says why. */
  outcome: Outcome | null;
  deciding: { name: string; reason: string } | null;
  /** For people, in the browser's language. */
  sentence: string | null;
  /** RFC 3339, UTC. */
  at: string | null;
  grade: string | null;
  signed_at: string | null;
  /** Whether a good signature covers holder and insurance. */
  proved: boolean;
  checks: Check[];
  ran: string[];
  skipped: string[];
  holder: Holder | null;
  insurance: Insurance | null;
  problem: string | null;
}

export interface Reader {
  key: string;
  name: string;
  phase: "waiting" | "reading" | "judged";
  /** Which presentation of a card this is; grows until the desk is started anew. */
  presentation: number;
  /** The card is gone, and the desk still shows its verdict. */
  lifted: boolean;
  /** The last card was taken away before it was read. */
  interrupted: boolean;
  /** The card opens with the number printed on it: see `Connection.sendNumber`. */
  asks_for_number: boolean;
  /** How the clerk made sure of the bearer; null: not yet. The chip never tells. */
  bearer: string | null;
}

export interface DeskState {
  /** `lost`: it is being tried again. `refused`: it is over; `code` says why. */
  connection: "open" | "lost" | "refused";
  /** `token-wrong`: pair again. `origin-not-allowed`: the desk's setting. */
  code: string | null;
  /** Another one once the desk was started anew. */
  instance: string | null;
  /** Empty unless the connection is open: forget a verdict whose reader is not `judged`. */
  readers: Reader[];
  /** Why no reader can be reached. */
  trouble: { message: string; remedy: string } | null;
}

export interface ConnectOptions {
  /** Of the desk, such as `http://127.0.0.1:8080`. */
  origin: string;
  token: string;
  /** Each verdict once, also after a lost connection. */
  onVerdict?: (verdict: Verdict, reader: Reader) => void;
  onState?: (state: DeskState) => void;
}

export interface Connection {
  /** Read the card again with the six digits printed on it; the verdict comes as the others. */
  sendNumber(reader: Reader, can: string): Promise<void>;
  close(): void;
}

export interface PairOptions {
  /** Of the desk. */
  origin: string;
  /** What your system is called, at most 80 characters; the clerk sees it. */
  name: string;
}

export interface BegunPairing {
  /** The desk's page that shows the code; let the clerk open it. */
  page: string;
  /** Seconds the code is good for. */
  expiresIn: number;
  /** Takes the code that the clerk typed; gives the token. Five tries. */
  confirm(code: string): Promise<string>;
}

export class PolicyDeskError extends Error {
  constructor(code: string, message: string, status: number);
  /** Stable; `desk-unreachable`: no desk, or the browser kept the page from it. */
  readonly code: string;
  /** Of HTTP; 0: there was no answer. */
  readonly status: number;
}

export function pair(options: PairOptions): Promise<BegunPairing>;
export function connect(options: ConnectOptions): Connection;
