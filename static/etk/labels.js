/* Labels: names placed one after the other by rank; one that finds no free place is left out. */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const MOST_TRIED = 400;
  const GAP = 2;
  const FARTHER_PX = 9;

  /** Names on the map. Items: {text, sub, style, anchor: "point"|"line"|"area", ...}. */
  etk.Labels = class {
    constructor(map) {
      this.map = map;
      this.items = [];
      this.pane = map.createPane("etk-labels");
      this.sizes = new Map();
      this.frame = 0;
      map.on("zoomend moveend resize", () => this.request());
      map.on("zoomstart", () => this.pane.replaceChildren());
    }

    /** Take the names of the layers that are on, and what they must not cover (functions). */
    set(items, obstacles) {
      this.items = items.sort((a, b) => a.style.label_rank - b.style.label_rank);
      this.obstacles = obstacles;
      this.request();
    }

    request() {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.update());
    }

    update() {
      const zoom = this.map.getZoom();
      const view = this.view();
      const taken = this.obstacles ? this.obstacles() : [];
      const said = new Set();
      const nodes = [];
      let tried = 0;
      for (const item of this.items) {
        const { label_style: kind, label_zoom: from } = item.style;
        if (kind === "none" || zoom < from || tried > MOST_TRIED) continue;
        const name = `${kind} ${item.text}`;
        if (said.has(name)) continue;
        const spots = this.spots(item, view);
        if (!spots.length) continue;
        tried += 1;
        const spot = spots.find((s) => inside(s.box, view) && !taken.some((t) => blocks(t, kind) && etk.overlaps(s.box, t)));
        if (!spot) continue;
        said.add(name);
        taken.push(spot.box);
        nodes.push(this.node(item, spot));
      }
      this.pane.replaceChildren(...nodes);
    }

    /** The part of the layer plane that is seen, in its pixels. */
    view() {
      const size = this.map.getSize();
      const origin = this.map.containerPointToLayerPoint([0, 0]);
      return { left: origin.x, top: origin.y, right: origin.x + size.x, bottom: origin.y + size.y };
    }

    size(item) {
      const key = `${item.style.label_style}|${item.text}|${item.sub || ""}`;
      if (!this.sizes.has(key)) {
        const probe = content(item);
        probe.style.visibility = "hidden";
        this.pane.append(probe);
        this.sizes.set(key, { width: probe.offsetWidth, height: probe.offsetHeight });
        probe.remove();
      }
      return this.sizes.get(key);
    }

    spots(item, view) {
      const find = { point: pointSpots, line: lineSpots, area: areaSpots }[item.anchor];
      return find(item, view, this);
    }

    node(item, spot) {
      const node = content(item);
      node.style.left = `${Math.round(spot.x)}px`;
      node.style.top = `${Math.round(spot.y)}px`;
      if (spot.turn) node.style.transform = `translate(-50%, -50%) rotate(${spot.turn.toFixed(1)}deg)`;
      return node;
    }
  };

  /** The name of a town may cover a small marker; nothing else may cover anything. */
  function blocks(box, kind) {
    return !(box.minor && kind === "place");
  }

  function content(item) {
    const node = etk.html("div", { class: `etk-label etk-label-${item.style.label_style}` }, item.text);
    if (item.style.label_style !== "place") node.style.setProperty("--own", item.style.colour);
    if (item.sub) node.append(etk.html("small", {}, item.sub));
    return node;
  }

  function inside(box, view) {
    return box.left >= view.left && box.right <= view.right && box.top >= view.top && box.bottom <= view.bottom;
  }

  function around(x, y, width, height) {
    return { left: x - width / 2 - GAP, right: x + width / 2 + GAP, top: y - height / 2 - GAP, bottom: y + height / 2 + GAP };
  }

  /** Beside a marker: right, left, above, below, then the corners; then the same a little farther off. */
  function pointSpots(item, view, labels) {
    const anchor = item.point();
    if (!inside({ left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y }, view)) return [];
    const { width, height } = labels.size(item);
    const near = item.style.size / 2 + 3 + (item.ring?.() || 0);
    return [near, near + FARTHER_PX].flatMap((reach) => {
      const [dx, dy] = [reach + width / 2, reach + height / 2];
      return [[dx, 0], [-dx, 0], [0, -dy], [0, dy], [dx, -dy * 0.7], [dx, dy * 0.7], [-dx, -dy * 0.7], [-dx, dy * 0.7]].map(
        ([x, y]) => ({ x: anchor.x + x, y: anchor.y + y, box: around(anchor.x + x, anchor.y + y, width, height) }));
    });
  }

  /** Along a line, where it is straight enough and seen. */
  function lineSpots(item, view, labels) {
    const { width, height } = labels.size(item);
    const spots = [];
    for (const line of item.lines()) {
      const seen = line.filter((p) => p.x >= view.left && p.x <= view.right && p.y >= view.top && p.y <= view.bottom);
      const way = measured(line);
      const total = way[way.length - 1];
      if (total < width * 1.2 || !seen.length) continue;
      for (const share of [0.5, 0.35, 0.65, 0.2, 0.8]) {
        const middle = total * share;
        const [a, b] = [along(line, way, middle - width / 2), along(line, way, middle + width / 2)];
        const chord = Math.hypot(b.x - a.x, b.y - a.y);
        if (chord < width * 0.85) continue;
        let turn = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
        if (turn > 90) turn -= 180;
        if (turn < -90) turn += 180;
        const radians = (turn * Math.PI) / 180;
        for (const side of [-1, 1]) {
          const lift = side * (height / 2 + 3);
          const x = (a.x + b.x) / 2 - Math.sin(radians) * lift;
          const y = (a.y + b.y) / 2 + Math.cos(radians) * lift;
          const w = Math.abs(Math.cos(radians)) * width + Math.abs(Math.sin(radians)) * height;
          const h = Math.abs(Math.sin(radians)) * width + Math.abs(Math.cos(radians)) * height;
          spots.push({ x, y, turn, box: around(x, y, w, h) });
        }
      }
    }
    return spots;
  }

  function measured(line) {
    const way = [0];
    for (let i = 1; i < line.length; i += 1) {
      way.push(way[i - 1] + Math.hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y));
    }
    return way;
  }

  function along(line, way, distance) {
    const wanted = Math.max(0, Math.min(distance, way[way.length - 1]));
    let i = 1;
    while (i < way.length - 1 && way[i] < wanted) i += 1;
    const share = (wanted - way[i - 1]) / (way[i] - way[i - 1] || 1);
    const [a, b] = [line[i - 1], line[i]];
    return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
  }

  /** In the part of an area that is seen, where there is most room. */
  function areaSpots(item, view, labels) {
    const { width, height } = labels.size(item);
    const found = [];
    for (const rings of item.polygons()) {
      const box = bounds(rings[0]);
      const left = Math.max(box.left, view.left), right = Math.min(box.right, view.right);
      const top = Math.max(box.top, view.top), bottom = Math.min(box.bottom, view.bottom);
      if (right - left < width || bottom - top < height) continue;
      const steps = 14;
      for (let i = 1; i < steps; i += 1) {
        for (let j = 1; j < steps; j += 1) {
          const x = left + ((right - left) * i) / steps;
          const y = top + ((bottom - top) * j) / steps;
          if (!contains(rings, x, y)) continue;
          const edge = Math.min(x - view.left, view.right - x, (y - view.top) * 2, (view.bottom - y) * 2);
          found.push({ x, y, room: Math.min(edge, clearance(rings, x, y)), box: around(x, y, width, height) });
        }
      }
    }
    return found.sort((a, b) => b.room - a.room);
  }

  function bounds(ring) {
    const xs = ring.map((p) => p.x), ys = ring.map((p) => p.y);
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  }

  function contains(rings, x, y) {
    let within = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const [a, b] = [ring[i], ring[j]];
        if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) within = !within;
      }
    }
    return within;
  }

  /** Distance to the nearest edge; a step up or down counts double, for names are wide. */
  function clearance(rings, x, y) {
    let least = Infinity;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const [a, b] = [ring[i], ring[j]];
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const share = Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
        least = Math.min(least, Math.hypot(a.x + share * dx - x, (a.y + share * dy - y) * 2));
      }
    }
    return least;
  }
})();
