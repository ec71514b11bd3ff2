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


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of their modules' names."""
    modules = (import_module(f"{__name__}.{item.name}") for item in sorted(iter_modules(__path__), key=_name))
    return tuple(module.RULE for module in modules if hasattr(module, "RULE"))


def lint_codes() -> tuple[str, ...]:
    """Return the codes of all remarks that a scheme file may silence."""
    return (*(code for rule in all_rules() for code in rule.codes), *COMPILED)


def _name(item: object) -> str:
    return str(getattr(item, "name", ""))
