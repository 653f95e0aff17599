/* Drawing on the plan map: points, lines and areas, changed, moved and taken away again.
 *
 * Leaflet.draw does the drawing; here are our texts and looks, moving a shape as a whole, and a
 * memory that outlasts a change of language or page (the window's session storage).
 */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const MEMORY = "etk-drawing-";
  const PANE = "etk-drawn";
  const COLOUR = "#b3261e";
  const ABOVE = 200000; // what is drawn lies above the markers of the layers
  const TOOLS = { point: "marker", line: "polyline", area: "polygon" };

  /** Put the tools on the map and return the group that holds what is drawn. */
  etk.startDrawing = function (map, setting) {
    speak(setting.texts);
    if (L.LineUtil.isFlat) L.Polyline._flat = L.LineUtil.isFlat; // Leaflet.draw knows the old name
    map.createPane(PANE).style.zIndex = 595;
    const group = L.featureGroup().addTo(map);
    const memory = new Memory(setting.key);
    for (const feature of memory.read() || setting.features) addFeature(group, feature);
    map.addControl(new L.Control.Draw({ position: "topleft", draw: tools(setting), edit: edits(group) }));
    watch(map, group, memory);
    if (setting.live) tellAtOnce(map, group);
    // Once Streamlit listens, it is told what is here already.
    setTimeout(() => map.fire("draw:edited", { layers: L.layerGroup() }), 0);
    return group;
  };

  /** Tell of every dragging while shapes are edited, and of their return when that is cancelled.
   *
   * streamlit-folium waits a quarter of a second for more; a dragging is over when it is over. What
   * it then finds told already it does not tell again.
   */
  function tellAtOnce(map, group) {
    const tell = () => {
      group.eachLayer((layer) => layer.edited && note(map, layer));
      map.fire("draw:edited", { layers: L.layerGroup() });
      const known = window.__GLOBAL_DATA__;
      const told = { all_drawings: group.toGeoJSON().features };
      if (!known || JSON.stringify(known.previous_data) === JSON.stringify(told)) return;
      known.previous_data = told;
      window.Streamlit.setComponentValue(told);
    };
    map.on("draw:editmove draw:editvertex etk:dragged draw:editstop", () => setTimeout(tell, 0));
  }

  function look() {
    return { pane: PANE, color: COLOUR, weight: 3, fillColor: COLOUR, fillOpacity: 0.12, className: "etk-drawn-path" };
  }

  function tools({ shapes, texts }) {
    const error = { color: "#e07b00", message: texts["draw.handlers.polyline.error"], timeout: 2000 };
    const options = {
      marker: { icon: pin(), repeatMode: false, zIndexOffset: ABOVE },
      polyline: { shapeOptions: { ...look(), fill: false }, metric: true, feet: false },
      polygon: { shapeOptions: look(), allowIntersection: false, drawError: error, showArea: true, metric: true, feet: false },
    };
    const draw = { rectangle: false, circle: false, circlemarker: false };
    for (const [shape, tool] of Object.entries(TOOLS)) draw[tool] = shapes.includes(shape) && options[tool];
    return draw;
  }

  function edits(group) {
    return { featureGroup: group, poly: { allowIntersection: false }, edit: { selectedPathOptions: { dashArray: "6 5", fill: true, fillOpacity: 0.18, maintainColor: true } } };
  }

  function pin() {
    return L.divIcon({ className: "etk-pin", iconSize: [18, 18] });
  }

  /** Put our texts in the place of Leaflet.draw's, which are nested by the parts of their names. */
  function speak(texts) {
    for (const [path, text] of Object.entries(texts)) {
      const names = path.split(".");
      const last = names.pop();
      names.reduce((node, name) => node[name], L.drawLocal)[last] = text;
    }
  }

  /** Add a GeoJSON feature, each part of a multiple geometry by itself: only such can be changed. */
  function addFeature(group, feature) {
    for (const geometry of singles(feature.geometry)) {
      const one = { type: "Feature", properties: { ...feature.properties }, geometry };
      L.geoJSON(one, { pane: PANE, style: look(), pointToLayer: (_, latlng) => L.marker(latlng, { icon: pin(), zIndexOffset: ABOVE }) }).eachLayer((layer) => {
        if (layer instanceof L.Polyline && !(layer instanceof L.Polygon)) layer.setStyle({ fill: false });
        group.addLayer(layer);
      });
    }
  }

  function singles(geometry) {
    if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(singles);
    if (!geometry.type.startsWith("Multi")) return [geometry];
    return geometry.coordinates.map((coordinates) => ({ type: geometry.type.slice(5), coordinates }));
  }

  function watch(map, group, memory) {
    const container = map.getContainer();
    const busy = (name, on) => () => container.classList.toggle(name, on);
    map.on("draw:drawstart", busy("etk-drawing", true)).on("draw:drawstop", busy("etk-drawing", false));
    for (const act of ["edit", "delete"]) {
      map.on(`draw:${act}start`, busy("etk-editing", true)).on(`draw:${act}stop`, busy("etk-editing", false));
    }
    // Before Streamlit's own listeners, which read the group.
    map.on("draw:created", ({ layer }) => {
      note(map, layer);
      group.addLayer(layer);
      memory.write(group);
    });
    map.on("draw:edited", ({ layers }) => {
      layers.eachLayer((layer) => note(map, layer));
      memory.write(group);
    });
    map.on("draw:deleted", () => memory.write(group));
    const movers = new Map();
    map.on("draw:editstart", () => group.eachLayer((layer) => layer.getLatLngs && movers.set(layer, movable(map, layer))));
    map.on("draw:editstop", () => {
      movers.forEach((stop) => stop());
      movers.clear();
    });
  }

  /** Note how coarse the view was in which a shape was drawn: no point is better than the pointer. */
  function note(map, layer) {
    const feature = (layer.feature = layer.feature || { type: "Feature", properties: {} });
    const centre = map.getCenter();
    const metres = (40075016.686 * Math.cos((centre.lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
    const before = feature.properties.metres_per_pixel || 0;
    feature.properties.metres_per_pixel = Math.max(before, Number(metres.toPrecision(4)));
    feature.properties.redrawn = true;
  }

  /** Let a line or an area be dragged as a whole while shapes are edited; return how to stop. */
  function movable(map, layer) {
    const start = (event) => {
      L.DomEvent.stop(event);
      map.dragging.disable();
      let last = event.latlng;
      const move = ({ latlng }) => {
        shift(layer, last, latlng);
        last = latlng;
      };
      const end = () => {
        map.off("mousemove", move).off("mouseup", end);
        map.dragging.enable();
        layer.editing.updateMarkers();
        layer.edited = true;
        map.fire("etk:dragged");
      };
      map.on("mousemove", move).on("mouseup", end);
    };
    layer.on("mousedown", start);
    return () => layer.off("mousedown", start);
  }

  /** Move every corner from one place to another; east to west keeps its length in metres. */
  function shift(layer, from, to) {
    const cos = (lat) => Math.cos((lat * Math.PI) / 180);
    const stretch = cos(from.lat) / cos(to.lat);
    const corners = [layer.getLatLngs()].flat(Infinity);
    for (const corner of corners) {
      corner.lng = to.lng + (corner.lng - from.lng) * stretch;
      corner.lat += to.lat - from.lat;
    }
    layer._bounds = L.latLngBounds(corners);
    layer.redraw();
  }

  class Memory {
    constructor(key) {
      this.key = MEMORY + key;
    }

    read() {
      try {
        return JSON.parse(sessionStorage.getItem(this.key));
      } catch (error) {
        return null;
      }
    }

    write(group) {
      try {
        sessionStorage.setItem(this.key, JSON.stringify(group.toGeoJSON(7).features));
      } catch (error) {
        /* Without storage a drawing lasts as long as the map is shown. */
      }
    }
  }
})();
