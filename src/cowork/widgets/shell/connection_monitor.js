// Is the kernel there? A ping every beat; silence is counted from the oldest ping without an answer, since a
// sleeping tab sends none and must not be told that it was cut off.

import { isOwnPage } from "../runtime/links.js";
import { outbox } from "../runtime/outbox.js";
import { trySend } from "../runtime/send.js";
import { deviceStorage } from "../runtime/storage.js";

/** @import { ConnectionState, Model, ShellTraits } from "../types.js" */

const LOST_MS = 6000;
const LONG_MS = 20000;
const GONE_MS = 10000;
const GONE_HOSTED_MS = 30000; // our host connects anew by itself: a kernel that is slow keeps its page
const RELOAD_MS = 8000;
// Between two questions to a server while the kernel is silent: a tenth of the silence, this at most. What is gone for
// good is asked for seldom, and a short interruption is over as soon as it is.
const CHECK_SHARE = 10;
const MAX_CHECK_MS = 30000;
// Between pings where the page's host says by itself when its socket is cut. Each costs kernel and server some five
// milliseconds, all day, for every page; whoever acts and is not answered pings at once (`cowork:late`).
const CALM_MS = 40000;

export class ConnectionMonitor {
  /** @param {Model<ShellTraits>} model @param {AbortSignal} signal @param {(state: ConnectionState) => void} changed */
  constructor(model, signal, changed) {
    this.model = model;
    this.onChange = changed; // (state: "fine" | "lost" | "long")
    this.state = "fine";
    this.hasAnswered = false; // who was never connected is not told that they are connected again
    this.unanswered = 0; // when the oldest ping without an answer was sent
    this.lastTick = Date.now();
    this.lastPing = 0;
    this.server = null; // boot id first seen; null in JupyterLab
    this.signal = signal;
    const ms = Math.max(Number(model.get("beat_ms")) || 2000, 200);
    const timer = setInterval(() => this.tick(ms), ms);
    signal.addEventListener("abort", () => clearInterval(timer));
    document.addEventListener("visibilitychange", () => document.hidden || this.ping(), { signal });
    for (const name of ["cowork:cut", "offline"]) window.addEventListener(name, () => this.markCut(), { signal });
    window.addEventListener("cowork:late", () => this.unanswered || this.ping(), { signal });
    window.addEventListener("cowork:joined", () => this.ping(), { signal });
    model.on("msg:custom", (message) => message?.pong && this.handlePong());
    // Whoever has just come in is here at once, not when the next beat is due.
    model.on("change:me", () => this.ping());
    this.ping();
    this.fetchServerState().then((seen) => {
      this.server = seen?.server ?? null;
    });
  }

  tick(ms) {
    const now = Date.now();
    const slept = now - this.lastTick > ms * 3 + 1000;
    this.lastTick = now;
    if (slept && this.unanswered) this.unanswered = now;
    const silence = this.unanswered ? now - this.unanswered : 0;
    if (silence > LOST_MS && this.state === "fine") this.setState("lost");
    if (silence > LONG_MS && this.state === "lost") this.setState("long");
    if (this.state !== "fine") {
      globalThis.coworkHost?.revive();
      if (now - (this.lastLook || 0) >= Math.min(silence / CHECK_SHARE, MAX_CHECK_MS)) this.checkServer(silence);
    }
    // A socket that is down keeps what it is given: after a long silence there is no use in filling it.
    const often = silence < LONG_MS ? 0 : 3 * ms;
    const calm = globalThis.coworkHost?.hosts && !this.unanswered && this.state === "fine";
    if (now - this.lastPing > (calm ? CALM_MS - ms : often)) this.ping();
  }

  // The socket is cut: silence begins now, and is told if it lasts.
  markCut() {
    this.unanswered ||= Date.now();
  }

  ping() {
    this.lastPing = Date.now();
    this.unanswered ||= this.lastPing;
    trySend(this.model, { do: "ping", t: this.lastPing, hidden: document.hidden }); // what cannot go is counted as silence
  }

  handlePong() {
    this.unanswered = 0;
    if (this.state !== "fine") this.setState("fine");
    this.hasAnswered = true;
  }

  /** @param {ConnectionState} state */
  setState(state) {
    this.state = state;
    outbox.setConnected(this.model, state === "fine");
    this.onChange(state);
  }

  /** @returns {Promise<{server?: string, kernel?: boolean} | null>} */
  async fetchServerState() {
    if (!isOwnPage()) return null; // JupyterLab's server has no such address
    const base = this.model.get("base") || "/";
    const kernel = encodeURIComponent(this.model.get("kernel") || "");
    try {
      const answer = await fetch(`${base}cowork/alive?kernel=${kernel}`, { cache: "no-store" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  // The server answers but our kernel does not: it is another server, or the kernel is gone. Only a new page
  // gets a new kernel; the words are on the device.
  async checkServer(silence) {
    if (this.looking || !isOwnPage()) return;
    this.looking = true;
    this.lastLook = Date.now();
    const seen = await this.fetchServerState();
    this.looking = false;
    if (!seen || !seen.server || this.state === "fine" || this.signal.aborted) return;
    const other = this.server !== null && seen.server !== this.server;
    const patience = globalThis.coworkHost?.hosts ? GONE_HOSTED_MS : GONE_MS;
    if (seen.kernel === false || other || silence > patience) reloadPage();
  }
}

function reloadPage() {
  if (!deviceStorage.isPersistent()) return; // what only this page holds would go with it; the person can press the button
  const now = Date.now();
  try {
    if (now - Number(sessionStorage.getItem("cowork:reloaded") || 0) < RELOAD_MS) return;
    sessionStorage.setItem("cowork:reloaded", String(now));
  } catch {
    // without it we cannot tell how often; the person can press the button
    return;
  }
  window.dispatchEvent(new Event("cowork:save"));
  location.reload();
}
