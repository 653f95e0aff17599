/* Figure of a scene: values of targets and facts, or parts of a whole; text first, then a bar. */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});

  /**
   * Return a figure as an element.
   *
   * @param figure as etk_geo/stories/figures.py makes it
   * @param texts texts of the player
   */
  etk.drawFigure = function (figure, texts) {
    const rows = figure.form === "parts" ? figure.rows.map(partsRow) : figure.rows.map((row) => valuesRow(row, texts));
    const node = etk.html("figure", { class: `etk-figure etk-figure-${figure.kind}` },
      etk.html("figcaption", {}, figure.title), ...rows);
    if (figure.form === "parts") node.append(partsKey(figure.rows));
    return node;
  };

  /** Show what is known by the end of a year: later values step back. */
  etk.dateFigure = function (node, year) {
    for (const value of node.querySelectorAll("[data-year]")) {
      value.classList.toggle("etk-later", year !== null && Number(value.dataset.year) > year);
    }
  };

  function valuesRow(row, texts) {
    const values = row.values.map((value) => {
      const attributes = { class: `etk-value etk-value-${value.of}` };
      const year = value.year || Number.parseInt(value.date, 10);
      if (year) attributes["data-year"] = year;
      const node = etk.html("span", attributes, etk.html("b", {}, value.text));
      if (value.year) node.prepend(etk.html("small", {}, texts[`of_${value.of}`].replace("{year}", value.year)));
      const from = [value.source, value.date].filter(Boolean).join(" · ");
      if (from) node.append(etk.html("small", { class: "etk-value-source" }, from));
      return node;
    });
    if (!values.length) values.push(etk.html("span", { class: "etk-value" }, texts.none_stated));
    const node = etk.html("div", { class: "etk-figure-row" },
      etk.html("span", { class: "etk-figure-label" }, row.label), etk.html("span", { class: "etk-values" }, ...values));
    const bar = comparison(row);
    if (bar) node.append(bar);
    return node;
  }

  /** A bar from what was to what is aimed at, drawn only where both are known and of one scale. */
  function comparison(row) {
    const [base, goal] = ["base", "goal"].map((of) => row.values.find((value) => value.of === of)?.value);
    if (!(base >= 0) || !(goal > 0)) return null;
    const most = Math.max(...row.values.map((value) => value.value || 0));
    const share = (value) => `${(100 * value) / most}%`;
    const track = etk.html("span", { class: "etk-bar", "aria-hidden": "true" });
    for (const value of row.values) {
      const part = etk.html("i", { class: `etk-bar-${value.of}`, "data-year": value.year });
      if (value.of === "base") part.style.width = share(value.value);
      else part.style.left = share(value.value);
      track.append(part);
    }
    return track;
  }

  function partsRow(row) {
    const all = row.parts.reduce((sum, part) => sum + part.n, 0);
    const bar = etk.html("span", { class: "etk-parts", role: "img", "aria-label": row.parts.map((part) => `${part.label} ${part.n}`).join(", ") });
    for (const part of row.parts) {
      const piece = etk.html("i", { class: `etk-part etk-part-${part.code.toLowerCase()}` });
      piece.style.flexGrow = part.n;
      if (part.n / all > 0.08) piece.append(part.n.toLocaleString("en"));
      bar.append(piece);
    }
    return etk.html("div", { class: "etk-figure-row etk-parts-row" }, etk.html("span", { class: "etk-figure-label" }, row.label), bar);
  }

  /** Every kind of part once, with its total. */
  function partsKey(rows) {
    const totals = new Map();
    for (const part of rows.flatMap((row) => row.parts)) {
      const entry = totals.get(part.code) || { label: part.label, n: 0 };
      entry.n += part.n;
      totals.set(part.code, entry);
    }
    return etk.html("div", { class: "etk-parts-key" }, ...[...totals].map(([code, { label, n }]) =>
      etk.html("span", {}, etk.html("i", { class: `etk-part etk-part-${code.toLowerCase()}`, "aria-hidden": "true" }), `${label} ${n.toLocaleString("en")}`)));
  }
})();
