"""What a hand-out holds: map, story, tables, sources, what was left out, and the player's texts.

A layer that is restricted is never in it; its title is, with the word that it was left out.
Nothing of the session is: no key of an online map, no path of this computer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etk_geo import __version__
from etk_geo.i18n import text, texts
from etk_geo.maps.display import inline_display
from etk_geo.model import Lang
from etk_geo.stories.document import (
    camera_document,
    layers_on,
    source_list,
    story_document,
    targets_table,
    times,
)
from etk_geo.stories.material import Material
from etk_geo.stories.model import Camera, Story
from etk_geo.wording import Words

KEYS = ("next", "back", "jump", "notes", "second", "auto", "explore", "overview", "black")
KEYS_ALWAYS = ("sources", "full", "leave", "help")


@dataclass(frozen=True)
class View:
    """How a hand-out of the map opens.

    Attributes
    ----------
    layers
        Ids of the layers that are on; ``None``: as the registry says.
    camera
        Where it looks; a camera that names nothing looks at the whole banner.
    title, about
        Heading and a few words below it; empty: the title of the app, and nothing.
    """

    layers: tuple[str, ...] | None = None
    camera: Camera = field(default_factory=Camera)
    title: str = ""
    about: str = ""


@dataclass(frozen=True)
class Addition:
    """What a hand-out shows besides the plan: layers of its own, on top, and tables."""

    layers: Sequence[Mapping[str, Any]] = ()
    tables: Sequence[Mapping[str, Any]] = ()
    title: str = ""
    about: str = ""


@dataclass(frozen=True)
class Setting:
    """Where the page is shown: the address that Esc goes home to, and the kiosk's patience."""

    home: str = ""
    idle_s: float = 0


def handout_document(
    material: Material,
    lang: Lang,
    shown: Story | View,
    *,
    addition: Addition | None = None,
    setting: Setting | None = None,
) -> dict[str, Any]:
    """Return everything that the page needs, as JSON values.

    Parameters
    ----------
    material
        What is shown.
    lang
        Language of the page.
    shown
        A story to be played, or a view of the map.
    addition
        Layers and tables besides the plan's, as of a screening.
    setting
        Where the page is shown; ``None`` for a file that is handed out.
    """
    added = addition or Addition()
    place = setting or Setting()
    workspace = material.workspace
    words = Words(workspace.plan, lang)
    plan_map = inline_display(workspace.catalog, workspace.plan, lang)
    plan_map["layers"] = [*added.layers, *plan_map["layers"]]
    story = shown if isinstance(shown, Story) else None
    view = shown if isinstance(shown, View) else View()
    plan_map["folded"] = story is not None
    told = story_document(story, material, lang) if story else None
    sources = workspace.plan.sources["id"]
    return {
        "lang": lang,
        "title": told["title"] if told else view.title or added.title or words.say("app.title"),
        "about": told["about"] if told else view.about or added.about,
        "map": plan_map,
        "story": told,
        "direction": _direction(view, material),
        "times": times(material, lang),
        "tables": [*added.tables, _targets(material, words)],
        "sources": source_list(_used(material, list(sources)), material, lang),
        "left_out": _left_out(material, words),
        "review": words.say("player.review"),
        "made": words.say("player.made", date=material.as_of.isoformat(), version=__version__),
        "home": place.home,
        "kiosk": {"idle_s": place.idle_s} if place.idle_s else None,
        "texts": _texts("player", lang),
        "keys": [
            {
                "keys": text(f"player.keys.{name}", lang),
                "does": text(f"player.does.{name}", lang),
                "story": name in KEYS,
            }
            for name in (*KEYS, *KEYS_ALWAYS)
        ],
    }


def _direction(view: View, material: Material) -> dict[str, Any]:
    layers = material.layers
    on = view.layers
    if on is None:
        on = tuple(name for name, layer in layers.items() if layer.provenance.default_on)
    return {
        "marked": [],
        "layers": layers_on(on, material),
        "camera": camera_document(view.camera, material),
    }


def _targets(material: Material, words: Words) -> dict[str, Any]:
    return {
        "id": "targets",
        "title": words.say("player.targets"),
        "note": words.say("player.targets_about"),
        **targets_table(material, words.lang),
    }


def _used(material: Material, known: Sequence[str]) -> list[str]:
    """Return the sources that the layers, their features and the facts about them name."""
    used = {source for layer in material.layers.values() for source in layer.provenance.sources}
    for feature in material.features.values():
        used.update(feature["sources"])
        used.update(fact["source"] for fact in feature["facts"])
    return [source for source in known if source in used]


def _left_out(material: Material, words: Words) -> list[str]:
    opened = material.workspace.catalog.layers
    restricted = [
        words.say("player.restricted", name=words.layer(opened[name]))
        for name in sorted(material.restricted)
    ]
    broken = {
        issue.file for issue in material.workspace.catalog.issues if issue.file.endswith("json")
    }
    return [*restricted, *(words.say("player.broken", name=name) for name in sorted(broken))]


def _texts(section: str, lang: Lang) -> dict[str, str]:
    return {
        key.removeprefix(f"{section}."): by_lang[lang]
        for key, by_lang in sorted(texts().items())
        if key.startswith(f"{section}.") and key.count(".") == 1
    }
