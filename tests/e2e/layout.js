/* What is wrong with the layout of a page, as a reader would see it: texts that are cut off, that
 * run out of the window or that lie on each other. Returns sentences; none is a sound page. */
() => {
  const SLACK = 1.5;
  const wrong = [];
  const shown = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const onMap = (node) => node.closest(".leaflet-pane");
  const said = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40);

  /* Lines of text as they are drawn: [{text, box, element}]. */
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, noscript, option") || !shown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width > 1 && box.height > 1) lines.push({ text: said(node.data), box, element });
    }
  }

  const scrolls = (value) => value === "auto" || value === "scroll";
  const clips = (value) => value === "hidden" || value === "clip";
  /* A text is cut when a box that does not scroll ends before it does. */
  for (const line of lines) {
    let covered = false;
    for (let box = line.element; box && box !== document.body && !covered; box = box.parentElement) {
      if (onMap(box) || box instanceof SVGElement) break; // the map's edge cuts what lies at it; its names are checked below
      const style = getComputedStyle(box);
      const frame = box.getBoundingClientRect();
      const across = line.box.left < frame.left - SLACK || line.box.right > frame.right + SLACK;
      const down = line.box.top < frame.top - SLACK || line.box.bottom > frame.bottom + SLACK;
      if (scrolls(style.overflowY) && down) covered = true; // out of sight until scrolled to
      else if (clips(style.overflowX) && across) wrong.push(`cut across: ${line.text}`);
      else if (clips(style.overflowY) && down) wrong.push(`cut below: ${line.text}`);
      else if (scrolls(style.overflowX) && across) wrong.push(`must be scrolled across: ${line.text}`);
    }
    line.covered = covered;
    const outside = line.box.right > innerWidth + SLACK || line.box.left < -SLACK;
    if (!covered && outside && !onMap(line.element)) wrong.push(`outside the window: ${line.text}`);
  }

  /* Two texts on each other: one of them cannot be read. What lies under a sheet is not seen. */
  const SHEETS = ".etkp-sheet, .etkp-notes, .etkp-black, .etk-panel, .etk-legend, .etk-tip";
  const top = ({ box, element }) => {
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const sheet = hit?.closest(SHEETS);
    return !sheet || sheet.contains(element);
  };
  const map = document.querySelector(".leaflet-container");
  const frame = map?.getBoundingClientRect();
  const cutOff = ({ box, element }) => onMap(element) && (box.right <= frame.left || box.left >= frame.right || box.bottom <= frame.top || box.top >= frame.bottom);
  const seen = lines.filter((line) => !line.covered && !cutOff(line) && top(line));
  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > SLACK
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.height, b.height) * 0.25;
  const name = (line) => line.element.closest(".etk-label");
  seen.forEach((a, i) => {
    for (const b of seen.slice(i + 1)) {
      const same = a.element === b.element || (name(a) && name(a) === name(b)); // lines of one text
      if (!same && overlap(a.box, b.box)) wrong.push(`on each other: ${a.text} / ${b.text}`);
    }
  });

  /* Names on the map keep clear of controls and of other things' marks. */
  if (map) {
    const controls = [...map.querySelectorAll(".leaflet-control, .etk-panel, .etkp-return")].filter(shown);
    for (const label of map.querySelectorAll(".etk-label")) {
      const box = label.getBoundingClientRect();
      if (box.left < frame.left - SLACK || box.right > frame.right + SLACK || box.top < frame.top - SLACK || box.bottom > frame.bottom + SLACK) {
        wrong.push(`name over the map's edge: ${said(label.textContent)}`);
      }
      for (const control of controls) {
        if (overlap(box, control.getBoundingClientRect())) wrong.push(`name under a control: ${said(label.textContent)} / ${control.className}`);
      }
    }
  }
  return [...new Set(wrong)];
}
