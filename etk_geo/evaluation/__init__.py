"""How far targets and projects are: arithmetic with its reasons, and lights by stated rules."""

from etk_geo.evaluation.arithmetic import Result, Share, judge
from etk_geo.evaluation.comparison import (
    Comparison,
    LayerPair,
    ProjectPair,
    TargetPair,
    compare,
    in_force,
    worst_light,
)
from etk_geo.evaluation.evaluate import (
    DOUBTS,
    Evaluation,
    Gap,
    GapKind,
    ProjectStatus,
    evaluate,
    gaps_of,
)
from etk_geo.evaluation.explain import explain
from etk_geo.evaluation.rules import Light, Rules, open_rules

__all__ = [
    "DOUBTS",
    "Comparison",
    "Evaluation",
    "Gap",
    "GapKind",
    "LayerPair",
    "Light",
    "ProjectPair",
    "ProjectStatus",
    "Result",
    "Rules",
    "Share",
    "TargetPair",
    "compare",
    "evaluate",
    "explain",
    "gaps_of",
    "in_force",
    "judge",
    "open_rules",
    "worst_light",
]
