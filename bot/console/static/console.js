// What must happen without asking the server: number keys, scrolling, the draft, search and print.
(() => {
  "use strict";
  const KEY_WAIT_MS = 450; // a client number also begins with a digit: wait whether more follows
  let pendingKey = null;

  const input = () => document.querySelector(".words-input textarea");
  const draftName = () => "liuke-draft:" + location.pathname;
  const isField = (el) => el && (el.matches("input, textarea, select") || el.isContentEditable);

  function press(key) {
    const button = document.querySelector(`.dock:not(.busy) [data-key="${key}"]`);
    if (!button || button.offsetParent === null) return false;
    button.click();
    button.classList.add("flash");
    setTimeout(() => button.classList.remove("flash"), 200);
    return true;
  }

  function setInput(field, value) {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("keydown", (e) => {
    if (pendingKey) { clearTimeout(pendingKey); pendingKey = null; }
    if (e.isComposing || e.ctrlKey || e.altKey || e.metaKey || e.repeat) return;
    const field = input();
    if (e.key === "Escape" && document.activeElement === field) { field.blur(); return; }
    if (!/^[1-9]$/.test(e.key)) return;
    const active = document.activeElement;
    if (!isField(active)) {
      if (press(e.key)) e.preventDefault();
      return;
    }
    const bar = document.querySelector(".bar-buttons");
    if (active !== field || field.value !== "" || !bar || bar.dataset.typing === "no") return;
    pendingKey = setTimeout(() => {
      pendingKey = null;
      if (field.value === e.key && press(e.key)) setInput(field, "");
    }, KEY_WAIT_MS);
  });

  // The draft outlives a reload, also one that a restarted server causes.
  document.addEventListener("input", (e) => {
    if (e.target === input()) sessionStorage.setItem(draftName(), e.target.value);
  });
  window.liuke = { forgetDraft: () => sessionStorage.removeItem(draftName()) };
  function restoreDraft(field) {
    const draft = sessionStorage.getItem(draftName());
    if (draft && !field.value) setInput(field, draft);
  }

  // The talk follows its newest line.
  function follow(talk) {
    const down = () => { talk.scrollTop = talk.scrollHeight; };
    new MutationObserver(down).observe(talk, { childList: true, subtree: true });
    new ResizeObserver(down).observe(talk);
    down();
  }

  // On a phone the track stands above the talk: a new one must come into view.
  function raise(panel) {
    const up = () => { if (window.innerWidth <= 600) window.scrollTo({ top: 0, behavior: "smooth" }); };
    new MutationObserver(up).observe(panel, { childList: true, subtree: true, characterData: true });
  }

  // The playbook's search and print.
  function filter(text) {
    const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    document.querySelectorAll(".pb-item").forEach((item) => {
      const hit = words.every((word) => item.textContent.toLowerCase().includes(word));
      item.hidden = !hit;
      if (hit) shown += 1;
    });
    document.querySelectorAll(".pb-group").forEach((group) => {
      group.hidden = !group.querySelector(".pb-item:not([hidden])");
      if (group.tagName === "DETAILS" && words.length) group.open = true;
    });
    document.querySelectorAll("details.pb-item").forEach((item) => { if (words.length) item.open = true; });
    const count = document.querySelector(".pb-count");
    if (count) count.textContent = words.length ? (shown ? `找到 ${shown} 处` : "没有找到，换个词试试") : "";
  }
  document.addEventListener("input", (e) => { if (e.target.matches(".pb-search")) filter(e.target.value); });
  document.addEventListener("click", (e) => {
    const act = e.target.closest("[data-act]")?.dataset.act;
    if (act === "print") window.print();
    if (act === "open" || act === "close") {
      document.querySelectorAll(".playbook details").forEach((d) => { d.open = act === "open"; });
    }
  });
  document.addEventListener("click", (e) => {
    const target = e.target.closest(".pb-nav a")?.getAttribute("href");
    const details = target && document.querySelector(target);
    if (details && details.tagName === "DETAILS") details.open = true;
  });
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((d) => { d.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((d) => { d.open = false; }));

  // Vue draws the page after this script ran.
  const seen = new WeakSet();
  new MutationObserver(() => {
    const talk = document.querySelector(".talk");
    if (talk && !seen.has(talk)) { seen.add(talk); follow(talk); }
    const panel = document.querySelector(".visit > .panel");
    if (panel && !seen.has(panel)) { seen.add(panel); raise(panel); }
    const field = input();
    if (field && !seen.has(field)) { seen.add(field); restoreDraft(field); }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
