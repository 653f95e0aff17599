/* Sheets over the player: tables, sources, all scenes, help; and the presenter's own window. */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const MOST_ROWS = 400;

  /** One sheet at a time, closed with Esc or its cross; the focus goes back to where it was. */
  etk.Sheet = class {
    constructor(root, texts) {
      this.title = etk.html("h2", {});
      this.content = etk.html("div", { class: "etkp-sheet-content", tabindex: "0" });
      this.cross = etk.html("button", { type: "button", class: "etkp-sheet-close", "aria-label": texts.close, title: texts.close }, "×");
      this.cross.addEventListener("click", () => this.close());
      this.node = etk.html("section", { class: "etkp-sheet", role: "dialog", "aria-modal": "true", hidden: "" }, this.cross, this.title, this.content);
      root.append(this.node);
    }

    get isOpen() {
      return !this.node.hidden;
    }

    open(name, title, ...content) {
      if (!this.isOpen) this.from = document.activeElement;
      this.name = name;
      this.title.textContent = title;
      this.node.setAttribute("aria-label", title);
      this.content.replaceChildren(...content);
      this.node.hidden = false;
      this.content.scrollTop = 0;
      (this.content.querySelector("input, button") || this.content).focus({ preventScroll: true });
    }

    close() {
      this.node.hidden = true;
      this.content.replaceChildren();
      this.from?.focus?.({ preventScroll: true });
    }
  };

  /** A table with a box that narrows it; long ones show their first rows and say so. */
  etk.tableOf = function (table, texts) {
    const body = etk.html("tbody", {});
    const count = etk.html("p", { class: "etkp-count", role: "status" });
    const show = (asked) => {
      const words = asked.trim().toLowerCase();
      const rows = table.rows.filter((row) => !words || row.some((cell) => cell.toLowerCase().includes(words)));
      body.replaceChildren(...rows.slice(0, MOST_ROWS).map((row) => etk.html("tr", {}, ...row.map((cell) => etk.html("td", {}, cell)))));
      count.textContent = (rows.length > MOST_ROWS ? texts.rows_first : texts.rows).replace("{n}", rows.length).replace("{shown}", MOST_ROWS);
    };
    const box = etk.html("input", { type: "search", placeholder: texts.narrow, "aria-label": texts.narrow });
    box.addEventListener("input", () => show(box.value));
    show("");
    const head = etk.html("thead", {}, etk.html("tr", {}, ...table.columns.map((name) => etk.html("th", { scope: "col" }, name))));
    const notes = table.note ? [etk.html("p", { class: "etkp-note" }, table.note)] : [];
    return [...notes, etk.html("div", { class: "etkp-narrow" }, box, count), etk.html("table", {}, head, body)];
  };

  etk.sourcesOf = function (file, texts) {
    const items = file.sources.map((source) => etk.html("li", {}, etk.html("b", {}, source.title),
      ` ${[source.publisher, source.licence, source.attribution, source.date].filter((text, i, all) => text && all.indexOf(text) === i).join(" · ")}`,
      ...(source.url ? [etk.html("small", {}, source.url)] : [])));
    const layers = file.map.layers.map((layer) => etk.html("li", {}, etk.html("b", {}, layer.title), ` ${layer.credit}`));
    const part = (title, list) => (list.length ? [etk.html("h3", {}, title), etk.html("ul", {}, ...list)] : []);
    return [
      etk.html("p", { class: "etkp-review" }, file.review),
      ...part(texts.left_out, file.left_out.map((name) => etk.html("li", {}, name))),
      ...part(texts.layers, layers),
      ...part(texts.sources, items),
      etk.html("p", { class: "etkp-note" }, file.made),
    ];
  };

  /** The presenter's window: this scene's notes, the next scene, the time; fed by the player. */
  etk.NotesWindow = class {
    constructor(texts, onKey) {
      this.texts = texts;
      this.onKey = onKey;
    }

    open() {
      this.window = window.open("", "etk-notes", "width=760,height=560");
      if (!this.window) return false;
      const { document: page } = this.window;
      page.title = this.texts.notes;
      page.body.style.cssText = "margin:0;padding:24px 30px;font:20px/1.6 'Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;color:#1f2a30";
      page.onkeydown = this.onKey;
      this.started = this.started || Date.now();
      clearInterval(this.clock);
      this.clock = setInterval(() => this.tick(), 1000);
      return true;
    }

    tick() {
      if (!this.window || this.window.closed) {
        clearInterval(this.clock);
        return;
      }
      const seconds = Math.floor((Date.now() - this.started) / 1000);
      const time = this.window.document.getElementById("time");
      if (time) time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }

    show(scene, next, place) {
      if (!this.window || this.window.closed) return;
      const { document: page } = this.window;
      const node = (name, style, text) => {
        const made = page.createElement(name);
        made.style.cssText = style;
        made.textContent = text;
        return made;
      };
      const time = node("span", "float:right;font-variant-numeric:tabular-nums", "0:00");
      time.id = "time";
      page.body.replaceChildren(time, node("p", "margin:0;color:#5b6a72", place), node("h1", "margin:.2em 0 .6em;font-size:30px;line-height:1.25", scene.title),
        node("p", "white-space:pre-wrap;font-size:24px", scene.notes || this.texts.no_notes),
        node("p", "margin-top:1.4em;color:#5b6a72", next ? `${this.texts.next_scene} ${next.title}` : this.texts.last_scene));
      this.tick();
    }
  };
})();
