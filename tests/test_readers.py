"""Each formula node read in its three ways, and random trees in which the three readings must agree.

The table is typed by hand. The random trees are read by `kpicalc.engine.tree.values`, by an oracle of exact fractions,
as a sentence, and as a spreadsheet formula that IronCalc computes.
"""

import random
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import ironcalc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracle import Refused, exactly, figure, rounded

from kpicalc.engine.tree import formula as tree
from kpicalc.engine.tree.excel import ROW, Addresses, formula
from kpicalc.engine.tree.formula import (
    ONE,
    ZERO,
    Arith,
    Band,
    Both,
    Choose,
    Column,
    Condition,
    Curve,
    Either,
    Greatest,
    Least,
    Minus,
    Node,
    Not,
    Number,
    Param,
    Round,
    Slices,
    Step,
    Sum,
    Table,
    compare,
    compared,
)
from kpicalc.engine.tree.values import Rows, numbers
from kpicalc.engine.tree.words import tell
from kpicalc.lang import LANGUAGES, MINUS, NBSP
from kpicalc.model.money import exact_context, from_cell, rounder

EXAMPLES = settings(max_examples=250, deadline=None, derandomize=True)


def table(key: str, title: str, *rows: tuple[str, str]) -> Table:
    return Table(
        key,
        title,
        tuple(
            Step(
                Param(f"{key}.{number}.bound", title, Decimal(bound), "percent"),
                Param(f"{key}.{number}.pays", title, Decimal(pays), "percent"),
            )
            for number, (bound, pays) in enumerate(rows)
        ),
    )


SALES = Column("sales", "Продажи", "money", settled=True)
PLAN = Column("plan", "План", "money", settled=True)
RESULT = Column("result", "Результат", "percent", settled=True)
RATE = Param("rate", "ставка", Decimal("0.2"), "percent")
LIMIT = Param("limit", "порог", Decimal(15000), "money")
BANDS = table("bands", "шкала", ("0", "0"), ("0.7", "0.6"), ("1", "1.2"))
TIERS = table("tiers", "ступени", ("0", "0.05"), ("50000", "0.1"))
POINTS = table("points", "кривая", ("0.8", "0"), ("1", "1"), ("1.2", "1.5"))
BELOW = compare("<", SALES, LIMIT)
LETTERS = {"sales": "D", "plan": "E", "result": "F"}
CELLS = {"rate": "Схема!$C$1", "limit": "Схема!$C$2"} | {
    step.key: f"Схема!${'C' if step.key.endswith('pays') else 'B'}${row}"
    for row, step in enumerate(
        [param for item in (TIERS, POINTS) for row in item.steps for param in (row.bound, row.pays)], 3
    )
}
AT = Addresses(LETTERS, CELLS, {"bands": ("Схема!$B$20:$B$22", "Схема!$C$20:$C$22")})

