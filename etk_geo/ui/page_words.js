/* Puts our words in the place of those that Streamlit's own controls speak in English only: names
 * for screen readers, hints, and the few texts that no option of Streamlit changes. Data is never
 * touched: what is replaced is the whole of an attribute or text, in the very words of the list.
 */
(function (lang, words) {
  "use strict";
  const ATTRIBUTES = ["aria-label", "placeholder", "title", "aria-valuetext", "aria-roledescription"];
  const SELECTOR = ATTRIBUTES.map((name) => `[${name}]`).join(",");
  const DATA = '[data-testid="stMarkdownContainer"], td, textarea, [contenteditable]';
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const DATE = new RegExp(`^(?:\\w+day, )?(${MONTHS.join("|")})(?: (\\d{1,2}),)?(?: (\\d{4}))?$`);
  const WEEKDAYS = "日一二三四五六";
  const state = (window.etkPageWords = window.etkPageWords || { changed: new Map() });
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  speak(lang === "zh" ? "zh-CN" : "en-GB");
  state.observer?.disconnect();
  /* Back to Streamlit's own words first: the language may have changed. */
  for (const [node, members] of state.changed) {
    for (const [name, { from, to }] of members) if (read(node, name) === to) write(node, name, from);
  }
  state.changed = new Map();
  document.querySelectorAll("iframe[aria-label]").forEach((frame) => frame.removeAttribute("aria-label"));
  const exact = new Map(words.filter(([from]) => !from.includes("{x}")));
  const patterns = words.filter(([from]) => from.includes("{x}")).map(([from, to]) => {
    const [before, after] = from.split("{x}");
    return { before, after, to };
  });
  if (!words.length) return;
  visit(document.body);
  state.observer = new MutationObserver((changes) => {
    for (const node of state.changed.keys()) if (!node.isConnected) state.changed.delete(node);
    for (const { type, target, attributeName, addedNodes } of changes) {
      if (type === "attributes") mend(target, attributeName);
      else if (type === "characterData") mendText(target);
      else addedNodes.forEach(visit);
    }
  });
  state.observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });

  /** Calendars and numbers follow the language of the browser: let it be that of the page. */
  function speak(tag) {
    for (const [name, value] of [["language", tag], ["languages", [tag]]]) {
      Object.defineProperty(navigator, name, { get: () => value, configurable: true });
    }
    window.dispatchEvent(new Event("languagechange"));
  }

  function read(node, name) {
    return name ? node.getAttribute(name) : node.data;
  }

  function write(node, name, value) {
    if (name) node.setAttribute(name, value);
    else node.data = value;
  }

  function translated(said) {
    const text = said.trim();
    if (exact.has(text)) return exact.get(text);
    const found = patterns.find(({ before, after }) => text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after));
    if (!found) return dated(text);
    const rest = text.slice(found.before.length, text.length - found.after.length);
    return found.to.replace("{x}", () => dated(rest) || rest);
  }

  /* A calendar that was drawn before this script ran speaks the language of the browser. */
  function dated(text) {
    const [, month, day, year] = DATE.exec(text) || [];
    if (!month) return undefined;
    return `${year ? `${year}年` : ""}${MONTHS.indexOf(month) + 1}月${day ? `${day}日` : ""}`;
  }

  function weekday({ parentElement, data }) {
    const head = parentElement?.closest('[role="dialog"] thead th');
    return head && /^[SMTWF]$/.test(data.trim()) ? WEEKDAYS[head.cellIndex] : undefined;
  }

  function mend(node, name) {
    const from = read(node, name);
    const to = from && ((!name && weekday(node)) || translated(from));
    if (!to || to === from) return undefined;
    /* The title of a frame names its component, by which styles find it. */
    if (node.tagName === "IFRAME") return node.setAttribute("aria-label", to);
    write(node, name, to);
    if (!state.changed.has(node)) state.changed.set(node, new Map());
    state.changed.get(node).set(name, { from, to });
    return undefined;
  }

  function mendText(node) {
    if (node.data.length < 200 && !node.parentElement?.closest(DATA)) mend(node, "");
  }

  function visit(node) {
    if (node.nodeType === Node.TEXT_NODE) return mendText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return undefined;
    const named = node.matches(SELECTOR) ? [node, ...node.querySelectorAll(SELECTOR)] : node.querySelectorAll(SELECTOR);
    for (const one of named) ATTRIBUTES.forEach((name) => one.hasAttribute(name) && mend(one, name));
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) mendText(walker.currentNode);
    return undefined;
  }
})(LANG, WORDS);
