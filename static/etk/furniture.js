/* Map furniture: graticule, scale bar, north arrow, coordinates, home and zoom, sources. */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  /* Distances between lines of the graticule, in minutes of arc. */
  const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300];
  const WIDEST_GAP = 190;
  const BEYOND = 0.5;
  /* Where no degrees stand. */
  const TAKEN = ".leaflet-marker-pane .etk-badge, .leaflet-marker-pane .etk-built, .leaflet-control, .etk-panel";
  const MARGIN = 36;

  etk.addFurniture = function (map, source, layers, goHome) {
    const { texts } = source;
    addGraticule(map, texts);
    L.control.zoom({ position: "topleft", zoomInTitle: texts.zoom_in, zoomOutTitle: texts.zoom_out }).addTo(map);
    addControl(map, "topleft", homeButton(texts, goHome));
    addControl(map, "topleft", northArrow(texts));
    const credits = addControl(map, "bottomleft", creditsLine(texts));
    addControl(map, "bottomleft", readout(map, texts));
    L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
    const refresh = () => showCredits(credits, map, layers, texts);
    map.on("etk:layers", refresh);
    map.on("layeradd layerremove", ({ layer }) => layer instanceof L.TileLayer && refresh());
    refresh();
  };

  function addControl(map, position, node) {
    const control = L.control({ position });
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(node);
      return node;
    };
    control.addTo(map);
    return node;
  }

  function homeButton(texts, goHome) {
    const house = etk.svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
      etk.svg("path", { d: "M2 8.2 8 2.8l6 5.4M4 7.2v6h3v-3.4h2v3.4h3v-6", fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linejoin": "round", "stroke-linecap": "round" }));
    const button = etk.html("button", { type: "button", title: texts.home, "aria-label": texts.home }, house);
    button.addEventListener("click", goHome);
    return etk.html("div", { class: "leaflet-bar etk-home" }, button);
  }

  function northArrow(texts) {
    const arrow = etk.svg("svg", { viewBox: "0 0 24 40", width: 24, height: 40, role: "img", "aria-label": texts.north },
      etk.svg("path", { d: "M12 13 5 37l7-5z", fill: "#1f2a30" }),
      etk.svg("path", { d: "M12 13l7 24-7-5z", fill: "#fff", stroke: "#1f2a30", "stroke-width": 0.8 }));
    const letter = etk.svg("text", { x: 12, y: 10, "text-anchor": "middle", class: "etk-north-letter" });
    letter.textContent = texts.north;
    arrow.append(letter);
    return etk.html("div", { class: "etk-north" }, arrow);
  }

  function readout(map, texts) {
    const node = etk.html("output", { class: "etk-readout", "aria-hidden": "true" });
    const show = ({ lat, lng }) => {
      node.textContent = `${lng.toFixed(4)}° ${texts.east}  ${lat.toFixed(4)}° ${texts.north_suffix}  WGS 84`;
    };
    show(map.getCenter());
    map.on("mousemove", (event) => show(event.latlng));
    map.on("move", () => show(map.getCenter()));
    return node;
  }

  function creditsLine(texts) {
    const list = etk.html("div", { class: "etk-credits-list" });
    return etk.html("div", { class: "etk-credits" },
      etk.html("span", { class: "etk-review" }, texts.not_reviewed),
      etk.html("details", {}, etk.html("summary", {}, texts.credits), list));
  }

  /** Name the sources of what is on, as plain text; the one of an online base map always openly. */
  function showCredits(node, map, layers, texts) {
    const items = layers.filter((layer) => layer.on && layer.entry.credit)
      .map((layer) => etk.html("p", {}, etk.html("b", {}, layer.entry.title), ` ${layer.entry.credit}`));
    items.push(etk.html("p", {}, "Leaflet"));
    node.querySelector(".etk-credits-list").replaceChildren(...items);
    const online = [];
    map.eachLayer((layer) => {
      if (layer instanceof L.TileLayer && layer.getAttribution()) online.push(layer.getAttribution());
    });
    map.getContainer().classList.toggle("etk-online", online.length > 0);
    const open = [texts.not_reviewed, ...new Set(online)].join(" · ");
    node.querySelector(".etk-review").textContent = open;
  }

  /** Lines of longitude and latitude with their degrees at the left and upper edge, where no mark stands. */
  function addGraticule(map, texts) {
    const pane = map.getPane("etk-graticule");
    const lines = L.layerGroup([], { pane: "etk-graticule" }).addTo(map);
    const edge = etk.html("div", { class: "etk-degrees", "aria-hidden": "true" });
    map.getContainer().append(edge);
    pane.style.pointerEvents = "none";
    const look = { pane: "etk-graticule", interactive: false, color: "#8fa3ad", weight: 0.6, opacity: 0.65 };

    let zooming = false;
    const every = (from, to, step) => Array.from({ length: Math.max(0, Math.floor(to / step) - Math.ceil(from / step) + 1) }, (_, n) => (Math.ceil(from / step) + n) * step);

    function step() {
      const bounds = map.getBounds();
      const wanted = ((bounds.getEast() - bounds.getWest()) * 60 * WIDEST_GAP) / map.getSize().x;
      return [...STEPS].reverse().find((s) => s <= wanted) || STEPS[0];
    }
    /** Lines reach beyond the window: they are seen there while the map moves. */
    function drawLines() {
      const bounds = map.getBounds().pad(BEYOND);
      const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
      lines.clearLayers();
      for (const m of every(west * 60, east * 60, step())) lines.addLayer(L.polyline([[south, m / 60], [north, m / 60]], look));
      for (const m of every(south * 60, north * 60, step())) lines.addLayer(L.polyline([[m / 60, west], [m / 60, east]], look));
    }
    function drawDegrees() {
      const bounds = map.getBounds();
      const size = map.getSize();
      const at = (lat, lon) => map.latLngToContainerPoint([lat, lon]);
      const inside = (place, length) => place > MARGIN && place < length - MARGIN;
      const longitudes = every(bounds.getWest() * 60, bounds.getEast() * 60, step())
        .map((m) => [m, at(bounds.getNorth(), m / 60).x]).filter(([, x]) => inside(x, size.x));
      const latitudes = every(bounds.getSouth() * 60, bounds.getNorth() * 60, step())
        .map((m) => [m, at(m / 60, bounds.getWest()).y]).filter(([, y]) => inside(y, size.y));
      edge.replaceChildren(
        ...longitudes.map(([m, x]) => mark(angle(m, texts.east), x, null)),
        ...latitudes.map(([m, y]) => mark(angle(m, texts.north_suffix), null, y)),
      );
    }
    function giveWay() {
      const taken = [...map.getContainer().querySelectorAll(TAKEN)].map((node) => node.getBoundingClientRect());
      for (const degree of [...edge.children]) {
        if (taken.some((box) => etk.overlaps(box, degree.getBoundingClientRect()))) degree.remove();
      }
    }
    let frame = 0;
    function request() {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(giveWay);
    }
    const draw = () => { drawLines(); drawDegrees(); request(); };
    map.on("moveend resize", draw);
    map.on("etk:layers etk:controls", () => { drawDegrees(); request(); });
    map.on("zoomstart", () => { zooming = true; edge.replaceChildren(); });
    map.on("zoomend", () => { zooming = false; });
    map.on("move", () => !zooming && drawDegrees()); // dragged; a zoom takes the lines along
    draw();
  }

  function angle(minutes, side) {
    const rest = Math.abs(minutes) % 60;
    return `${Math.floor(Math.abs(minutes) / 60)}°${rest ? `${String(rest).padStart(2, "0")}′` : ""}${side}`;
  }

  function mark(text, x, y) {
    const node = etk.html("span", { class: x === null ? "etk-lat" : "etk-lon" }, text);
    if (x === null) node.style.top = `${y}px`;
    else node.style.left = `${x}px`;
    return node;
  }
})();