# node, its number, its sentence (X stands for the title) and its formula in row 7, the unit it is shown in
TABLE: dict[str, tuple[Node, str, str | None, str | None, str]] = {
    "number": (Number(Decimal("-1.50")), "-1.5", "X = −1,5", "-1.50", "number"),
    "param": (RATE, "0.2", "X = ставка = 20 %", "Схема!$C$1", "percent"),
    "column": (SALES, "100000.5", "X = Продажи = 100 000,50", "D7", "money"),
    "plus": (Arith("+", SALES, LIMIT), "115000.5", "X = Продажи + порог = 100 000,50 + 15 000 = 115 000,50",
             "D7+Схема!$C$2", "money"),
    "minus": (Arith("-", SALES, LIMIT), "85000.5", "X = Продажи − порог = 100 000,50 − 15 000 = 85 000,50",
              "D7-Схема!$C$2", "money"),
    "times": (Arith("*", Arith("-", SALES, LIMIT), RATE), "17000.1",
              "X = (Продажи − порог) × ставка = (100 000,50 − 15 000) × 20 % = 17 000,10",
              "ROUND(D7-Схема!$C$2,9)*Схема!$C$1", "money"),
    "divided": (Arith("/", SALES, Arith("*", PLAN, RATE)), "6.25003125",
                "X = Продажи / (План × ставка) = 100 000,50 / (80 000 × 20 %) = 6,25003125",
                "D7/(E7*Схема!$C$1)", "number"),
    "a-(b-c)": (Arith("-", SALES, Arith("-", PLAN, LIMIT)), "35000.5",
                "X = Продажи − (План − порог) = 100 000,50 − (80 000 − 15 000) = 35 000,50",
                "D7-(E7-Схема!$C$2)", "money"),
    "a-b+c": (Arith("+", Arith("-", SALES, PLAN), LIMIT), "35000.5",
              "X = Продажи − План + порог = 100 000,50 − 80 000 + 15 000 = 35 000,50",
              "D7-E7+Схема!$C$2", "money"),
    "opposite": (Minus(Arith("+", SALES, PLAN)), "-180000.5",
                 "X = −(Продажи + План) = −(100 000,50 + 80 000) = −180 000,50", "-(D7+E7)", "money"),
    "sum": (Sum((SALES, PLAN, LIMIT)), "195000.5",
            "X = Продажи + План + порог = 100 000,50 + 80 000 + 15 000 = 195 000,50", "SUM(D7,E7,Схема!$C$2)", "money"),
    "least": (Least((SALES, PLAN)), "80000",
              "X = План = 80 000 (Продажи 100 000,50 больше, чем План 80 000: берётся меньшее)", "MIN(D7,E7)", "money"),
    "greatest": (Greatest((Arith("-", PLAN, SALES), ZERO)), "0",
                 "X = 0 (План − Продажи = −20 000,50 меньше, чем 0: берётся большее)", "MAX(E7-D7,0)", "money"),
    "half_up": (Round(Arith("*", SALES, RATE), Decimal(1), "half_up"), "20000",
                "X = Продажи × ставка = 100 000,50 × 20 % = 20 000 (20 000,10 округлено до 1)",
                "ROUND(D7*Схема!$C$1,0)", "money"),
    "down": (Round(SALES, Decimal(10), "down"), "100000",
             "X = Продажи = 100 000,50 = 100 000 (100 000,50 округлено к нулю до 10)", None, "money"),
    "up": (Round(SALES, Decimal(10), "up"), "100010",
           "X = Продажи = 100 000,50 = 100 010 (100 000,50 округлено от нуля до 10)", None, "money"),
    "half_even": (Round(SALES, Decimal(1), "half_even"), "100000",
                  "X = Продажи = 100 000,50 = 100 000 (100 000,50 округлено до 1, половина — к чётному)",
                  None, "money"),
    "choose": (Choose(BELOW, ZERO, Arith("*", SALES, RATE)), "20000.1",
               "X = Продажи × ставка = 100 000,50 × 20 % = 20 000,10 (так как Продажи 100 000,50 ≥ порог 15 000)",
               "IF(D7<Схема!$C$2,0,D7*Схема!$C$1)", "money"),
    "both": (Choose(Both((BELOW, compare(">=", RESULT, ONE))), ZERO, ONE), "1",
             "X = 1 (так как Продажи 100 000,50 ≥ порог 15 000 и Результат 85 % < 1)",
             "IF(AND(D7<Схема!$C$2,F7>=1),0,1)", "number"),
    "either": (Choose(Either((BELOW, compare("<>", RESULT, ONE))), ZERO, ONE), "0",
               "X = 0 (так как Результат 85 % ≠ 1)", "IF(OR(D7<Схема!$C$2,F7<>1),0,1)", "number"),
    "not": (Choose(Not(compare("<=", SALES, PLAN)), RATE, ZERO), "0.2",
            "X = ставка = 20 % (так как Продажи 100 000,50 > План 80 000)",
            "IF(NOT(D7<=E7),Схема!$C$1,0)", "percent"),
    "unrounded": (Choose(compare("=", Arith("/", SALES, PLAN), ONE), ONE, ZERO), "0",
                  "X = 0 (так как Продажи / План = 1,25000625 ≠ 1)",
                  "IF(ROUND(D7/E7,9)=1,1,0)", "number"),
    "band": (Band(RESULT, BANDS), "0.6",
             "X = шкала = 60 % (Результат 85 % — ступень от 70 % до 100 %)",
             "INDEX(Схема!$C$20:$C$22,MATCH(F7,Схема!$B$20:$B$22,1))", "percent"),
    "slices": (Slices(SALES, TIERS), "7500.05", "X = Продажи по ступеням = 50 000 × 5 % + 50 000,50 × 10 % = 7 500,05",
               ("MAX(0,ROUND(MIN(D7,Схема!$B$5)-Схема!$B$3,9))*Схема!$C$4"
               "+MAX(0,ROUND((D7)-Схема!$B$5,9))*Схема!$C$6"), "money"),
    "curve": (Curve(RESULT, POINTS), "0.25",
              ("X = кривая = 0 % + (100 % − 0 %) × (85 % − 80 %) / (100 % − 80 %) = 25 % "
              "(Результат 85 % — между точками 80 % и 100 %)"),
              ("Схема!$C$8+(Схема!$C$10-Схема!$C$8)*ROUND(MIN(MAX(F7,Схема!$B$7),Схема!$B$9)-Схема!$B$7,9)"
              "/(Схема!$B$9-Схема!$B$7)"
              "+(Схема!$C$12-Схема!$C$10)*ROUND(MIN(MAX(F7,Схема!$B$9),Схема!$B$11)-Схема!$B$9,9)"
              "/(Схема!$B$11-Схема!$B$9)"), "percent"),
}  # fmt: skip
ROW_7 = {"sales": Decimal("100000.5"), "plan": Decimal(80000), "result": Decimal("0.85")}


