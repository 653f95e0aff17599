"""Rules with dates: reviewed data in ``rules/``, and which of it applies to what, when.

Deliberately knows nothing of geometry, layers or projects' positions.
"""

from etk_geo.rules.law import (
    DateComparison,
    RuleChange,
    compare_dates,
    law_date,
    rules_for,
    rules_in_force,
    strictest,
)
from etk_geo.rules.load import FILES, check_rules, read_rules
from etk_geo.rules.model import (
    RULE_CATEGORIES,
    CategoryLink,
    Confidence,
    Datum,
    Effect,
    Rule,
    RuleBook,
    Scope,
    ZoneSource,
    ZoneType,
)

__all__ = [
    "FILES",
    "RULE_CATEGORIES",
    "CategoryLink",
    "Confidence",
    "DateComparison",
    "Datum",
    "Effect",
    "Rule",
    "RuleBook",
    "RuleChange",
    "Scope",
    "ZoneSource",
    "ZoneType",
    "check_rules",
    "compare_dates",
    "law_date",
    "read_rules",
    "rules_for",
    "rules_in_force",
    "strictest",
]
