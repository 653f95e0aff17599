/* Player: a story, or the map alone, full screen, from one document; keys, clicker, pointer, touch.
 *
 * The document is made by etk_geo/handout; every text of it reaches the page as text. The map is told
 * what to show by `etk.direct`, as a page of the app tells it.
 */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const MOVE_SECONDS = 1.4;
  const CLICKER_NEXT = ["ArrowRight", "ArrowDown", "PageDown", "Enter", " ", "Spacebar"];
  const CLICKER_BACK = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace"];
  const CALM = matchMedia("(prefers-reduced-motion: reduce)");
  /* Where the words stand below the map they may be scrolled; player.css has the same condition. */
  const UPRIGHT = matchMedia("(max-width: 760px), (orientation: portrait)");
  /* Sizes of the words, the largest first: the first at which a scene needs no scrolling is taken. */
  const FITS = [1.25, 1.18, 1.12, 1.06, 1, 0.94, 0.88, 0.82, 0.76];
  const SWIPE_PX = 48;

  /** Play a document in an element; resolves when the map is drawn. */
  etk.play = async function (file, root) {
    const player = new Player(file, root);
    etk.player = player;
    await player.start();
    return player;
  };

  class Player {
    constructor(file, root) {
      this.file = file;
      this.texts = file.texts;
      this.story = file.story;
      this.scenes = file.story ? file.story.scenes : [];
      this.at = 0;
      this.turn = 0;
      this.year = null;
      this.root = root;
      this.build();
    }

    // Page

    build() {
      const { file, texts, root } = this;
      document.documentElement.lang = file.lang === "zh" ? "zh-CN" : "en";
      root.className = "etkp";
      root.dataset.mode = this.story ? "story" : "map";
      this.mapBox = etk.html("div", { class: "etkp-map-box", id: "etk-map" });
      this.back = this.button("etkp-return", texts.return_to_story, () => this.comeBack());
      this.back.hidden = true;
      this.undated = etk.html("p", { class: "etkp-undated", role: "status", hidden: "" });
      this.mapPart = etk.html("section", { class: "etkp-map" }, this.mapBox, this.back);
      this.panel = etk.html("section", { class: "etkp-panel", "aria-live": "polite", "aria-label": texts.scene });
      this.bar = etk.html("nav", { class: "etkp-bar", "aria-label": texts.controls }, ...this.controls());
      this.notes = etk.html("aside", { class: "etkp-notes", "aria-label": texts.notes, hidden: "" });
      this.black = etk.html("div", { class: "etkp-black", hidden: "" });
      root.replaceChildren(this.panel, this.mapPart, this.bar, this.notes, this.black);
      this.sheet = new etk.Sheet(root, texts);
      this.second = new etk.NotesWindow(texts, (event) => this.onKey(event));
      if (!this.story) this.panel.append(etk.html("h1", {}, file.title), etk.html("p", { class: "etkp-about" }, file.about));
      document.addEventListener("keydown", (event) => this.onKey(event));
      this.panel.addEventListener("click", (event) => this.onPanel(event));
      this.watchSwipe();
      if (this.story) new ResizeObserver(() => this.fitWords()).observe(root);
      this.black.addEventListener("click", () => this.blacken());
    }

    button(css, label, run, title) {
      const node = etk.html("button", { type: "button", class: css }, label);
      if (title) node.title = title;
      node.addEventListener("click", () => {
        run();
        if (document.activeElement === node) node.blur(); // the next key is the clicker's
      });
      return node;
    }

    controls() {
      const { texts, file } = this;
      const left = [];
      if (this.story) {
        this.dots = etk.html("ol", { class: "etkp-dots" }, ...this.scenes.map((scene, number) => {
          const dot = this.button("etkp-dot", String(number + 1), () => this.go(number), scene.title);
          dot.setAttribute("aria-label", `${number + 1} ${scene.title}`);
          return etk.html("li", {}, dot);
        }));
        this.auto = this.button("etkp-auto", texts.auto, () => this.setAuto(!this.playing), texts.auto_help);
        left.push(this.button("etkp-step", "‹", () => this.step(-1), texts.back), this.dots,
          this.button("etkp-step", "›", () => this.step(1), texts.next), this.auto);
      }
      const right = [];
      if (this.story) {
        right.push(this.button("", texts.notes, () => this.toggleNotes(), texts.notes_help));
        right.push(this.button("", texts.overview, () => this.showOverview(), texts.overview_help));
      }
      right.push(...file.tables.map((table) => this.button("", table.title, () => this.sheet.open(table.id, table.title, ...etk.tableOf(table, texts)))));
      right.push(this.button("etkp-sources", texts.sources, () => this.showSources()));
      right.push(this.button("", texts.full, () => this.toggleFull(), texts.full_help));
      right.push(this.button("", texts.help, () => this.showHelp()));
      if (file.home) right.push(this.button("etkp-leave", texts.leave, () => this.leave()));
      return [etk.html("div", { class: "etkp-left" }, ...left), this.timeSlider(), etk.html("div", { class: "etkp-right" }, ...right)];
    }

    timeSlider() {
      const { texts } = this;
      const { years } = this.file.times;
      const range = etk.html("input", { type: "range", min: 0, max: years.length, step: 1, "aria-label": texts.year });
      const said = etk.html("output", { class: "etkp-year" });
      /* The last place of the slider is "all": nothing is dated away. */
      this.slide = (year) => {
        const place = years.findIndex((entry) => entry.year === year);
        range.value = place < 0 ? years.length : place;
        const entry = years[place];
        const label = entry ? texts.year_of.replace("{year}", entry.year) + (entry.label ? ` · ${entry.label}` : "") : texts.year_all;
        said.textContent = label;
        range.setAttribute("aria-valuetext", label);
      };
      range.addEventListener("input", () => this.setYear(years[Number(range.value)]?.year ?? null));
      this.slide(null);
      return etk.html("label", { class: "etkp-time", title: texts.year_help }, etk.html("span", {}, texts.year), range, said);
    }

    // Map

    async start() {
      const map = L.map(this.mapBox, {
        zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, wheelPxPerZoomLevel: 120,
        minZoom: 6, maxZoom: 17, center: [39.24, 107.8], zoom: 8, keyboard: !this.story,
      });
      map.etkDirection = this.direction(this.scenes[this.fromAddress()], 0);
      this.map = map;
      await etk.start(map, this.file.map);
      this.view = etk.current;
      this.addUndated();
      for (const act of ["mousedown", "touchstart", "wheel"]) this.mapBox.addEventListener(act, () => this.explore(), { passive: true });
      this.mapBox.addEventListener("change", () => {
        this.explore();
        this.nameUndated();
      });
      if (this.story) this.go(this.fromAddress(), { seconds: 0 });
      else etk.direct(map, (this.last = this.direction(null, 0)));
      this.keepInView();
      if (this.file.kiosk) this.watchIdle(this.file.kiosk.idle_s);
      if (this.file.kiosk) this.setAuto(true);
      this.root.dataset.ready = "true";
    }

    /** When the window changes its size, as for full screen, the map shows what it showed before. */
    keepInView() {
      let wide = this.map.getSize();
      new ResizeObserver(() => {
        this.map.invalidateSize({ animate: false });
        const now = this.map.getSize();
        if (now.equals(wide) || !now.x || this.root.classList.contains("etkp-exploring")) return;
        wide = now;
        this.look(0);
      }).observe(this.mapBox);
    }

    /** Turn the camera to where it was last told to look, once more. */
    look(seconds) {
      this.turn += 1;
      this.last = { ...this.last, camera: { ...this.last.camera, seconds, turn: this.turn } };
      etk.direct(this.map, this.last);
    }

    fromAddress() {
      const asked = Number.parseInt(location.hash.slice(1), 10);
      return asked >= 1 && asked <= this.scenes.length ? asked - 1 : 0;
    }

    /** What the map is asked to show for a scene and the year of the slider. */
    direction(scene, seconds) {
      const wanted = scene ? scene.direction : this.file.direction;
      this.turn += 1;
      return {
        card: null, overlay: null, report: false, address: false, memory: null, ...wanted,
        shown: this.shownIn(this.year), camera: { ...wanted.camera, seconds: CALM.matches ? 0 : seconds, turn: this.turn },
      };
    }

    /** Features that are there by the end of a year, those without a date too; `null` for all. */
    shownIn(year) {
      const { features } = this.file.times;
      const later = new Set(Object.entries(features).filter(([, entry]) => year !== null && entry.since > year).map(([id, entry]) => `${entry.layer}/${id}`));
      if (!later.size) return null;
      return [...this.view.director.byKey.keys()].filter((key) => !later.has(key)).map((key) => key.split("/"));
    }

    setYear(year) {
      this.year = year;
      this.slide(year);
      if (!this.map) return;
      etk.direct(this.map, { ...this.last, shown: this.shownIn(year) });
      this.dateAll();
    }

    /** Marks of what is finished, and values of the figure, as of the year. */
    dateAll() {
      const { features } = this.file.times;
      const year = this.year ?? Infinity;
      etk.badgeFeatures(this.view, (id) => features[id]?.built <= year, this.texts.built);
      this.view.labels.request(); // names keep clear of the ticks
      const figure = this.panel.querySelector(".etk-figure");
      if (figure) etk.dateFigure(figure, this.year);
      this.nameUndated();
    }

    /** The note is a control of the map, so that names keep clear of it. */
    addUndated() {
      const control = L.control({ position: UPRIGHT.matches ? "topright" : "bottomright" });
      control.onAdd = () => this.undated;
      control.addTo(this.map);
    }

    /** Which of the layers on the map the year says nothing about. */
    nameUndated() {
      const on = new Set(this.view.layers.filter((layer) => layer.on).map((layer) => layer.entry.id));
      const undated = this.year === null ? [] : this.file.times.undated.filter((entry) => on.has(entry.layer));
      this.undated.hidden = !undated.length;
      this.undated.textContent = this.texts.undated.replace("{layers}", undated.map((entry) => `${entry.title} ${entry.n}`).join(this.texts.list));
    }

    // Scenes

    go(number, { seconds = MOVE_SECONDS } = {}) {
      if (number < 0 || number >= this.scenes.length) return;
      const began = performance.now();
      this.at = number;
      const scene = this.scenes[number];
      this.exploring(false);
      this.blacken(false);
      this.view.card.dismiss();
      this.year = scene.year;
      this.slide(scene.year);
      this.last = this.direction(scene, seconds);
      etk.direct(this.map, this.last);
      this.showWords(scene);
      this.dateAll();
      this.showPlace();
      this.runClock();
      this.root.dataset.scene = scene.id;
      requestAnimationFrame(() => requestAnimationFrame(() => {
        this.root.dataset.drawn = scene.id;
        this.root.dataset.drawnMs = (performance.now() - began).toFixed(0);
      }));
    }

    step(by) {
      if (this.story) this.go(this.at + by);
    }

    showWords(scene) {
      const { texts } = this;
      const parts = [
        etk.html("p", { class: "etkp-kicker" }, etk.html("span", {}, this.story.title), etk.html("span", {}, `${this.at + 1} / ${this.scenes.length}`)),
        etk.html("h1", {}, scene.title),
        etk.html("div", { class: "etkp-words" }, ...scene.words.map((words) => etk.html("p", {}, words))),
      ];
      if (scene.figure) parts.push(etk.drawFigure(scene.figure, texts));
      parts.push(this.key(scene));
      const cites = [];
      if (scene.citations.length) cites.push(`${texts.cited} ${scene.citations.join(texts.list)}`);
      if (scene.sources.length) cites.push(`${texts.source} ${scene.sources.join(texts.list)}`);
      parts.push(etk.html("footer", { class: "etkp-cites" }, ...cites.map((cite) => etk.html("p", {}, cite))));
      this.panel.replaceChildren(...parts);
      this.panel.scrollTop = 0;
      this.fitWords();
      this.fillNotes(scene);
    }

    /** The largest type at which the words need no scrolling: a hall cannot scroll. */
    fitWords() {
      const { panel } = this;
      for (const fit of UPRIGHT.matches ? [1] : FITS) {
        panel.style.setProperty("--fit", fit);
        if (panel.scrollHeight <= panel.clientHeight) return;
      }
    }

    /** The symbols of the layers that the scene is about. */
    key(scene) {
      const shown = this.file.map.layers.filter((layer) => layer.group !== "base" && scene.direction.layers[layer.id] && layer.styles.length);
      const telling = (layer) => layer.styles.find((style) => style.shape === "marker") || layer.styles[0];
      return etk.html("div", { class: "etkp-key" }, ...shown.map((layer) =>
        etk.html("span", {}, etk.swatch(telling(layer)), layer.title)));
    }

    showPlace() {
      [...this.dots.children].forEach((item, number) => {
        item.firstChild.classList.toggle("etkp-here", number === this.at);
        item.firstChild.classList.toggle("etkp-past", number < this.at);
        if (number === this.at) item.firstChild.setAttribute("aria-current", "step");
        else item.firstChild.removeAttribute("aria-current");
      });
      history.replaceState(null, "", `#${this.at + 1}`);
      document.title = `${this.scenes[this.at].title} · ${this.story.title}`;
    }

    fillNotes(scene) {
      this.notes.replaceChildren(etk.html("b", {}, this.texts.notes), etk.html("p", {}, scene.notes || this.texts.no_notes));
      this.second.show(scene, this.scenes[this.at + 1], `${this.at + 1} / ${this.scenes.length}`);
    }

    // Exploring and coming back

    explore() {
      if (!this.story) return;
      this.setAuto(false);
      this.exploring(true);
    }

    exploring(on) {
      this.back.hidden = !on;
      this.root.classList.toggle("etkp-exploring", on);
    }

    comeBack() {
      this.root.classList.remove("etkp-wide");
      this.map.invalidateSize({ animate: false });
      this.go(this.at);
    }

    /** The map takes all the room, or gives it back. */
    toggleWide() {
      if (!this.story) return;
      this.explore();
      if (!this.root.classList.toggle("etkp-wide")) this.comeBack();
      else this.map.invalidateSize({ animate: false });
    }

    // By itself

    setAuto(on) {
      this.playing = on;
      if (!this.auto) return;
      this.auto.classList.toggle("etkp-on", on);
      this.auto.setAttribute("aria-pressed", String(on));
      this.runClock();
    }

    runClock() {
      clearTimeout(this.clock);
      if (!this.playing || !this.story) return;
      const last = this.at === this.scenes.length - 1;
      this.clock = setTimeout(() => {
        if (!last) this.step(1);
        else if (this.file.kiosk) this.go(0);
        else this.setAuto(false);
      }, this.scenes[this.at].seconds * 1000);
    }

    /** In a kiosk: back to the beginning when nobody has touched anything for a while. */
    watchIdle(seconds) {
      let timer = null;
      const again = () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          this.sheet.close();
          this.notes.hidden = true;
          this.root.classList.remove("etkp-wide");
          if (this.story) this.go(0);
          this.setAuto(true);
        }, seconds * 1000);
      };
      for (const act of ["pointerdown", "keydown", "wheel", "touchstart"]) document.addEventListener(act, again, { passive: true });
      again();
    }

    // Sheets

    toggleNotes() {
      this.notes.hidden = !this.notes.hidden;
    }

    showOverview() {
      const list = this.scenes.map((scene, number) => {
        const item = this.button("etkp-jump", `${number + 1}. ${scene.title}`, () => {
          this.sheet.close();
          this.go(number);
        });
        return etk.html("li", {}, item);
      });
      this.sheet.open("overview", this.story.title, etk.html("p", { class: "etkp-note" }, this.story.about), etk.html("ol", { class: "etkp-jumps" }, ...list));
    }

    showSources() {
      this.sheet.open("sources", this.texts.sources, ...etk.sourcesOf(this.file, this.texts));
    }

    showHelp() {
      const rows = this.file.keys.filter((entry) => this.story || !entry.story);
      this.sheet.open("help", this.texts.help, etk.html("table", { class: "etkp-keys" },
        ...rows.map((entry) => etk.html("tr", {}, etk.html("th", { scope: "row" }, entry.keys), etk.html("td", {}, entry.does)))));
    }

    blacken(on = this.black.hidden) {
      this.black.hidden = !on;
    }

    toggleFull() {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen?.().catch(() => {});
    }

    leave() {
      if (!this.file.home) return;
      window.close(); // a window that a link opened may close itself; otherwise go home
      setTimeout(() => location.assign(this.file.home), 120);
    }

    // Keys

    onPanel(event) {
      if (this.story && !event.target.closest("button, a, summary, input") && !String(getSelection())) this.step(1);
    }

    /** A swipe across the words turns the page, as on any phone. */
    watchSwipe() {
      let from = null;
      this.panel.addEventListener("touchstart", (event) => {
        from = event.touches.length === 1 ? event.touches[0] : null;
      }, { passive: true });
      this.panel.addEventListener("touchend", (event) => {
        if (!from) return;
        const [to] = event.changedTouches;
        const [across, down] = [to.clientX - from.clientX, to.clientY - from.clientY];
        from = null;
        if (Math.abs(across) >= SWIPE_PX && Math.abs(across) > 2 * Math.abs(down)) this.step(across < 0 ? 1 : -1);
      }, { passive: true });
    }

    onKey(event) {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "Escape") {
        this.escape();
        return;
      }
      const typing = event.target.closest?.("input, textarea, select, .etkp-sheet, .etk-panel, .leaflet-marker-icon, path");
      const pressing = event.target.closest?.("button, summary, a") && ["Enter", " ", "Spacebar"].includes(event.key);
      if (typing || pressing) return;
      const act = this.actionOf(event);
      if (!act) return;
      event.preventDefault();
      act();
    }

    escape() {
      if (this.sheet.isOpen) this.sheet.close();
      else if (!this.black.hidden) this.blacken();
      else if (this.view?.card.isOpen) this.view.card.close();
      else if (!this.notes.hidden) this.notes.hidden = true;
      else if (!this.back.hidden) this.comeBack();
      else this.leave();
    }

    actionOf(event) {
      const { key } = event;
      const any = { f: () => this.toggleFull(), "?": () => this.showHelp(), h: () => this.showHelp(), s: () => this.showSources() };
      const letter = key.length === 1 ? key.toLowerCase() : key;
      if (any[letter]) return any[letter];
      if (!this.story) return null;
      if (CLICKER_NEXT.includes(key)) return () => this.step(event.shiftKey && key === " " ? -1 : 1);
      if (CLICKER_BACK.includes(key)) return () => this.step(-1);
      if (/^[0-9]$/.test(key)) return () => this.go(key === "0" ? 9 : Number(key) - 1);
      return {
        Home: () => this.go(0), End: () => this.go(this.scenes.length - 1),
        n: () => (event.shiftKey ? this.openSecond() : this.toggleNotes()), a: () => this.setAuto(!this.playing),
        o: () => this.showOverview(), e: () => this.toggleWide(), r: () => this.comeBack(), b: () => this.blacken(), ".": () => this.blacken(),
      }[letter] || null;
    }

    openSecond() {
      if (this.second.open()) this.fillNotes(this.scenes[this.at]);
      else this.toggleNotes();
    }
  }

  /** Put a tick on the marks of what is finished; `isBuilt` tells by feature id. */
  etk.badgeFeatures = function (view, isBuilt, label) {
    for (const { layer, properties } of view.director.records.filter((record) => !record.course)) {
      const icon = layer.getElement?.();
      if (!icon?.classList.contains("etk-marker")) continue;
      const built = etk.idsOf(properties).filter(isBuilt).length;
      icon.querySelector(".etk-built")?.remove();
      if (built) icon.firstChild.append(etk.html("span", { class: "etk-built", title: label }, "✓"));
    }
  };
})();
