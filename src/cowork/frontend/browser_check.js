// What the opening page says where our script does not come, cannot be read, or finds too little to stand on.
//
// A plain script in the oldest language browsers share (ECMAScript 5), in a file of its own and before the module:
// it must run where the module does not. Our security policy lets no script stand in the page itself.

(function () {
  "use strict";

  var WAIT_MS = 20000; // the module is there long before, also on a slow telephone; the kernel may take longer

  // What the module cannot do without; what is older than Safari 15 or Chrome 90 has not all of it. Firefox had it with
  // 86 and is tried from 91 on: `clientInformation`, which the others always had, came to it with 91 and is a mark of that.
  function known() {
    var signals = false;
    try {
      var asked = Object.defineProperty({}, "signal", {
        get: function () {
          signals = true;
        },
      });
      window.addEventListener("cowork:none", /** @type {any} */ (null), asked);
    } catch (error) {
      return false;
    }
    return (
      signals &&
      "clientInformation" in window &&
      "noModule" in document.createElement("script") &&
      typeof DataView.prototype.getBigUint64 === "function" &&
      typeof Element.prototype.replaceChildren === "function"
    );
  }

  function show(id) {
    var names = ["cw-wait", "cw-slow", "cw-old", "cw-broken"];
    for (var i = 0; i < names.length; i += 1) {
      var part = document.getElementById(names[i]);
      if (!part) continue;
      // A page that is only slow still opens: "Opening the workshop" stays above the help.
      if (names[i] === id || (id === "cw-slow" && names[i] === "cw-wait")) part.removeAttribute("hidden");
      else part.setAttribute("hidden", "");
    }
  }

  // The words may not have been read by the browser yet when this runs.
  function tell(id) {
    if (window.coworkHost) return;
    if (document.getElementById(id)) show(id);
    else
      document.addEventListener("DOMContentLoaded", function () {
        if (!window.coworkHost) show(id);
      });
  }

  function failed(event) {
    var from = event.target;
    /** @type {any} */
    var script = document.querySelector("script[data-cw-script]");
    if (window.coworkHost || !script) return;
    if (from === script) tell("cw-broken"); // it could not be fetched
    else if (event.filename && event.filename === script.src) tell("cw-old"); // it could not be read, or fell over
  }

  window.addEventListener("error", failed, true); // captured: what a script cannot fetch does not rise to the window
  if (!known()) tell("cw-old");
  setTimeout(function () {
    if (!shown("cw-old") && !shown("cw-broken")) tell("cw-slow");
  }, WAIT_MS);

  function shown(id) {
    var part = document.getElementById(id);
    return part !== null && !part.hasAttribute("hidden");
  }
})();
