/* Card: what is known of the chosen feature, beside the map, so that the view does not move. */
(function () {
  "use strict";
  const etk = (window.etk = window.etk || {});

  /** A panel over the legend; `onDismiss` is called when it goes, `onClose` when the reader closed it. */
  etk.CardPanel = class {
    constructor(map, texts, onDismiss, onClose) {
      this.map = map;
      this.onDismiss = onDismiss;
      this.onClose = onClose;
      this.content = etk.html("div", { class: "etk-panel-content", tabindex: "0" });
      const cross = etk.html("button", { type: "button", class: "etk-panel-close", title: texts.close, "aria-label": texts.close }, "×");
      cross.addEventListener("click", () => this.close());
      this.panel = etk.html("section", { class: "etk-panel", role: "dialog", "aria-label": texts.details, hidden: "" }, cross, this.content);
      this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
      L.DomEvent.disableClickPropagation(this.panel);
      L.DomEvent.disableScrollPropagation(this.panel);
      map.getContainer().append(this.panel);
    }

    get isOpen() {
      return !this.panel.hidden;
    }

    /** Space that the panel takes from the right side of the map, in pixels. */
    width() {
      return this.isOpen ? this.panel.offsetWidth + 12 : 0;
    }

    /** Show content; `from` is the element that gets the focus back. */
    open(content, from) {
      this.from = from;
      this.content.replaceChildren(content);
      this.content.scrollTop = 0;
      this.panel.hidden = false;
      this.content.focus({ preventScroll: true });
      this.map.fire("etk:controls");
    }

    /** Move the map aside where the panel hides a position. */
    uncover(latlng) {
      const { x } = this.map.latLngToContainerPoint(latlng);
      const edge = this.panel.offsetLeft - 40;
      if (x > edge && edge > 80) this.map.panBy([x - edge, 0]);
    }

    /** The reader closes it. */
    close() {
      if (!this.isOpen) return;
      this.dismiss();
      this.onClose();
    }

    /** The page takes it away. */
    dismiss() {
      this.panel.hidden = true;
      this.content.replaceChildren();
      this.onDismiss();
      this.from?.focus?.({ preventScroll: true });
      this.map.fire("etk:controls");
    }
  };
})();
