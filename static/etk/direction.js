/* Direction: what the page around asks of the map, and what the reader picked on it.
 *
 * Python (etk_geo/maps/direction.py) sends one document; docs/map.md explains its members. Each
 * member acts when it changes, so that a rerun leaves the reader's view and switches alone.
 */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const MARK = "#c2006b";
  const NEAREST = 13;
  const AROUND_POINT_M = 1500;

  /** Take a direction for a map; before the map is ready it waits. */
  etk.direct = function (map, direction) {
    map.etkDirection = direction;
    map.etkDirector?.take(direction);
  };

  const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  const keyOf = ([layer, id]) => `${layer}/${id}`;

  /** The features that a drawn thing stands for. */
  etk.idsOf = (properties) => properties.ids || (properties.id === undefined ? [] : [properties.id]);

  etk.Director = class {
    constructor(owner) {
      this.owner = owner;
      this.asked = owner.map.etkDirection || {};
      this.done = {};
      this.records = [];
      this.byKey = new Map();
      this.marks = L.layerGroup().addTo(owner.map);
      this.overlay = L.featureGroup().addTo(owner.map);
      this.overlayNames = [];
      this.overlayMarkers = [];
      this.swipe = new etk.Swipe(owner);
      this.shown = null;
      owner.map.etkDirector = this;
    }

    /** Remember a drawn thing: its feature, style, and how to open its card. */
    track(record) {
      this.records.push(record);
      for (const id of etk.idsOf(record.properties)) {
        const key = keyOf([record.layerId, id]);
        this.byKey.set(key, [...(this.byKey.get(key) || []), record]);
      }
      record.layer.on("add", () => this.fade(record));
    }

    /** Several lines drawn as one; it fades unless all of them are shown. */
    trackCourse(layerId, style, layer) {
      const record = { layerId, style, layer, properties: {}, course: true };
      this.records.push(record);
      layer.on("add", () => this.fade(record));
    }

    /** The accuracy drawn around a marker fades with it. */
    trackHalo(layerId, style, layer, properties) {
      const record = { layerId, style, layer, properties, halo: true };
      this.records.push(record);
      layer.on("add", () => this.fade(record));
    }

    find(refs) {
      return [...new Set((refs || []).flatMap((ref) => this.byKey.get(keyOf(ref)) || []))];
    }

    take(direction) {
      this.asked = direction;
      if (this.ready) this.apply();
    }

    /** All layers are drawn: do what was asked meanwhile. */
    start(remembered) {
      this.ready = true;
      this.done = { layers: remembered.askedLayers, camera: remembered.askedCamera };
      if (this.owner.linked) this.done.camera = this.asked.camera;
      this.apply();
    }

    apply() {
      const { asked, done } = this;
      const changed = (name) => !same(asked[name], done[name]);
      const rearrange = changed("shown") || changed("layers") || changed("marked") || changed("overlay");
      if (changed("layers")) this.switchLayers(asked.layers || {});
      if (changed("swipe")) this.swipe.set(asked.swipe);
      if (changed("shown")) this.show(asked.shown);
      if (changed("marked") || changed("shown")) this.mark(asked.marked || []);
      if (changed("overlay")) this.lay(asked.overlay);
      if (rearrange) this.owner.arrange();
      if (changed("card")) this.openCard(asked.card);
      if (asked.camera && changed("camera")) this.look(asked.camera);
      this.done = { ...asked, camera: asked.camera || done.camera };
      this.owner.remember();
      const { dataset } = this.owner.map.getContainer();
      dataset.direction = String(Number(dataset.direction || 0) + 1);
    }

    switchLayers(wanted) {
      for (const layer of this.owner.layers) {
        const on = wanted[layer.entry.id];
        if (on !== undefined && on !== layer.on) layer.turn(on);
      }
      this.owner.legend.refresh();
    }

    /** Fade everything outside the selection; `null` shows all. The base and towns never fade. */
    show(refs) {
      this.shown = refs ? new Set(refs.map(keyOf)) : null;
      this.records.forEach((record) => this.fade(record));
    }

    isShown(layerId, properties, style) {
      if (!this.shown || this.isGround(layerId) || style.label_style === "place") return true;
      return etk.idsOf(properties).some((id) => this.shown.has(keyOf([layerId, id])));
    }

    isGround(layerId) {
      this.ground = this.ground || new Set(this.owner.layers.filter(({ entry }) => entry.group === "base").map(({ entry }) => entry.id));
      return this.ground.has(layerId);
    }

    courseIsShown(course) {
      if (!this.shown || this.isGround(course.layerId)) return true;
      return this.records.every((r) => r.course || r.halo || r.layerId !== course.layerId || r.style !== course.style || this.isShown(r.layerId, r.properties, r.style));
    }

    fade(record) {
      const shown = record.course ? this.courseIsShown(record) : this.isShown(record.layerId, record.properties, record.style);
      const paths = record.layer.getLayers ? record.layer.getLayers() : [record.layer];
      for (const path of paths) {
        const element = path.getElement?.();
        if (element) element.classList.toggle("etk-faded", !shown);
        else path.setStyle?.({ opacity: shown ? 1 : 0.15, fillOpacity: shown ? 0.95 : 0.15 });
      }
    }

    /** Ring the marked features, and redraw selected lines whose common course is faded. */
    mark(refs) {
      const { map, layers } = this.owner;
      this.marks.clearLayers();
      map.getContainer().querySelectorAll(".etk-marked").forEach((node) => node.classList.remove("etk-marked"));
      const marked = this.find(refs);
      const wanted = new Set(refs.map(([layer]) => layer));
      layers.filter((layer) => wanted.has(layer.entry.id) && !layer.on).forEach((layer) => layer.turn(true));
      this.owner.legend.refresh();
      const faded = this.records.filter((record) => record.course && !this.courseIsShown(record));
      for (const course of faded) {
        const on = layers.find((layer) => layer.entry.id === course.layerId).on;
        for (const record of on ? this.records : []) {
          if (record.course || record.halo || record.layerId !== course.layerId || record.style !== course.style) continue;
          if (this.isShown(record.layerId, record.properties, record.style)) this.trace(record, etk.pathOptions(record.style));
        }
      }
      marked.forEach((record) => this.ring(record));
    }

    ring(record) {
      if (record.style.shape === "marker") {
        const element = record.layer.getElement?.();
        if (element) element.classList.add("etk-marked");
        else this.marks.addLayer(L.circleMarker(record.layer.getLatLng(), { pane: "etk-chosen", interactive: false, radius: 9, color: MARK, weight: 3, fill: false }));
        return;
      }
      /* What has no boundary gets none by being chosen. */
      const look = record.style.pattern
        ? { stroke: false, fill: true, fillColor: MARK, fillOpacity: 0.18 }
        : { color: MARK, weight: record.style.weight + 6, opacity: 0.4, fill: false, lineCap: "round" };
      this.trace(record, look);
    }

    trace(record, look) {
      const shape = L.geoJSON(record.feature, { pane: "etk-chosen", style: { ...look, pane: "etk-chosen" }, interactive: false });
      shape.eachLayer((path) => path.on("add", () => path.getElement?.()?.setAttribute("data-traced", etk.idsOf(record.properties)[0])));
      this.marks.addLayer(shape);
    }

    openCard(ref) {
      const [record] = this.find(ref ? [ref] : []);
      if (record && record !== this.open) record.open();
      else if (!record && this.done.card) this.owner.card.dismiss();
    }

    /** Move to features, a box or a view; `turn` asks for the same once more. */
    look({ features, bounds, centre, zoom, seconds }) {
      const { map } = this.owner;
      const options = seconds ? { animate: true, duration: seconds } : { animate: false };
      if (centre) {
        const position = [centre[1], centre[0]];
        if (seconds) map.flyTo(position, zoom, options);
        else map.setView(position, zoom, options);
        return;
      }
      const box = bounds ? L.latLngBounds([bounds[1], bounds[0]], [bounds[3], bounds[2]]) : this.boxOf(features);
      if (!box) return;
      const right = Math.max(this.owner.legend.width(), this.owner.card.width());
      const room = { paddingTopLeft: [70, 40], paddingBottomRight: [(map.getSize().x > 500 ? right : 0) + 30, 50], maxZoom: NEAREST };
      if (seconds) map.flyToBounds(box, { ...room, ...options });
      else map.fitBounds(box, { ...room, ...options });
    }

    boxOf(refs) {
      const box = L.latLngBounds([]);
      for (const record of this.find(refs)) {
        if (record.layer.getLatLng) box.extend(record.layer.getLatLng().toBounds(2 * Math.max(AROUND_POINT_M, record.properties.accuracy_m || 0)));
        else box.extend(record.layer.getBounds());
      }
      this.overlay.eachLayer((layer) => {
        if ((refs || []).some(([layerId, id]) => layerId === "" && id === layer.etkId)) {
          box.extend(layer.getBounds ? layer.getBounds() : layer.getLatLng().toBounds(2 * AROUND_POINT_M));
        }
      });
      return box.isValid() ? box : null;
    }

    /** Set the markers of either side of a swipe apart, each side by itself. */
    placeOverlay(taken) {
      for (const side of ["before", "after"]) {
        etk.placeMarkers(this.owner.map, this.overlayMarkers.filter((entry) => entry.side === side), taken);
      }
    }

    /** Draw the extra features by their roles, with a legend of the roles in use. */
    lay(overlay) {
      this.overlay.clearLayers();
      this.overlayNames = [];
      this.overlayMarkers = [];
      const { roles = {}, features = [], title = "" } = overlay || {};
      for (const feature of features) {
        const style = roles[feature.properties.role];
        const part = style.shape === "marker" ? this.layMarker(feature, style) : this.layShape(feature, style);
        part.etkId = feature.properties.id;
        if (feature.properties.tip) part.bindTooltip(() => etk.html("div", {}, feature.properties.tip), { sticky: style.shape !== "marker", className: "etk-tip etk-tip-lines", opacity: 1 });
        if (feature.properties.id) part.on("click", () => this.pick("", [feature.properties.id]));
        this.overlay.addLayer(part);
        if (feature.properties.name) this.overlayNames.push(etk.nameItem(this.owner, feature, style, part));
      }
      this.owner.legend.setOverlay(title, Object.values(roles));
    }

    layMarker(feature, style) {
      const [lon, lat] = feature.geometry.coordinates;
      const { name = "", accuracy_m: accuracy, id = "", count, side = "", ringed } = feature.properties;
      const at = side ? { pane: etk.sidePane(side) } : {};
      const marker = L.marker([lat, lon], { ...at, icon: etk.markerIcon(style, { count }), zIndexOffset: 20000 + style.z * 1000, alt: name, keyboard: Boolean(id) });
      marker.on("add", () => {
        Object.assign(marker.getElement().dataset, { overlay: id, side, role: feature.properties.role });
        marker.getElement().classList.toggle("etk-marked", Boolean(ringed));
      });
      if (side) this.overlayMarkers.push({ marker, style, side, fixed: false });
      if (!accuracy) return marker;
      const circle = L.circle([lat, lon], { pane: "etk-overlay", ...at, interactive: false, radius: accuracy, color: style.colour, weight: side ? 1 : 1.5, dashArray: "6 4", fillOpacity: side ? 0 : 0.06 });
      const both = L.featureGroup([circle, marker]);
      both.getLatLng = () => marker.getLatLng();
      return both;
    }

    layShape(feature, style) {
      const interactive = Boolean(feature.properties.tip || feature.properties.id);
      const { side = "", ringed } = feature.properties;
      const pane = side ? etk.sidePane(side) : "etk-overlay";
      const draw = (look, acts) => L.geoJSON(feature, { pane, style: { ...look, pane }, interactive: acts });
      const shape = draw(etk.pathOptions(style), interactive);
      shape.eachLayer((path) => path.on("add", () => {
        const element = path.getElement();
        if (element) Object.assign(element.dataset, { overlay: feature.properties.id || "", side, role: feature.properties.role });
      }));
      if (!ringed) return shape;
      const ring = draw({ color: MARK, weight: style.weight + 6, opacity: 0.35, fill: false, lineCap: "round" }, false);
      const both = L.featureGroup([ring, shape]);
      return both;
    }

    /** The reader chose something, or nothing: say so to the page, if it wants to know. */
    pick(layerId, ids) {
      const picked = { features: ids.map((id) => [layerId, id]), turn: Date.now() };
      this.owner.map.fire("etk:pick", picked);
      if (this.asked.report) window.Streamlit?.setComponentValue({ picked });
    }
  };
})();
