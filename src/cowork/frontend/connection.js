// The kernel's websocket: opened, opened again after an interruption, and left for a new one where nothing arrives.

import { PROTOCOL, readMessage, writeMessage } from "./framing.js";

/** @import { Buffers, KernelMessage } from "../widgets/types.js" */

const RETRY_MS = [100, 250, 500, 1000]; // waits between tries to connect
const RETRY_SHARE = 10; // after these, a tenth of the time that it has been cut: what is gone for good is asked for seldom
const OPEN_TIMEOUT_MS = 4000; // a try that has not opened by then is given up; the next has twice as long
const MAX_WAIT_MS = 30000; // of a try, and of a wait
const MAX_REFUSED_TRIES = 10; // before the first that opens: then something stops them that will not go by itself
const MAX_QUEUED = 200; // what was pressed while the connection was down; words have a safer place, the outbox

export function newHexId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

export class KernelConnection {
  /**
   * @param {string} url
   * @param {{onMessage: (message: KernelMessage) => void, onOpen: () => void, onRefused: () => void}} handlers
   */
  constructor(url, { onMessage, onOpen, onRefused }) {
    this.url = url;
    this.onMessage = onMessage;
    this.onOpen = onOpen;
    this.onRefused = onRefused;
    /** @type {ArrayBuffer[]} */
    this.queue = [];
    this.tries = 0;
    this.lastMessageAt = 0;
    this.timeout = OPEN_TIMEOUT_MS;
    this.hasOpened = false; // ever
    this.downSince = Date.now();
    this.openedAt = 0;
    /** @type {WebSocket | null} */
    this.socket = null;
    window.addEventListener("online", () => this.reconnect()); // the old socket may look open for minutes
    window.addEventListener("pageshow", () => this.reconnectIfClosed());
    document.addEventListener("visibilitychange", () => document.hidden || this.reconnectIfClosed());
    window.addEventListener("cowork:late", () => this.reconnectIfClosed()); // somebody waits for what they have shared
    this.open();
  }

  get isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  open() {
    clearTimeout(this.timer);
    // A name for each try: of one name the server keeps the last, and a try that was given up may reach it last.
    this.session = newHexId();
    const socket = new WebSocket(`${this.url}?session_id=${this.session}&only=comm`, PROTOCOL);
    this.socket = socket;
    this.openedAt = Date.now();
    socket.binaryType = "arraybuffer";
    const mine = (act) => (event) => this.socket === socket && act(event);
    socket.onopen = mine(() => {
      this.tries = 0;
      this.hasOpened = true;
      this.onOpen();
      for (const data of this.queue.splice(0)) socket.send(data);
      window.dispatchEvent(new Event("cowork:joined"));
    });
    socket.onmessage = mine((event) => this.receive(event.data));
    socket.onclose = mine(() => {
      if (!this.tries) this.downSince = Date.now();
      window.dispatchEvent(new Event("cowork:cut"));
      this.scheduleRetry();
    });
    this.timer = setTimeout(mine(() => socket.readyState === WebSocket.CONNECTING && this.abandonTry()), this.timeout);
  }

  // A network may need longer for one handshake than this try was given: the next is given more.
  abandonTry() {
    this.timeout = Math.min(2 * this.timeout, MAX_WAIT_MS);
    this.tries += 1;
    if (this.stopIfRefused()) return;
    if (!this.hasOpened) document.getElementById("cw-slow")?.removeAttribute("hidden"); // they may wait, or try again
    this.replaceSocket();
  }

  // Whether to stop trying, and tell so. Whatever wakes the page up tries once more.
  stopIfRefused() {
    if (this.hasOpened || this.tries < MAX_REFUSED_TRIES) return false;
    const old = this.socket;
    this.socket = null;
    old?.close();
    this.onRefused();
    return true;
  }

  receive(data) {
    this.lastMessageAt = Date.now();
    try {
      this.onMessage(readMessage(data));
    } catch (error) {
      console.error("cowork: a message could not be read", error); // one message is no reason to lose the others
    }
  }

  scheduleRetry() {
    const first = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
    const wait = Math.max(first, Math.min((Date.now() - this.downSince) / RETRY_SHARE, MAX_WAIT_MS));
    this.tries += 1;
    clearTimeout(this.timer);
    if (this.stopIfRefused()) return;
    // A whole room comes back in the same moment: not all on the same beat.
    this.timer = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }

  // Connect at once where the socket is closed, rather than when its turn comes.
  reconnectIfClosed() {
    if (!this.isOpen) this.reconnect();
  }

  // For whoever is not answered: connect anew, unless something has come on this socket as lately as may be. A socket
  // that is known to be closed has its next try already.
  reconnectIfSilent() {
    if (this.isOpen && Date.now() - this.lastMessageAt >= this.timeout) this.reconnect();
  }

  // Connect anew, whatever the old socket looks like.
  reconnect() {
    if (Date.now() - this.openedAt < this.timeout && this.socket && this.socket.readyState <= WebSocket.OPEN) return; // just begun
    this.replaceSocket();
  }

  replaceSocket() {
    const old = this.socket;
    this.socket = null; // what still comes of the old one is nobody's
    old?.close();
    this.open();
  }

  /**
   * @param {string} type of the message, such as `comm_msg`
   * @param {object} content
   * @param {string} version of the protocol of widgets
   * @param {Buffers} [buffers]
   * @param {boolean} [keep] until there is a connection
   */
  send(type, content, version, buffers = [], keep = true) {
    const header = { msg_id: newHexId(), msg_type: type, session: this.session, username: "", version: "5.3", date: new Date().toISOString() };
    const data = writeMessage("shell", header, { version }, content, buffers);
    if (this.isOpen) this.socket?.send(data);
    else if (keep && this.queue.length < MAX_QUEUED) this.queue.push(data);
    else throw new Error("not connected");
  }
}
