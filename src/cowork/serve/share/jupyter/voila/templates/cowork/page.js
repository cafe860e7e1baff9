// What the page does before any widget is there. No library, nothing kept.
(() => {
  "use strict";
  // Voilà ends a page's kernel on `beforeunload`, which also fires for a download or a mail link, after which the
  // page stays and is dead. `pagehide` fires when it is really left. Only Voilà's own listener is held back.
  const listen = window.addEventListener;
  window.addEventListener = function (type, listener, options) {
    if (type === "beforeunload" && String(listener).includes("voila/api/shutdown/")) return undefined;
    return listen.call(this, type, listener, options);
  };
  const config = () => JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  listen.call(window, "pagehide", (event) => {
    const { kernelId, baseUrl } = config();
    if (event.persisted || !kernelId) return; // kept by the browser, perhaps to come back: the server lets go in time
    const form = new FormData();
    form.append("_xsrf", (document.cookie.match("\\b_xsrf=([^;]*)") || ["", ""])[1]);
    navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`, form);
  });

  // The line "Opening the workshop" stays until something stands in its place.
  const opening = () => document.getElementById("cw-opening");
  const there = () =>
    document.querySelector("[data-cw-fault]") ||
    [...document.querySelectorAll(".page-app .jp-OutputArea-output > *")].some(
      (part) => part.innerText.trim() || part.querySelector("input,canvas,img,svg")
    );
  const look = () => {
    if (!there()) return;
    watch.disconnect();
    clearTimeout(slow);
    opening()?.remove();
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { childList: true, subtree: true, characterData: true });
  window.cowork_slow = () => document.getElementById("cw-slow")?.removeAttribute("hidden");
  const slow = setTimeout(window.cowork_slow, 40000);

  // Names the server's stock scripts call.
  window.voila_heartbeat = () => {};
  window.voila_process = () => {};
  window.voila_finish = look;
})();