def value_of(node: Node, of: Mapping[str, Decimal]) -> Decimal:
    with exact_context():
        rows = Rows({key: [value] for key, value in of.items()}, 1)
        found = numbers(node, rows)[0]
    assert not rows.faults
    return found


@pytest.mark.parametrize("name", TABLE)
def test_a_node_in_three_readings(name: str) -> None:
    node, number, sentence, text, unit = TABLE[name]
    assert value_of(node, ROW_7) == Decimal(number)
    assert figure(node, {key: Fraction(value) for key, value in ROW_7.items()}) == Fraction(number)
    if sentence is not None:
        told = tell(node, unit, {key: [value] for key, value in ROW_7.items()}, 0, "ru")  # type: ignore[arg-type]
        assert told.sentence("X").replace(NBSP, " ") == sentence
    if text is not None:
        assert formula(node, AT).replace(ROW, "7") == text


def test_the_table_has_a_row_for_every_node() -> None:
    """A node that joins the tree must be given its three readings here."""
    seen: set[type] = set()

    def walk(item: object) -> None:
        if type(item).__module__ == tree.__name__:
            seen.add(type(item))
            for name in item.__dataclass_fields__:  # type: ignore[attr-defined]
                walk(getattr(item, name))
        elif isinstance(item, tuple):
            for part in item:
                walk(part)

    for node, *_ in TABLE.values():
        walk(node)
    assert seen >= {*get_args(tree.Node), *get_args(tree.Condition)}
    assert {node.ties for node, *_ in TABLE.values() if isinstance(node, Round)} == {
        "half_up", "half_even", "down", "up",
    }  # fmt: skip


