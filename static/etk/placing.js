/* Placing: markers that would hide each other are set apart, with a leader to their position. */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const RINGS = [1.15, 2.1, 3.1, 4.2];
  const DIRECTIONS = 12;
  const SMALL = 10;
  const BADGE_PX = 5;

  /** Offsets to try, nearest first; the position itself comes before all. */
  function offsets(size) {
    const tries = [[0, 0]];
    RINGS.forEach((ring, number) => {
      for (let i = 0; i < DIRECTIONS; i += 1) {
        const angle = ((i + (number % 2) / 2) * 2 * Math.PI) / DIRECTIONS;
        tries.push([Math.sin(angle) * size * ring, -Math.cos(angle) * size * ring]);
      }
    });
    return tries;
  }

  function box(point, half) {
    return { left: point.x - half, right: point.x + half, top: point.y - half, bottom: point.y + half };
  }

  etk.overlaps = function (a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  };

  /**
   * Move markers apart for the present zoom.
   *
   * @param map the Leaflet map
   * @param entries {marker, style, fixed}: fixed ones stay where they are and are avoided
   * @param taken boxes in layer pixels that are to stay free
   */
  etk.placeMarkers = function (map, entries, taken = []) {
    const placed = [...taken];
    const order = [...entries].sort((a, b) => b.fixed - a.fixed || b.style.z - a.style.z);
    for (const entry of order) {
      const anchor = map.latLngToLayerPoint(entry.marker.getLatLng());
      /* Small marks may be touched, but not hidden. */
      const small = entry.style.size <= SMALL;
      const badge = !small && entry.properties?.count ? BADGE_PX : 0;
      const half = small ? entry.style.size / 4 : entry.style.size / 2 + 1 + badge;
      let choice = [0, 0];
      if (!entry.fixed) {
        const free = ([dx, dy]) => {
          const own = box(L.point(anchor.x + dx, anchor.y + dy), half);
          return !placed.some((other) => etk.overlaps(own, other));
        };
        choice = offsets(entry.style.size).find(free) || [0, 0];
      }
      placed.push(box(L.point(anchor.x + choice[0], anchor.y + choice[1]), half));
      entry.offset = choice;
      shift(entry);
    }
  };

  function shift({ marker, style, offset }) {
    const icon = marker.getElement();
    if (!icon) return;
    const side = style.size + 6;
    icon.style.marginLeft = `${offset[0] - side / 2}px`;
    icon.style.marginTop = `${offset[1] - side / 2}px`;
    const leader = icon.querySelector(".etk-leader line");
    const moved = offset[0] !== 0 || offset[1] !== 0;
    leader.parentNode.style.display = moved ? "" : "none";
    leader.setAttribute("x2", -offset[0]);
    leader.setAttribute("y2", -offset[1]);
  }
})();
