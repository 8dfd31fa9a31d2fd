"use strict";
// Leads on to where the page stands now, at the same sample and line.
(() => {
  const target = new URL(document.getElementById("to").href);
  target.hash ||= location.hash;
  location.replace(target);
})();