# -- rounding and cells, typed by hand ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "step", "half_up", "half_even", "down", "up"),
    [
        ("0.005", "0.01", "0.01", "0.00", "0.00", "0.01"),
        ("0.015", "0.01", "0.02", "0.02", "0.01", "0.02"),
        ("-0.005", "0.01", "-0.01", "0.00", "0.00", "-0.01"),
        ("-0.015", "0.01", "-0.02", "-0.02", "-0.01", "-0.02"),
        ("2.5", "1", "3", "2", "2", "3"),
        ("3.5", "1", "4", "4", "3", "4"),
        ("-2.5", "1", "-3", "-2", "-2", "-3"),
        ("2.4999999999", "1", "2", "2", "2", "3"),
        ("2.5000000001", "1", "3", "3", "2", "3"),
        ("50", "100", "100", "0", "0", "100"),
        ("150", "100", "200", "200", "100", "200"),
        ("0", "0.01", "0", "0", "0", "0"),
        ("7", "0.001", "7", "7", "7", "7"),
        ("999999999999.995", "0.01", "1000000000000", "1000000000000", "999999999999.99", "1000000000000"),
    ],
)
def test_roundings(value: str, step: str, half_up: str, half_even: str, down: str, up: str) -> None:
    expected = {"half_up": half_up, "half_even": half_even, "down": down, "up": up}
    for ties, wanted in expected.items():
        found = rounder(Decimal(step), ties)(Decimal(value))  # type: ignore[arg-type]
        assert found == Decimal(wanted), ties
        assert not (found == 0 and found.is_signed())
        assert rounded(Fraction(value), Fraction(step), ties) == Fraction(wanted), ties


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (0.1 + 0.2, "0.3"),
        (1.1 * 1.1, "1.21"),
        (0.4 + 0.3 + 0.2 + 0.1, "1"),
        (4.35 * 100, "435"),
        (1e15 + 0.5, "1e15"),
        (1 / 3, "0.333333333333333"),
        (2 / 3, "0.666666666666667"),
        (-0.1 - 0.2, "-0.3"),
        (1e-7, "0.0000001"),
        (123456789012.345, "123456789012.345"),
        (-0.0, "0"),
    ],
)
def test_a_cell_means_its_15_digits(cell: float, meant: str) -> None:
    assert from_cell(cell) == Decimal(meant)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.floats(min_value=-1e15, max_value=1e15, allow_subnormal=False))
def test_a_cell_never_moves_beyond_its_digits(cell: float) -> None:
    """The decimal is the nearest one of 15 digits, by fractions."""
    found = Fraction(from_cell(cell))
    assert abs(found - Fraction(cell)) * 2 * 10**14 <= abs(Fraction(cell)) * 10
    assert float(f"{float(found):.15g}") == float(f"{cell:.15g}")


# -- random trees ---------------------------------------------------------------------------------------------------

STEPS = [Decimal("0.01"), Decimal("0.0001"), Decimal("0.001"), Decimal("0.1"), Decimal(1), Decimal(10), Decimal(100)]
TIES = ["half_up", "half_even", "down", "up"]
AMOUNTS = [
    from_cell(float(value))
    for value in (
        0, 0.1 + 0.2, 1.1 * 1.1, 0.005, 0.015, 0.025, 2.675, 1.005, 99.995, 100, 14999.99, 15000, 15000.01,
        4.35 * 100, 33333.33, 100.035, 0.015, 49999.995, 50000, 50000.005, 99999.99, 100000,
        -0.005, -2.675, -100.005, -15000,
    )
]  # fmt: skip
SHARES = [Decimal(text) for text in ("0", "0.7", "0.6999", "0.7001", "1", "0.85", "1.2", "0.3333", "0.6667", "-0.1")]
with exact_context():
    THIRDS = [Decimal(1) / 3, Decimal(2) / 3, Decimal(1) / 7, Decimal(5) / 6]
COLUMNS = {
    "a": Column("a", "Продажи", "money", settled=True),
    "b": Column("b", "План", "money", settled=True),
    "r": Column("r", "Выполнение", "percent", settled=True),
    "t": Column("t", "Доля", "percent", settled=False),
}
PARAMS = [
    Param(f"p{number}", f"ставка {number}", value, "percent" if value < 2 else "money")
    for number, value in enumerate(
        [*map(Decimal, ("0.2", "0.075", "0.333", "1.5", "15000", "50000", "0.7", "500")), *THIRDS[:2]]
    )
]
PERSON = st.fixed_dictionaries(
    {
        "a": st.sampled_from(AMOUNTS),
        "b": st.sampled_from(AMOUNTS),
        "r": st.sampled_from(SHARES),
        "t": st.sampled_from([*SHARES, *THIRDS]),
    }
)
LEAVES = st.one_of(
    st.sampled_from(list(COLUMNS.values())), st.sampled_from(PARAMS), st.sampled_from([ZERO, ONE, Number(Decimal(3))])
)
TABLES = [BANDS, TIERS, POINTS, table("low", "с пятисот", ("500", "0.01"), ("15000", "0.075"), ("50000", "0.15"))]
EXCESS = table("excess", "сверх порога", ("0", "0"), ("15000", "0.25"))


def settle(node: Node) -> Node:
    """Return a divisor that is either zero in every reading or far from it."""
    return node if isinstance(node, Column | Param | Number) else Round(node, Decimal("0.01"), "half_up")


