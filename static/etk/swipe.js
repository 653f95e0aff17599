/* Swipe: a divider over the map. What belongs to either side is drawn in a pane of its own, which is
 * cut off at the divider. Moved by pointer or, once it has the focus, by the keyboard.
 */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});
  const SIDES = ["before", "after"];
  const STEPS = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 };
  const FAR = 100000;

  etk.sidePane = (side) => `etk-${side}`;

  etk.Swipe = class {
    constructor(owner) {
      this.owner = owner;
      /* What the reader or a link has set, in percent of the width; null while it is in the middle. */
      const direction = owner.map.etkDirection || {};
      this.chosen = direction.swipe ? etk.readSwipe(direction) : null;
      this.node = null;
      owner.map.on("move zoom viewreset resize zoomend", () => this.cut());
      owner.map.on("zoomanim", () => this.cut());
    }

    /** Show the divider with its words, or take it away. */
    set(words) {
      if (!words) {
        this.node?.remove();
        this.node = null;
        this.chosen = null;
        this.cut();
        return;
      }
      if (!this.node) this.build();
      const { slider } = this;
      slider.setAttribute("aria-label", words.label);
      SIDES.forEach((side) => (this.titles[side].textContent = words[side]));
      this.cut();
    }

    build() {
      const { map } = this.owner;
      this.titles = Object.fromEntries(SIDES.map((side) => [side, etk.html("span", { class: `etk-swipe-title etk-swipe-${side}` })]));
      const handle = etk.html("span", { class: "etk-swipe-handle", "aria-hidden": "true" }, "◂ ▸");
      this.slider = etk.html("div", {
        class: "etk-swipe-line", role: "slider", tabindex: "0", "aria-orientation": "horizontal", "aria-valuemin": "0", "aria-valuemax": "100",
      }, handle);
      this.node = etk.html("div", { class: "etk-swipe" }, this.titles.before, this.slider, this.titles.after);
      map.getContainer().append(this.node);
      L.DomEvent.disableClickPropagation(this.slider);
      this.slider.addEventListener("keydown", (event) => this.key(event));
      this.slider.addEventListener("pointerdown", (event) => this.grasp(event));
    }

    /** Where the divider is, in percent of the width: at first in the middle of what the legend leaves. */
    at() {
      if (this.chosen !== null) return this.chosen;
      const width = this.owner.map.getSize().x || 1;
      return Math.round(50 * (1 - this.owner.legendWidth() / width));
    }

    key(event) {
      const step = STEPS[event.key];
      if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.move(this.at() + step);
    }

    grasp(event) {
      event.preventDefault();
      this.slider.focus({ preventScroll: true });
      this.slider.setPointerCapture(event.pointerId);
      const follow = ({ clientX }) => {
        const box = this.owner.map.getContainer().getBoundingClientRect();
        this.move((100 * (clientX - box.left)) / box.width);
      };
      const release = () => {
        this.slider.removeEventListener("pointermove", follow);
        this.owner.remember();
      };
      this.slider.addEventListener("pointermove", follow);
      this.slider.addEventListener("pointerup", release, { once: true });
      this.slider.addEventListener("pointercancel", release, { once: true });
    }

    move(percent) {
      this.chosen = Math.round(Math.min(100, Math.max(0, percent)));
      this.owner.keeping = true;
      this.cut();
      this.owner.keepAddress();
    }

    /** Cut either side's pane at the divider; a pane has the origin of the layers, not of the window. */
    cut() {
      const { map } = this.owner;
      const panes = SIDES.map((side) => map.getPane(etk.sidePane(side)));
      if (!this.node) {
        panes.forEach((pane) => pane && (pane.style.clipPath = ""));
        return;
      }
      const percent = this.at();
      this.slider.style.left = `${percent}%`;
      this.slider.setAttribute("aria-valuenow", String(percent));
      this.slider.setAttribute("aria-valuetext", `${this.titles.before.textContent} ${percent}%, ${this.titles.after.textContent} ${100 - percent}%`);
      this.titles.before.style.right = `${100 - percent}%`;
      this.titles.after.style.left = `${percent}%`;
      const { x } = map.containerPointToLayerPoint([(map.getSize().x * percent) / 100, 0]);
      const strip = (from, to) => `polygon(${from}px ${-FAR}px, ${to}px ${-FAR}px, ${to}px ${FAR}px, ${from}px ${FAR}px)`;
      panes[0].style.clipPath = strip(-FAR, x);
      panes[1].style.clipPath = strip(x, FAR);
    }
  };
})();
