/* Legend: layer switches with the symbols exactly as drawn, group headings and explanations. */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const NARROW = 720;
  /** Height of scale, position and note, which a narrow map has under the legend, in pixels. */
  const FOOT = 96;

  /**
   * Add the legend.
   *
   * @param map the Leaflet map
   * @param source the map document
   * @param layers drawn layers: {entry, on, setOn(on)}
   * @param halo {on, setOn(on)}
   */
  etk.addLegend = function (map, source, layers, halo) {
    const { texts } = source;
    const extra = etk.html("fieldset", { class: "etk-overlay-legend", hidden: "" });
    const body = etk.html("div", { class: "etk-legend-body", id: "etk-legend-body" }, extra);
    const rows = new Map();
    for (const group of source.groups) {
      const members = layers.filter((layer) => layer.entry.group === group.id);
      if (!members.length) continue;
      const set = etk.html("fieldset", {}, etk.html("legend", {}, group.title));
      for (const layer of members) {
        const row = layerRow(layer, texts);
        rows.set(layer.entry.id, row);
        set.append(row);
      }
      body.append(set);
    }
    body.append(explanations(source, layers, halo));
    body.append(...notShown(source));

    const toggle = etk.html("button", { type: "button", class: "etk-legend-toggle", "aria-controls": "etk-legend-body" });
    const panel = etk.html("section", { class: "etk-legend", "aria-label": texts.legend }, toggle, body);
    const fold = (open) => {
      panel.classList.toggle("etk-folded", !open);
      toggle.setAttribute("aria-expanded", String(open));
      toggle.replaceChildren(texts.legend, etk.html("span", { "aria-hidden": "true" }, open ? "–" : "+"));
      toggle.title = open ? texts.hide_legend : texts.show_legend;
      map.fire("etk:controls");
    };
    toggle.addEventListener("click", () => fold(panel.classList.contains("etk-folded")));

    const control = L.control({ position: "topright" });
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(panel);
      L.DomEvent.disableScrollPropagation(panel);
      return panel;
    };
    control.addTo(map);
    const fit = () => {
      const { x, y } = map.getSize();
      body.style.maxHeight = `${Math.max(120, y - 62 - (x < NARROW ? FOOT : 0))}px`;
    };
    fit();
    map.on("resize", fit);
    fold(!source.folded && map.getSize().x >= NARROW);
    return {
      /** Space that the legend takes from the right side of the map, in pixels. */
      width: () => (panel.classList.contains("etk-folded") ? 0 : panel.offsetWidth + 12),
      /** Bring the switches in line with the layers. */
      refresh: () => {
        for (const layer of layers) {
          const row = rows.get(layer.entry.id);
          if (row) row.querySelector("input").checked = layer.on;
        }
      },
      /** Explain the symbols of the extra features; none hides the part. */
      setOverlay: (title, styles) => {
        extra.hidden = !styles.length;
        extra.replaceChildren(etk.html("legend", {}, title), ...styles.map((style) => etk.html("div", { class: "etk-style" },
          etk.swatch(style), etk.html("span", { class: "etk-name" }, style.label))));
      },
      fail: (id) => rows.get(id)?.append(etk.html("p", { class: "etk-failed", role: "alert" }, texts.load_failed)),
    };
  };

  function layerRow(layer, texts) {
    const { entry } = layer;
    const switchBox = etk.html("input", { type: "checkbox", "data-layer": entry.id });
    switchBox.checked = layer.on;
    switchBox.addEventListener("change", () => layer.setOn(switchBox.checked));
    const label = etk.html("label", {}, switchBox);
    if (entry.styles.length === 1) label.append(etk.swatch(entry.styles[0]));
    label.append(etk.html("span", { class: "etk-name" }, entry.title), etk.html("span", { class: "etk-count" }, count(entry, texts)));
    const row = etk.html("div", { class: "etk-layer" }, label);
    if (entry.styles.length > 1) {
      row.append(...entry.styles.map((style) => etk.html("div", { class: "etk-style" },
        etk.swatch(style), etk.html("span", { class: "etk-name" }, style.label), etk.html("span", { class: "etk-count" }, String(style.count)))));
    }
    if (entry.orientation) row.append(etk.html("p", { class: "etk-note" }, texts.orientation));
    return row;
  }

  /** How many features are on the map, and how many wait for a position. */
  function count(entry, texts) {
    const located = String(entry.count - entry.unlocated);
    return entry.unlocated ? `${located} · ${texts.unlocated.replace("{n}", entry.unlocated)}` : located;
  }

  function explanations(source, layers, halo) {
    const { texts } = source;
    const haloBox = etk.html("input", { type: "checkbox", "data-halo": "" });
    haloBox.checked = halo.on;
    haloBox.addEventListener("change", () => halo.setOn(haloBox.checked));
    const circle = etk.svg("svg", { width: 34, height: 18, "aria-hidden": "true" },
      etk.svg("circle", { cx: 17, cy: 9, r: 7.5, class: "etk-halo-swatch" }));
    const set = etk.html("fieldset", { class: "etk-honest" },
      etk.html("label", {}, haloBox, etk.html("span", { class: "etk-swatch" }, circle), etk.html("span", { class: "etk-name" }, texts.halo)),
      etk.html("p", { class: "etk-note" }, texts.halo_about));
    const styles = layers.flatMap((layer) => layer.entry.styles);
    const said = [
      [styles.some((s) => s.schematic), texts.schematic_about],
      [styles.some((s) => s.pattern === "hatch"), texts.outer_about],
      [styles.some((s) => s.pattern === "dots"), texts.dots_about],
      [styles.some((s) => s.shape === "marker"), texts.moved_about],
    ];
    for (const [needed, sentence] of said) if (needed) set.append(etk.html("p", { class: "etk-note" }, sentence));
    return set;
  }

  function notShown(source) {
    const list = (files, title) =>
      files.length ? [etk.html("div", { class: "etk-withheld", role: "alert" }, etk.html("p", {}, title),
        etk.html("ul", {}, ...files.map((file) => etk.html("li", {}, file))))] : [];
    return [...list(source.withheld, source.texts.withheld), ...list(source.restricted, source.texts.restricted)];
  }
})();