def conditions(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Condition]:
    single = st.builds(compare, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), nodes, nodes)
    several = st.lists(single, min_size=2, max_size=3).map(tuple)
    return st.one_of(single, st.builds(Both, several), st.builds(Either, several), st.builds(Not, single))


def grown(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Arith, st.sampled_from(["+", "-", "*"]), nodes, nodes),
        st.builds(lambda top, bottom: Arith("/", top, settle(bottom)), nodes, nodes),
        st.builds(Minus, nodes),
        st.builds(Sum, several),
        st.builds(Least, several),
        st.builds(Greatest, several),
        st.builds(Round, nodes, st.sampled_from(STEPS), st.sampled_from(TIES)),
        st.builds(Choose, conditions(nodes), nodes, nodes),
        st.builds(lambda of, item: Band(compared(of), item), nodes, st.sampled_from(TABLES)),
        st.builds(Slices, nodes, st.sampled_from(TABLES)),
        st.builds(Curve, nodes, st.sampled_from(TABLES)),
    )


TREES = st.recursive(LEAVES, grown, max_leaves=9)
PEOPLE = st.lists(PERSON, min_size=1, max_size=6)


def by_oracle(node: Node, person: Mapping[str, Decimal]) -> Fraction | None:
    """Return the exact value, or None where there is none."""
    try:
        return figure(node, {key: exactly(value) for key, value in person.items()})
    except Refused:
        return None


@settings(EXAMPLES, max_examples=600)
@given(TREES, st.sampled_from(STEPS), st.sampled_from(TIES), PEOPLE)
@example(
    Arith("*", COLUMNS["a"], PARAMS[8]), Decimal("0.01"), "half_up", [dict.fromkeys("abrt", Decimal("100.035"))]
)  # a third of a tie
@example(Sum((COLUMNS["t"],) * 3), Decimal(1), "down", [dict.fromkeys("abrt", THIRDS[0])])
def test_numbers_are_exact(node: Node, step: Decimal, ties: str, people: list[dict[str, Decimal]]) -> None:
    root = Round(node, step, ties)  # type: ignore[arg-type]
    columns = {key: [person[key] for person in people] for key in COLUMNS}
    with exact_context():
        rows = Rows(columns, len(people))
        found = numbers(root, rows)
    refused = {fault.row for fault in rows.faults}
    for row, person in enumerate(people):
        expected = by_oracle(root, person)
        assert (row in refused) == (expected is None)
        if expected is not None:
            assert Fraction(found[row]) == expected


@EXAMPLES
@given(TREES, PEOPLE)
def test_only_some_rows_are_the_same_as_all(node: Node, people: list[dict[str, Decimal]]) -> None:
    columns = {key: [person[key] for person in people] for key in COLUMNS}
    with exact_context():
        all_rows = Rows(columns, len(people))
        found = numbers(node, all_rows)
        for row in range(len(people)):
            one = Rows(columns, len(people), only=[row])
            assert list(numbers(node, one)) == [found[row]]
            assert bool(one.faults) == any(fault.row == row for fault in all_rows.faults)


def as_number(text: str, language: str) -> Fraction:
    """Read a number that was written for people."""
    plain = text.replace(NBSP, "").replace(MINUS, "-")
    plain = plain.replace(",", ".") if language == "ru" else plain.replace(",", "")
    return Fraction(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)


@settings(EXAMPLES, max_examples=400)
@given(TREES, PERSON, st.sampled_from(["money", "percent", "number"]))
def test_words_say_the_value(node: Node, person: dict[str, Decimal], unit: str) -> None:
    expected = by_oracle(node, person)
    if expected is None:
        return
    columns = {key: [value] for key, value in person.items()}
    for language in LANGUAGES:
        told = tell(node, unit, columns, 0, language)  # type: ignore[arg-type]
        shown = as_number(told.result, language)
        assert abs(shown - expected) <= Fraction(1, 10**6), told
        assert told.sentence("X").startswith("X")
        assert "{" not in told.sentence("X")


