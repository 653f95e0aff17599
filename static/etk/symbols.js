/* Symbols: one drawing for the map and for its legend. */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const SVG = "http://www.w3.org/2000/svg";

  /** Create an SVG element. */
  etk.svg = function (name, attributes, ...children) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };

  /** Create an HTML element; strings among the children become text, never markup. */
  etk.html = function (name, attributes, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };

  function corners(count, start, radius, inner) {
    const steps = inner ? count * 2 : count;
    const points = [];
    for (let i = 0; i < steps; i += 1) {
      const angle = ((start + (360 / steps) * i) * Math.PI) / 180;
      const reach = inner && i % 2 ? inner * radius : radius;
      points.push(`${(Math.sin(angle) * reach).toFixed(2)},${(-Math.cos(angle) * reach).toFixed(2)}`);
    }
    return points.join(" ");
  }

  const POLYGONS = {
    square: (r) => corners(4, 45, r * 1.18),
    diamond: (r) => corners(4, 0, r * 1.15),
    triangle: (r) => corners(3, 0, r * 1.2),
    triangle_down: (r) => corners(3, 180, r * 1.2),
    pentagon: (r) => corners(5, 0, r * 1.08),
    hexagon: (r) => corners(6, 30, r * 1.05),
    star: (r) => corners(5, 0, r * 1.25, 0.48),
    cross: (r) => {
      const [a, b] = [r, r * 0.36];
      return [[-b, -a], [b, -a], [b, -b], [a, -b], [a, b], [b, b], [b, a], [-b, a], [-b, b], [-a, b], [-a, -b], [-b, -b]].join(" ");
    },
  };

  /** The mark itself, around 0,0. */
  function mark(style) {
    const radius = style.size / 2;
    const look = { fill: style.colour, stroke: "#fff", "stroke-width": 1.5, "stroke-linejoin": "round" };
    if (style.marker === "ring") {
      return etk.svg("g", {},
        etk.svg("circle", { r: radius - 1, fill: "#fff", stroke: style.colour, "stroke-width": 2 }),
        etk.svg("circle", { r: Math.max(1.5, radius - 4.5), fill: style.colour }));
    }
    const polygon = POLYGONS[style.marker];
    if (polygon) return etk.svg("polygon", { points: polygon(radius), ...look });
    return etk.svg("circle", { r: radius, ...look });
  }

  /** A marker as an SVG picture. */
  etk.markerPicture = function (style) {
    const side = style.size + 6;
    return etk.svg("svg", {
      width: side, height: side, viewBox: `${-side / 2} ${-side / 2} ${side} ${side}`,
      class: "etk-mark", "aria-hidden": "true",
    }, mark(style));
  };

  let definitions = null;

  /** Address of the fill pattern of an area, made when first needed. */
  function patternAddress(style) {
    const id = `etk-${style.pattern}-${style.colour.slice(1)}`;
    if (!definitions) {
      definitions = etk.svg("defs");
      document.body.append(etk.svg("svg", { width: 0, height: 0, style: "position:absolute", "aria-hidden": "true" }, definitions));
    }
    if (!definitions.querySelector(`#${id}`)) {
      const hatch = style.pattern === "hatch";
      const side = hatch ? 9 : 8;
      const content = hatch
        ? etk.svg("path", { d: `M0 0V${side}`, stroke: style.colour, "stroke-width": 1.6 })
        : etk.svg("circle", { cx: side / 2, cy: side / 2, r: 1.1, fill: style.colour });
      definitions.append(etk.svg("pattern", {
        id, width: side, height: side, patternUnits: "userSpaceOnUse",
        patternTransform: hatch ? "rotate(45)" : "rotate(30)",
      }, content));
    }
    return `url(#${id})`;
  }

  /** Leaflet's path options of a line or an area. */
  etk.pathOptions = function (style) {
    if (style.shape === "line") {
      return { color: style.colour, weight: style.weight, dashArray: style.dash || null, opacity: 0.9, lineCap: style.dash ? "butt" : "round", fill: false };
    }
    if (style.pattern) {
      return { stroke: false, fill: true, fillColor: patternAddress(style), fillOpacity: style.fill };
    }
    return {
      color: style.colour, weight: style.weight, dashArray: style.dash || null, opacity: 0.9,
      fill: style.fill > 0, fillColor: style.fill_colour || style.colour, fillOpacity: style.fill, className: "etk-area",
    };
  };

  /** A small picture of a style for the legend, from the very options that the map uses. */
  etk.swatch = function (style) {
    if (style.shape === "marker") {
      const box = etk.html("span", { class: "etk-swatch" });
      box.append(etk.markerPicture(style));
      return box;
    }
    const options = etk.pathOptions(style);
    const look = {
      stroke: options.stroke === false ? "none" : options.color, "stroke-width": options.weight || 0,
      "stroke-opacity": options.opacity || 1, fill: options.fill ? options.fillColor : "none", "fill-opacity": options.fillOpacity || 1,
    };
    if (options.dashArray) look["stroke-dasharray"] = options.dashArray;
    const form = style.shape === "line"
      ? etk.svg("path", { d: "M1 9H33", ...look })
      : etk.svg("rect", { x: 2, y: 2, width: 30, height: 14, ...look });
    return etk.html("span", { class: "etk-swatch" }, etk.svg("svg", { width: 34, height: 18, "aria-hidden": "true" }, form));
  };
})();
