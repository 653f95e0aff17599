/* The plan map in the browser: fetches the layers, draws them with honest edges, shows their cards.
 *
 * Texts of the data reach the page as text, except `tip` and `card`: ready markup in which Python
 * (etk_geo/maps/escape.py) has escaped every string of the data.
 */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const MEMORY = "etk-plan-map";
  const MANY = 1500;
  /* Heights of the panes: above LAYER_Z the z of symbols.toml (0 to 99), ground below 8. */
  const LAYER_Z = 410;
  const MANY_Z = 12;
  /* How soon the address is mended after the page around has written its own. */
  const ADDRESS_MS = 1000;
  /* What a marker carries reaches beyond it: a count or a tick at its corners, a ring around it. */
  const BADGE_PX = 9;
  const RING_PX = 8;

  /** Start the map; `source` is the map document or its address. */
  etk.start = async function (map, source) {
    const texts = typeof source === "string" ? await fetchJson(source) : source;
    const view = new PlanMap(map, texts);
    etk.current = view;
    await view.load();
  };

  async function fetchJson(address) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    return answer.json();
  }

  class PlanMap {
    constructor(map, source) {
      this.map = map;
      this.source = source;
      const direction = map.etkDirection || {};
      this.memory = direction.memory === null || source.bare ? null : `${MEMORY}-${direction.memory || "map"}`;
      this.remembered = recall(this.memory);
      this.followLink(direction);
      this.halo = { on: this.remembered.halo ?? true, setOn: (on) => this.setHalo(on) };
      const container = map.getContainer();
      container.lang = source.lang === "zh" ? "zh-CN" : "en";
      container.setAttribute("role", "application");
      container.setAttribute("aria-label", source.texts.map_label);
      container.classList.add("etk-map");
      container.classList.toggle("etk-bare", Boolean(source.bare));
      /* Leaflet focuses the map on the first press; the page around must not scroll under the pointer. */
      container.focus = (options) => HTMLElement.prototype.focus.call(container, { ...options, preventScroll: true });
      pane(map, "etk-graticule", LAYER_Z + 8);
      pane(map, "etk-halo", LAYER_Z + 10);
      pane(map, "etk-overlay", 560);
      for (const side of ["before", "after"]) pane(map, etk.sidePane(side), 565);
      pane(map, "etk-chosen", 590);
      this.chosen = L.layerGroup().addTo(map);
      this.director = new etk.Director(this);
      this.layers = source.layers.map((entry) => new PlanLayer(this, entry));
      this.labels = new etk.Labels(map);
      this.card = new etk.CardPanel(map, source.texts, () => {
        this.select(null);
        this.director.open = null;
      }, () => this.director.pick("", []));
      this.legend = etk.addLegend(map, source, this.layers, this.halo);
      etk.addFurniture(map, source, this.layers, () => this.goHome());
      this.lookAgain();
      this.watchSize();
      map.on("zoomstart", () => container.classList.add("etk-zooming"));
      map.on("zoomend", () => container.classList.remove("etk-zooming"));
      map.on("zoomend", () => this.arrange());
      map.on("moveend", () => this.remember());
      map.on("etk:controls", () => this.labels.request());
      if (direction.address) setInterval(() => this.keepAddress(), ADDRESS_MS);
    }

    /** Let a link that this window has not used yet come before what the window remembers. */
    followLink(direction) {
      const link = etk.readAddress(direction);
      this.linked = Boolean(link.text) && link.text !== this.remembered.link;
      this.keeping = Boolean(link.text);
      if (!this.linked) return;
      const { centre, zoom, on } = link;
      this.remembered = { ...this.remembered, link: link.text, ...(centre ? { centre, zoom } : {}) };
      if (on) this.remembered.on = Object.fromEntries(this.source.layers.map(({ id }) => [id, on.includes(id)]));
    }

    /** Show the banner beside the legend, or what was seen last in this window. */
    lookAgain() {
      const { centre, zoom } = this.remembered;
      if (!this.map.etkHome && centre && Number.isFinite(zoom)) this.map.setView(centre, zoom, { animate: false });
      else this.goHome({ animate: false });
    }

    /** Follow the frame's size; until the reader has touched the map, keep showing the banner. */
    watchSize() {
      const { map } = this;
      let untouched = Boolean(map.etkHome) || !this.remembered.centre;
      for (const act of ["wheel", "mousedown", "keydown", "touchstart"]) {
        map.getContainer().addEventListener(act, () => {
          untouched = false;
          this.keeping = true;
        }, { once: true, passive: true });
      }
      new ResizeObserver(([{ contentRect }]) => {
        if (!contentRect.width || !contentRect.height) return; // the frame is being taken away
        map.invalidateSize({ animate: false });
        if (untouched && !this.director.asked.camera) this.goHome({ animate: false });
      }).observe(map.getContainer());
    }

    /** Space that the legend takes from the right side, in pixels; a small map has only what a user brought. */
    legendWidth() {
      if (!this.source.bare) return this.legend.width();
      const panel = this.map.getContainer().querySelector(".etk-brought-legend");
      return panel ? panel.offsetWidth + 12 : 0;
    }

    goHome(options) {
      const wide = this.map.getSize().x > 500;
      const right = wide ? this.legendWidth() : 0;
      this.map.fitBounds(this.map.etkHome || this.source.bounds, {
        paddingTopLeft: [right ? 78 : 30, 22], paddingBottomRight: [right + 6, 46], ...options,
      });
    }

    /** Load all layers at once; one that fails is said in the legend, the others show. */
    async load() {
      await Promise.all(this.layers.map(async (layer) => {
        try {
          const { shapes } = layer.entry;
          layer.draw(typeof shapes === "string" ? await fetchJson(shapes) : shapes);
          if (layer.on) layer.show();
        } catch (error) {
          console.warn(error);
          this.legend.fail(layer.entry.id);
        }
      }));
      this.arrange();
      this.director.start(this.remembered);
      this.labels.update();
      this.map.getContainer().dataset.ready = "true";
      performance.mark("etk-ready");
    }

    setHalo(on) {
      this.halo.on = on;
      this.layers.forEach((layer) => layer.showHalo());
      this.remember();
    }

    /** Set markers apart, fit bands to the zoom, and place the names anew. */
    arrange() {
      const shown = this.layers.filter((layer) => layer.on);
      const movable = shown.flatMap((layer) => layer.markers);
      if (movable.length <= MANY) etk.placeMarkers(this.map, movable);
      shown.forEach((layer) => layer.fitBands());
      const { director } = this;
      director.placeOverlay(movable.map((entry) => this.markerBox(entry)));
      const seen = ({ layerId, properties, style }) => director.isShown(layerId, properties, style);
      const items = [...director.overlayNames, ...shown.flatMap((layer) => layer.names).filter(seen)];
      this.labels.set(items, () => [...movable.filter(seen).map((entry) => this.markerBox(entry)), ...this.controlBoxes()]);
      this.map.fire("etk:layers");
    }

    markerPoint(entry) {
      const [dx, dy] = entry.offset || [0, 0];
      return this.map.latLngToLayerPoint(entry.marker.getLatLng()).add([dx, dy]);
    }

    markerBox(entry) {
      const { x, y } = this.markerPoint(entry);
      const half = entry.style.size / 2 + ringOf(entry);
      const count = entry.properties.count ? BADGE_PX : 0;
      const tick = entry.marker.getElement()?.querySelector(".etk-built") ? BADGE_PX : 0;
      return { left: x - half - tick, right: x + half + count, top: y - half - Math.max(count, tick), bottom: y + half, minor: half <= 5 && !count };
    }

    controlBoxes() {
      const frame = this.map.getContainer().getBoundingClientRect();
      const origin = this.map.containerPointToLayerPoint([0, 0]);
      const controls = this.map.getContainer().querySelectorAll(".leaflet-control, .etk-panel, .etk-degrees span");
      return [...controls].map((control) => {
        const box = control.getBoundingClientRect();
        return {
          left: box.left - frame.left + origin.x, right: box.right - frame.left + origin.x,
          top: box.top - frame.top + origin.y, bottom: box.bottom - frame.top + origin.y,
        };
      });
    }

    /** Draw the accuracy of what is pointed at or chosen. */
    point(layer, properties, style) {
      this.chosen.clearLayers();
      if (!layer.getLatLng) return;
      const look = { pane: "etk-chosen", interactive: false, color: style.colour, weight: 1.8, fillColor: style.colour };
      const circle = (radius, options) => this.chosen.addLayer(L.circle(layer.getLatLng(), { ...look, ...options, radius }));
      if (properties.reach_m) circle(properties.reach_m, { dashArray: "1 6", lineCap: "round", fillOpacity: 0.05 });
      if (properties.accuracy_m) circle(properties.accuracy_m, { dashArray: "6 4", fillOpacity: 0.1 });
    }

    /** Mark a drawn feature as chosen, or none; return its element. */
    select(layer) {
      this.selected?.classList.remove("etk-selected");
      this.selected = layer && (layer.getElement?.() || null);
      this.selected?.classList.add("etk-selected");
      if (!layer) this.chosen.clearLayers();
      return this.selected;
    }

    keepAddress() {
      if (this.keeping) this.remembered.link = etk.writeAddress(this.director.asked, this.map, this.layers, this.director.swipe.chosen);
    }

    /** Keep the view and the switches for this window and, once the reader has acted, in the address. */
    remember() {
      const { done, ready } = this.director;
      this.keepAddress();
      if (!this.memory) return;
      const centre = this.map.getCenter();
      const on = Object.fromEntries(this.layers.map((layer) => [layer.entry.id, layer.on]));
      const { askedLayers, askedCamera } = ready ? { askedLayers: done.layers, askedCamera: done.camera } : this.remembered;
      try {
        sessionStorage.setItem(this.memory, JSON.stringify({ centre: [centre.lat, centre.lng], zoom: this.map.getZoom(), on, halo: this.halo.on, askedLayers, askedCamera, link: this.remembered.link }));
      } catch (error) {
        /* Without storage the map starts from the banner each time. */
      }
    }
  }

  /** How far the ring of a marked marker reaches beyond it, in pixels. */
  function ringOf({ marker }) {
    return marker.getElement()?.classList.contains("etk-marked") ? RING_PX : 0;
  }

  function recall(memory) {
    try {
      return JSON.parse(memory && sessionStorage.getItem(memory)) || {};
    } catch (error) {
      return {};
    }
  }

  function pane(map, name, z) {
    map.createPane(name).style.zIndex = z;
    return name;
  }

  class PlanLayer {
    constructor(owner, entry) {
      this.owner = owner;
      this.entry = entry;
      this.on = owner.remembered.on?.[entry.id] ?? entry.on;
      this.group = L.featureGroup();
      this.halos = L.layerGroup();
      this.markers = [];
      this.names = [];
      this.bands = [];
      this.cards = null;
    }

    setOn(on) {
      this.turn(on);
      this.owner.arrange();
      this.owner.remember();
    }

    /** Switch on or off without arranging what is shown, for one of several at once. */
    turn(on) {
      this.on = on;
      if (on) this.show();
      else {
        this.group.remove();
        this.halos.remove();
      }
    }

    show() {
      this.group.addTo(this.owner.map);
      this.showHalo();
    }

    showHalo() {
      if (this.on && this.owner.halo.on) this.halos.addTo(this.owner.map);
      else this.halos.remove();
    }

    draw(collection) {
      const many = collection.features.length > MANY;
      for (const feature of collection.features) {
        const style = this.entry.styles[feature.properties.style];
        if (style.shape === "marker") this.drawMarker(feature, style, many);
        else if (feature.properties.card === undefined) this.drawCourse(feature, style);
        else this.drawPath(feature, style, many);
      }
    }

    /** Options that put a path of this style at its height; big layers share a canvas. */
    place(style, many) {
      const name = many ? "etk-many" : `etk-${style.z}`;
      const { map } = this.owner;
      if (!map.getPane(name)) pane(map, name, LAYER_Z + (many ? MANY_Z : style.z));
      return many ? { pane: name, renderer: canvasOf(map, name) } : { pane: name };
    }

    drawMarker(feature, style, many) {
      const { properties } = feature;
      const [lon, lat] = feature.geometry.coordinates;
      if (many) {
        const dot = L.circleMarker([lat, lon], {
          ...this.place(style, many), radius: Math.min(5, style.size / 2), color: "#fff", weight: 1, fillColor: style.colour, fillOpacity: 0.95,
        });
        this.explain(dot, feature, style);
        this.group.addLayer(dot);
        return;
      }
      const marker = L.marker([lat, lon], {
        icon: etk.markerIcon(style, properties), zIndexOffset: style.z * 1000, riseOnHover: true, alt: properties.name, keyboard: true,
      });
      marker.on("add", () => {
        marker.getElement().setAttribute("aria-label", properties.name);
        marker.getElement().dataset.feature = properties.id;
      });
      this.explain(marker, feature, style);
      this.group.addLayer(marker);
      const entry = { marker, style, fixed: style.size <= 13, layerId: this.entry.id, properties };
      this.markers.push(entry);
      this.names.push({ text: properties.name, style, anchor: "point", point: () => this.owner.markerPoint(entry), ring: () => ringOf(entry), layerId: this.entry.id, properties });
      if (!properties.accuracy_m) return;
      const circle = halo(lat, lon, properties.accuracy_m, style);
      this.owner.director.trackHalo(this.entry.id, style, circle, properties);
      this.halos.addLayer(circle);
    }

    /** What several features draw in common; each of them has its own grip. */
    drawCourse(feature, style) {
      const look = { ...etk.pathOptions(style), fill: false };
      const course = L.geoJSON(feature, { ...this.place(style, false), style: look, interactive: false });
      this.owner.director.trackCourse(this.entry.id, style, course);
      this.group.addLayer(course);
      if (feature.properties.accuracy_m) this.addBand(feature, style);
    }

    drawPath(feature, style, many) {
      const { properties } = feature;
      const at = this.place(style, many);
      const shape = (options) => L.geoJSON(feature, { ...at, style: { ...etk.pathOptions(style), ...options }, interactive: Boolean(options.interactive), pane: at.pane });
      const outline = style.shape === "line" || style.edge_only;
      if (properties.accuracy_m && !properties.grip && !style.pattern && !many) this.addBand(feature, style);
      if (outline && !many) {
        /* The drawn line is thin: a wide one that is not seen takes the pointer. */
        if (!properties.grip) {
          const drawn = shape({ interactive: false });
          this.owner.director.trackCourse(this.entry.id, style, drawn);
          this.group.addLayer(drawn);
        }
        const grip = shape({ interactive: true, weight: 14, opacity: 0, dashArray: null, fill: false });
        this.explainEach(grip, feature, style);
      } else {
        this.explainEach(shape({ interactive: true }), feature, style);
      }
      if (!many) this.names.push({ ...etk.nameItem(this.owner, feature, style), layerId: this.entry.id });
    }

    explainEach(layer, feature, style) {
      layer.eachLayer((path) => this.explain(path, feature, style));
      this.group.addLayer(layer);
    }

    /** A band as wide as the accuracy, both ways, around a line or an outline. */
    addBand(feature, style) {
      const options = { pane: "etk-halo", interactive: false, color: style.colour, opacity: style.edge_only ? 0.08 : 0.13, fill: false, lineJoin: "round", lineCap: "round" };
      const band = L.geoJSON(feature, { style: options, interactive: false, pane: "etk-halo" });
      this.bands.push({ band, accuracy: feature.properties.accuracy_m });
      this.halos.addLayer(band);
    }

    fitBands() {
      const { map } = this.owner;
      const centre = map.getCenter();
      const metres = 40075016.686 * Math.cos((centre.lat * Math.PI) / 180) / 2 ** (map.getZoom() + 8);
      for (const { band, accuracy } of this.bands) band.setStyle({ weight: (2 * accuracy) / metres });
    }

    /** Tip on pointing, card on choosing; with the keyboard as with the pointer. */
    explain(layer, feature, style) {
      const { owner } = this;
      const { properties } = feature;
      const point = () => owner.point(layer, properties, style);
      layer.bindTooltip(() => this.words(properties, "tip", () => layer.getTooltip()?.update()), {
        sticky: !layer.getLatLng, direction: "auto", className: "etk-tip", opacity: 1,
      });
      layer.on("mouseover focus", () => !owner.card.isOpen && point());
      layer.on("mouseout blur", () => !owner.card.isOpen && owner.chosen.clearLayers());
      const record = { layerId: this.entry.id, feature, properties, style, layer };
      record.open = () => {
        layer.closeTooltip();
        point();
        owner.card.open(this.words(properties, "card"), owner.select(layer));
        owner.director.open = record;
      };
      layer.on("click", () => {
        record.open();
        if (layer.getLatLng) owner.card.uncover(layer.getLatLng());
        owner.director.pick(this.entry.id, etk.idsOf(properties));
      });
      owner.director.track(record);
      layer.on("keypress", (event) => event.originalEvent.key === "Enter" && layer.fire("click"));
      layer.on("add", () => makeReachable(layer, properties));
    }

    /** The tip or the card of a feature; the layer's cards are fetched when first needed. */
    words(properties, member, onReady) {
      const { texts } = this.owner.source;
      const box = etk.html("div", { class: `etk-${member}-box` });
      const fill = (cards) => {
        box.innerHTML = cards[properties.card][member];
      };
      if (this.ready) {
        fill(this.ready);
        return box;
      }
      box.append(member === "tip" ? properties.name : texts.loading);
      this.fetchCards().then((cards) => {
        fill(cards);
        onReady?.();
      }).catch((error) => {
        console.warn(error);
        if (member === "card") box.replaceChildren(etk.html("p", { class: "etk-failed", role: "alert" }, texts.card_failed));
      });
      return box;
    }

    fetchCards() {
      const { cards } = this.entry;
      if (!this.cards) {
        this.cards = (typeof cards === "string" ? fetchJson(cards) : Promise.resolve(cards)).then((list) => (this.ready = list));
        this.cards.catch(() => (this.cards = null));
      }
      return this.cards;
    }
  }

  function canvasOf(map, name) {
    map._etkCanvas = map._etkCanvas || {};
    map._etkCanvas[name] = map._etkCanvas[name] || L.canvas({ pane: name, tolerance: 4 });
    return map._etkCanvas[name];
  }

  /** The name of a drawn feature and the places where it may stand; `part` is a marker's layer. */
  etk.nameItem = function (owner, feature, style, part) {
    const { map } = owner;
    const toPoints = (line) => line.map(([lon, lat]) => map.latLngToLayerPoint([lat, lon]));
    const { type, coordinates } = feature.geometry;
    const parts = type.startsWith("Multi") ? coordinates : [coordinates];
    const item = { text: feature.properties.name, style, properties: feature.properties };
    if (style.shape === "marker") return { ...item, anchor: "point", point: () => map.latLngToLayerPoint(part.getLatLng()) };
    if (style.shape === "line") return { ...item, anchor: "line", lines: () => parts.map(toPoints) };
    const sub = style.pattern === "hatch" ? owner.source.texts.outer_only : "";
    return { ...item, sub, anchor: "area", polygons: () => parts.map((rings) => rings.map(toPoints)) };
  };

  etk.markerIcon = function (style, properties) {
    const box = etk.html("div", { class: "etk-icon" },
      etk.svg("svg", { class: "etk-leader", style: "display:none", width: 1, height: 1, "aria-hidden": "true" },
        etk.svg("line", { x1: 0, y1: 0, x2: 0, y2: 0, stroke: style.colour })),
      etk.markerPicture(style));
    if (properties.count) box.append(etk.html("span", { class: "etk-badge" }, String(properties.count)));
    const side = style.size + 6;
    return L.divIcon({ html: box, className: "etk-marker", iconSize: [side, side] });
  };

  function halo(lat, lon, radius, style) {
    return L.circle([lat, lon], {
      pane: "etk-halo", interactive: false, radius, color: style.colour, weight: 1, opacity: 0.5, dashArray: "4 4", fill: false,
    });
  }

  /** Paths can be reached and opened with the keyboard, as markers can. */
  function makeReachable(layer, properties) {
    const path = layer._path;
    if (!path || path.hasAttribute("tabindex")) return;
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", properties.name);
    path.dataset.feature = properties.id;
    path.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        layer.fire("click");
      }
    });
  }
})();