ARITHMETIC = st.recursive(
    st.one_of(st.sampled_from(list(COLUMNS.values())[:3]), st.sampled_from(PARAMS[:8])),
    lambda nodes: st.one_of(
        st.builds(Arith, st.sampled_from(["+", "-", "*"]), nodes, nodes),
        st.builds(lambda top, bottom: Arith("/", top, bottom), nodes, st.sampled_from(PARAMS[:8])),
        st.builds(Minus, nodes),
        st.builds(Sum, st.lists(nodes, min_size=2, max_size=3).map(tuple)),
        st.builds(Greatest, st.tuples(nodes, st.just(ZERO))),
        st.builds(lambda of: Slices(of, TIERS), st.just(COLUMNS["b"])),
        st.builds(lambda of: Curve(of, POINTS), st.just(COLUMNS["r"])),
    ),
    max_leaves=7,
)


@settings(EXAMPLES, max_examples=400)
@given(ARITHMETIC, PERSON)
def test_the_figures_of_a_sentence_come_to_its_result(node: Node, person: dict[str, Decimal]) -> None:
    """Whoever types the sentence into a pocket calculator gets the amount."""
    expected = by_oracle(node, person)
    if expected is None:
        return
    told = tell(node, "number", {key: [value] for key, value in person.items()}, 0, "en")
    text = re.sub(r"(\d[\d,]*(?:\.\d+)?)(%?)", lambda found: f"exactly('{found[1]}'.replace(',', ''))"
                  + ("/100" if found[2] else ""), told.figures)  # fmt: skip
    text = re.sub(r"(exactly\([^()]*\([^()]*\)\))/100", r"(\1/100)", text)
    text = text.replace(MINUS, "-").replace("×", "*").replace(NBSP, "")
    assert eval(text, {"exactly": exactly}) == expected, told


# -- a spreadsheet reads the same -----------------------------------------------------------------------------------


def sheet_of(items: list[tuple[Node, dict[str, Decimal]]]) -> list[object]:
    """Return what IronCalc makes of each formula: one row per case, in a workbook with the parameters beside it."""
    model = ironcalc.create("cases", "en", "UTC", "en")
    model.new_sheet()
    params, tables = {}, {}
    row = 0
    for param in PARAMS:
        row += 1
        params[param.key] = f"Sheet2!$B${row}"
        model.update_cell_with_number(1, row, 2, float(param.value))
    for item in (*TABLES, EXCESS):
        first = row + 1
        for step in item.steps:
            row += 1
            params[step.bound.key], params[step.pays.key] = f"Sheet2!$A${row}", f"Sheet2!$B${row}"
            model.update_cell_with_number(1, row, 1, float(step.bound.value))
            model.update_cell_with_number(1, row, 2, float(step.pays.value))
        tables[item.key] = (f"Sheet2!$A${first}:$A${row}", f"Sheet2!$B${first}:$B${row}")
    at = Addresses({"a": "A", "b": "B", "r": "C", "t": "D"}, params, tables)
    for number, (node, person) in enumerate(items, 1):
        for column, key in enumerate("abrt", 1):
            model.update_cell_with_number(0, number, column, float(person[key]))
        model.set_user_input(0, number, 5, "=" + formula(node, at).replace(ROW, str(number)))
    model.evaluate()
    return [model.get_cell_value(0, number, 5) for number in range(1, len(items) + 1)]


def close(found: object, expected: Fraction, *, to: Decimal | None) -> bool:
    """Tell whether a spreadsheet's number is the exact one: to half a step where it is rounded, else to a millionth."""
    if not isinstance(found, int | float) or isinstance(found, bool):
        return False
    limit = Fraction(to) / 2 if to else max(abs(expected), Fraction(1)) / 10**6
    return abs(Fraction(found) - expected) < limit


@settings(EXAMPLES, max_examples=300)
@given(st.lists(st.tuples(TREES, st.sampled_from(TIES), PERSON), min_size=1, max_size=8))
def test_a_spreadsheet_computes_the_same(cases: list[tuple[Node, str, dict[str, Decimal]]]) -> None:
    step = Decimal("0.01")
    roots: list[tuple[Node, dict[str, Decimal]]] = []
    for node, ties, person in cases:
        for root in (node, Round(node, step, ties)):  # type: ignore[arg-type]
            exact = by_oracle(root, person)
            if exact is not None and abs(exact) < 10**7:
                roots.append((root, person))
    for (root, person), found in zip(roots, sheet_of(roots), strict=True):
        expected = by_oracle(root, person)
        assert expected is not None
        assert close(found, expected, to=root.step if isinstance(root, Round) else None), (
            f"{formula(root, LOOSE)} of {person}: {found}, exactly {float(expected)}"
        )


