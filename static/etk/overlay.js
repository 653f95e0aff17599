/* What a user brought, over the plan map: shapes by colour and number, with a legend of its own.
 *
 * Every string of the data reaches the page as text.
 */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const PANE = "etk-brought";
  const MANY = 400;

  /**
   * Draw an overlay; it goes when its group is taken off the map.
   *
   * @param map the Leaflet map
   * @param group the layer group that stands for the overlay
   * @param overlay {title, note, fit, entries: [{number, title, colour, dash, note, position, features}]}
   */
  etk.showOverlay = function (map, group, overlay) {
    if (!map.getPane(PANE)) map.createPane(PANE).style.zIndex = 585;
    const total = overlay.entries.reduce((sum, entry) => sum + entry.features.length, 0);
    const renderer = total > MANY ? L.canvas({ pane: PANE, padding: 0.2 }) : L.svg({ pane: PANE });
    const layers = overlay.entries.map((entry) => draw(entry, renderer));
    layers.forEach((layer) => group.addLayer(layer));
    const legend = makeLegend(map, overlay, layers, group);
    if (map.hasLayer(group)) legend.addTo(map);
    group.on("add", () => legend.addTo(map)).on("remove", () => {
      legend.remove();
      if (map.etkHome === overlay.fit) delete map.etkHome;
    });
    if (!overlay.fit) return;
    map.etkHome = overlay.fit;
    etk.current?.goHome({ animate: false });
  };

  function draw(entry, renderer) {
    const look = { pane: PANE, renderer, color: entry.colour, weight: 2, dashArray: entry.dash || null, fillColor: entry.colour, fillOpacity: 0.12, bubblingMouseEvents: false };
    const layer = L.layerGroup();
    for (const { name, geometry } of entry.features) {
      const shape = L.geoJSON(geometry, {
        pane: PANE, style: geometry.type.endsWith("LineString") ? { ...look, fill: false } : look,
        pointToLayer: (_, latlng) => L.circleMarker(latlng, { ...look, radius: 5, fillOpacity: 0.6 }),
      });
      shape.bindTooltip(() => etk.html("div", {}, name || entry.title), { sticky: true, className: "etk-tip", opacity: 1 });
      layer.addLayer(shape);
    }
    if (entry.position) {
      const [lon, lat] = entry.position;
      const badge = L.divIcon({ className: "etk-brought-mark", html: mark(entry), iconSize: [22, 22], iconAnchor: [-2, 24] });
      layer.addLayer(L.circleMarker([lat, lon], { ...look, radius: 6, weight: 3, interactive: false, dashArray: null }));
      layer.addLayer(L.marker([lat, lon], { icon: badge, interactive: false, keyboard: false, pane: PANE }));
    }
    return layer;
  }

  function mark(entry) {
    const node = etk.html("span", { class: "etk-brought-number" }, String(entry.number));
    node.style.background = entry.colour;
    return node;
  }

  function makeLegend(map, overlay, layers, group) {
    const rows = overlay.entries.map((entry, i) => row(entry, layers[i], group));
    const notes = overlay.note ? [etk.html("p", { class: "etk-note" }, overlay.note)] : [];
    const panel = etk.html("section", { class: "etk-brought-legend", "aria-label": overlay.title }, etk.html("strong", {}, overlay.title), ...rows, ...notes);
    const control = L.control({ position: map.getContainer().classList.contains("etk-bare") ? "bottomright" : "bottomleft" });
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(panel);
      L.DomEvent.disableScrollPropagation(panel);
      return panel;
    };
    return control;
  }

  function row(entry, layer, group) {
    const box = etk.html("input", { type: "checkbox", checked: "" });
    box.addEventListener("change", () => (box.checked ? group.addLayer(layer) : group.removeLayer(layer)));
    const line = etk.html("span", { class: "etk-brought-line" });
    line.style.borderTop = `3px ${entry.dash ? "dashed" : "solid"} ${entry.colour}`;
    const sign = entry.number ? mark(entry) : line;
    const label = etk.html("label", {}, box, sign, ...(entry.number ? [line] : []), etk.html("span", { class: "etk-name" }, entry.title));
    return etk.html("div", {}, label, ...(entry.note ? [etk.html("p", { class: "etk-note" }, entry.note)] : []));
  }
})();
