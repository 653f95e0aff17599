"""How far targets and projects are: arithmetic with its reasons, and lights by stated rules."""

from etk_geo.evaluation.arithmetic import Result, Share, judge
from etk_geo.evaluation.evaluate import Evaluation, Gap, GapKind, ProjectStatus, evaluate
from etk_geo.evaluation.explain import explain
from etk_geo.evaluation.rules import Light, Rules, open_rules

__all__ = [
    "Evaluation",
    "Gap",
    "GapKind",
    "Light",
    "ProjectStatus",
    "Result",
    "Rules",
    "Share",
    "evaluate",
    "explain",
    "judge",
    "open_rules",
]