class _Any(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


LOOSE = Addresses(_Any(), _Any(), {item.key: (f"{item.key}.bounds", f"{item.key}.pays") for item in TABLES})


def test_ties_in_every_manner_and_sign() -> None:
    """Ties of small and of large amounts, and the figures just beside them, to the kopeck and to tens of roubles."""
    chance = random.Random(7)
    largest = 4_000_000_000
    items: list[tuple[Node, dict[str, Decimal]]] = []
    for _ in range(60):
        kopecks = chance.choice([chance.randint(-300, 300), chance.randint(-largest, largest)])
        for off in ("0.005", "0.0049999", "0.0050001", "0"):
            amount = Decimal(kopecks) / 100 + Decimal(off)
            person = {"a": amount, "b": ZERO.value, "r": ZERO.value, "t": ZERO.value}
            items += [(Round(COLUMNS["a"], step, ties), person)  # type: ignore[arg-type]
                      for ties in TIES for step in (Decimal("0.01"), Decimal(10))]  # fmt: skip
    for (node, person), found in zip(items, sheet_of(items), strict=True):
        expected = by_oracle(node, person)
        assert expected is not None
        assert close(found, expected, to=Decimal("0.01")), (node, person, found)


@pytest.mark.parametrize("ties", ["down", "up", "half_up", "half_even"])
def test_noise_is_not_cut_off(ties: str) -> None:
    """100000.29 - 100000 is 0.28999999999360 in a spreadsheet's floats, 100000.3 - 100000 is 0.30000000000291."""
    for kopecks in ("0.29", "0.3"):
        person = {"a": 100000 + Decimal(kopecks), "b": Decimal(100000), "r": ZERO.value, "t": ZERO.value}
        root = Round(Arith("-", COLUMNS["a"], COLUMNS["b"]), Decimal("0.01"), ties)  # type: ignore[arg-type]
        assert by_oracle(root, person) == Fraction(kopecks)
        (found,) = sheet_of([(root, person)])
        assert close(found, Fraction(kopecks), to=Decimal("0.01")), found


QUARTER = Number(Decimal("0.25"))
NOISY = Arith("-", COLUMNS["a"], COLUMNS["b"])


@pytest.mark.parametrize(
    ("node", "kopecks"),
    [
        pytest.param(Arith("*", NOISY, QUARTER), "0.02", id="a-b"),
        pytest.param(Arith("*", Minus(Arith("-", COLUMNS["b"], COLUMNS["a"])), QUARTER), "0.02", id="-(b-a)"),
        pytest.param(Arith("*", Greatest((ZERO, NOISY)), QUARTER), "0.02", id="max(0,a-b)"),
        pytest.param(Arith("*", Choose(compare(">", NOISY, ZERO), NOISY, ZERO), QUARTER), "0.02", id="if"),
        pytest.param(Arith("*", Sum((COLUMNS["a"], Minus(COLUMNS["b"]))), QUARTER), "0.02", id="sum(a,-b)"),
        pytest.param(Slices(COLUMNS["a"], EXCESS), "0.02", id="slices"),
        pytest.param(Arith("*", Number(Decimal(30010)), Curve(COLUMNS["r"], POINTS)), "15.01", id="curve"),
    ],
)
def test_noise_is_not_multiplied_over_a_tie(node: Node, kopecks: str) -> None:
    """15000.06 - 15000 is 0.05999999999949 in floats: a quarter of 0.06 is 0.015. 0.8001 - 0.8 is no better."""
    person = {"a": Decimal("15000.06"), "b": Decimal(15000), "r": Decimal("0.8001"), "t": ZERO.value}
    root = Round(node, Decimal("0.01"), "half_up")
    assert by_oracle(root, person) == Fraction(kopecks)
    (found,) = sheet_of([(root, person)])
    assert close(found, Fraction(kopecks), to=Decimal("0.01")), found
