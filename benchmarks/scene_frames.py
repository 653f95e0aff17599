"""How smoothly the player's camera moves, against a plain Leaflet map that makes the same moves.

Every story is opened as its hand-out at 1920 x 1080, and its scenes are gone through with the
camera's own speed. The plain map stands in the same page: the layers of the scene as ``L.geoJSON``
with circle markers and tooltips, the way ``folium.GeoJson`` writes them, no names, legend,
graticule or uncertainty bands; it flies from the same view to the same view in the same time.

Printed by story: frames per second while the camera moves, the longest wait for a frame (median
and worst over the scenes), and the ratio to the plain map. The browser draws without a graphics
card, so that only the ratio means anything elsewhere.

Run: ``python -m benchmarks.scene_frames [STORY ...]``. Needs Chromium and ``python run.py setup``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from shapely.geometry import mapping

from etk_geo.handout.content import handout_document
from etk_geo.handout.page import handout_page
from etk_geo.stories.material import Material
from etk_geo.stories.reading import read_stories
from etk_geo.workspace import Workspace, open_workspace

ROOT = Path(__file__).resolve().parents[1]
DAY = date(2026, 3, 16)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")

PLAYED = """
async () => {
  const { player } = etk;
  const { map } = player;
  const view = () => ({ at: [map.getCenter().lat, map.getCenter().lng], zoom: map.getZoom() });
  const moves = [];
  for (let number = 1; number < player.scenes.length; number += 1) {
    const from = view();
    const waits = await watched(map, () => player.go(number));
    moves.push({ id: player.scenes[number].id, from, to: view(), waits });
  }
  return moves;
}
"""

PLAIN = """
async ([moves, layers]) => {
  const box = document.createElement("div");
  box.style.cssText = "position: fixed; inset: 0; z-index: 99999; background: #fff";
  document.body.append(box);
  const map = L.map(box, { zoomSnap: 0 });
  const options = {
    pointToLayer: (_, at) => L.circleMarker(at, { radius: 5 }),
    onEachFeature: (feature, layer) => layer.bindTooltip(feature.properties.name),
  };
  const drawn = Object.entries(layers).map(([id, features]) => [id, L.geoJSON(features, options)]);
  const waits = [];
  for (const { from, to, on } of moves) {
    map.setView(from.at, from.zoom, { animate: false });
    drawn.forEach(([id, layer]) => (on.includes(id) ? layer.addTo(map) : layer.remove()));
    await new Promise((done) => setTimeout(done, 200));
    const flight = { animate: true, duration: %(seconds)s };
    waits.push(await watched(map, () => map.flyTo(to.at, to.zoom, flight)));
  }
  map.remove();
  box.remove();
  return waits;
}
"""

WATCHED = """
() => { window.watched = async (map, act) => {
  const times = [];
  let on = true;
  const tick = (time) => { times.push(time); if (on) requestAnimationFrame(tick); };
  const moved = new Promise((done) => { map.once("moveend", done); setTimeout(done, 5000); });
  requestAnimationFrame(tick);
  act();
  await moved;
  on = false;
  return times.slice(1).map((time, number) => time - times[number]);
}; }
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="*", help="ids; all by default")
    wanted = parser.parse_args().stories
    workspace = open_workspace(ROOT)
    material = Material(workspace, DAY)
    stories = {one.id: one.story for one in read_stories(material) if one.story}
    plain = {layer: plain_features(workspace, layer) for layer in workspace.catalog.layers}
    seconds = move_seconds()
    print(
        f"{'story':>14} {'map':>6} {'moves':>6} {'frames/s':>9} {'longest ms':>11} {'worst ms':>9}"
    )
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("ETK_BROWSER") or shutil.which("chromium"),
            args=list(FLAGS),
        )
        for name in wanted or stories:
            story = stories[name]
            file = Path(folder) / f"{name}.html"
            file.write_bytes(handout_page(handout_document(material, "zh", story), ROOT))
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.goto(file.as_uri())
            page.locator(".etkp[data-ready]").wait_for()
            page.evaluate(WATCHED)
            moves = [move for move in page.evaluate(PLAYED) if move["from"] != move["to"]]
            on = {scene.id: [*scene.layers] for scene in story.scenes}
            asked = [{**move, "on": on[move["id"]]} for move in moves]
            waits = page.evaluate(PLAIN % {"seconds": seconds}, [asked, plain])
            ours = figures([move["waits"] for move in moves])
            theirs = figures(waits)
            print(LINE.format(story=name, map="player", moves=len(moves), **ours))
            print(LINE.format(story=name, map="plain", moves=len(moves), **theirs))
            ratio = {key: ours[key] / theirs[key] for key in ours}
            print(RATIO.format(story=name, map="ratio", **ratio), flush=True)
            page.close()
        browser.close()


LINE = "{story:>14} {map:>6} {moves:>6} {rate:9.1f} {longest:11.0f} {worst:9.0f}"
RATIO = "{story:>14} {map:>6} {rate:16.2f} {longest:11.2f} {worst:9.2f}"


def plain_features(workspace: Workspace, layer: str) -> list[dict[str, Any]]:
    """Return a layer's features with what their tooltip shows."""
    located = workspace.catalog.layers[layer].located
    return [
        {"type": "Feature", "properties": {"name": name}, "geometry": mapping(geometry)}
        for name, geometry in zip(located["name_zh"], located.geometry, strict=True)
    ]


def move_seconds() -> str:
    """Return how long the player's camera moves, from its source."""
    source = (ROOT / "static/etk/player.js").read_text(encoding="utf-8")
    return source.split("MOVE_SECONDS =")[1].split(";")[0].strip()


def figures(moves: list[list[float]]) -> dict[str, float]:
    """Frames per second, and the longest wait of a move: median and worst."""
    longest = [max(waits) for waits in moves if waits]
    waits = [wait for move in moves for wait in move]
    return {
        "rate": 1000 * len(waits) / sum(waits),
        "longest": statistics.median(longest),
        "worst": max(longest),
    }


if __name__ == "__main__":
    main()
