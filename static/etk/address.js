/* Address: the view and the layers in the address of the page around the map.
 *
 * The map writes them itself, so that moving it reruns nothing. Streamlit does not learn of it and
 * puts older values back when it writes the address; so the map looks after them as long as it is
 * shown, and takes a view from the address only if this window has not used it before.
 */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const VIEW = "view";
  const LAYERS = "layers";
  const SWIPE = "swipe";

  /** The window of the page around the map, if the map may use its address. */
  function page(direction) {
    if (!direction.address || window.parent === window) return null;
    try {
      return window.parent.location.search === undefined ? null : window.parent;
    } catch (error) {
      return null; // shown inside a page of another host
    }
  }

  /** Return what the address asks for: {text, centre, zoom, on}, or an empty object. */
  etk.readAddress = function (direction) {
    const around = page(direction);
    const values = new URLSearchParams(around ? around.location.search : "");
    if (!values.has(VIEW) && !values.has(LAYERS)) return {};
    const asked = { text: `${values.get(VIEW)} ${values.get(LAYERS)}` };
    const view = (values.get(VIEW) || "").split(",").map(Number);
    if (view.length === 3 && view.every(Number.isFinite) && Math.abs(view[0]) <= 180 && Math.abs(view[1]) < 86) {
      asked.centre = [view[1], view[0]];
      asked.zoom = view[2];
    }
    if (values.has(LAYERS)) asked.on = values.get(LAYERS).split(",");
    return asked;
  };

  /** Return where the address puts the divider of a swipe, 0 to 100, or null. */
  etk.readSwipe = function (direction) {
    const around = page(direction);
    const text = around && new URLSearchParams(around.location.search).get(SWIPE);
    return text && /^\d{1,3}$/.test(text) && Number(text) <= 100 ? Number(text) : null;
  };

  /** Put the view and, unless they are as usual, the layers and the divider into the address. */
  etk.writeAddress = function (direction, map, layers, swipe) {
    const around = page(direction);
    if (!around) return null;
    const { lat, lng } = map.getCenter();
    const { pathname, search, hash } = around.location;
    const values = new URLSearchParams(search);
    values.set(VIEW, `${lng.toFixed(5)},${lat.toFixed(5)},${map.getZoom()}`);
    if (layers.every((layer) => layer.on === layer.entry.on)) values.delete(LAYERS);
    else values.set(LAYERS, layers.filter((layer) => layer.on).map((layer) => layer.entry.id).join(","));
    if (swipe === null) values.delete(SWIPE);
    else values.set(SWIPE, String(swipe));
    const wanted = `?${values.toString().replaceAll("%2C", ",")}`;
    if (wanted !== search) around.history.replaceState(around.history.state, "", pathname + wanted + hash);
    return `${values.get(VIEW)} ${values.get(LAYERS)}`;
  };
})();
