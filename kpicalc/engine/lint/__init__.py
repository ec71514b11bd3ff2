"""Remarks on schemes and months that can be paid and yet deserve a look. Dropping a module here adds its rule.

One small module is a rule: its docstring is the documentation, its constants are its limits, `RULE` says when it runs.
Remarks never change what is paid, and a scheme file may silence them with a reason.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from kpicalc.engine.lint.rule import Rule

COMPILED = ("weights_sum",)
"""Remarks that components make while they lay out their rules; they are silenced like those of the lint."""


_OF_CHECK = (
    "cliffs counterweights dead_steps doubles idle_columns idle_schemes incentives kpi_count kpi_entries money_only"
    " plans unused_entries unused_kpis weights"
)
"""Rules that only `kpicalc check` runs: a monthly run does not import them."""


@cache
def all_rules(*, check: bool = True) -> tuple[Rule, ...]:
    """Return every rule, in the order of their modules' names; without `check`, those of a monthly run."""
    names = sorted(item.name for item in iter_modules(__path__) if check or item.name not in _OF_CHECK.split())
    modules = (import_module(f"{__name__}.{name}") for name in names)
    return tuple(module.RULE for module in modules if hasattr(module, "RULE"))


def lint_codes() -> tuple[str, ...]:
    """Return the codes of all remarks that a scheme file may silence."""
    return (*(code for rule in all_rules() for code in rule.codes), *COMPILED)
