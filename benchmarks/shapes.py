"""Does the cost grow in proportion to everything? One plain month, and the same month with more of one thing each.

    python -m benchmarks.shapes [--payees 5000] [--runs 3]

Each shape runs as a process, in turns; what counts is the processor's time, so that a busy machine tells the same. The
last column compares a shape with the plain one: where ten times as much of something costs a multiple, it shows.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

if __package__:
    from benchmarks import workload
else:
    import workload  # type: ignore[import-not-found, no-redef]

MONTHS = [f"{2025 + month // 12}-{month % 12 + 1:02}" for month in range(9, 21)]
"""The twelve months before the one that is paid."""
_SCHEMES, _COMPONENTS, _KPIS, _PER_DEPARTMENT = 50, 20, 20, 5
_SEED = 20261001
_LETTERS = "абвгдежзик"
_NAMED = """
workbook:
  match: name
  sheets: {plan: "План {month} {yyyy}", actuals: "Факт {month} {yyyy}"}
  columns: {employees: {id: ФИО, name: ФИО}}
"""
"""Nobody has a number: every row finds its person by the name, on sheets that are called after the month."""


@dataclass(frozen=True)
class Shape:
    """A month: its schemes, its people as rows of the Employees sheet, and the KPIs of plan and actuals."""

    name: str
    scheme: str
    people: Sequence[Sequence[str | float]]
    kpis: Sequence[str] = workload.KPIS
    history: bool = False
    payrolls: bool = False
    named: bool = False

    def write(self, folder: Path) -> None:
        """Write the scheme file and the workbook."""
        import xlsxwriter

        source = random.Random(_SEED)  # not a secret: the same figures every time
        sheets = {"Сотрудники": (workload.EMPLOYEES, self.people)}
        for sheet in ("План", "Факт"):
            heads = (*workload.IDENTITY, *self.kpis)
            sheets[sheet] = heads, [(*one[:2], *self._figures(source)) for one in self.people]
        if self.history:
            heads = (*workload.IDENTITY, "Период", *self.kpis)
            rows = [(*one[:2], month, *self._figures(source)) for month in MONTHS for one in self.people]
            sheets["История"] = heads, rows
        folder.mkdir()
        (folder / "scheme.yaml").write_text(self.scheme, encoding="utf-8")
        with xlsxwriter.Workbook(folder / "plan.xlsx", {"constant_memory": True}) as workbook:
            for name, (heads, rows) in sheets.items():
                if self.named:
                    title = name if name == "Сотрудники" else f"{name} октябрь 2026"
                    workload.write_sheet(workbook, title, heads[1:], (row[1:] for row in rows))
                else:
                    workload.write_sheet(workbook, name, heads, rows)

    def _figures(self, source: random.Random) -> list[float]:
        return [float(source.randrange(100_000, 400_000)) for _ in self.kpis]


def _by_name(people: Sequence[Sequence[str | float]]) -> list[Sequence[str | float]]:
    """Give everybody a surname that nobody else has."""
    named = []
    for at, (number, name, *rest) in enumerate(people):
        surname, _, others = str(name).partition(" ")
        suffix = "".join(_LETTERS[int(digit)] for digit in str(at))
        named.append((number, f"{surname}{suffix} {others}", *rest))
    return named


def shapes(payees: int) -> list[Shape]:
    """Return the plain month first, then each with more of one thing."""
    source = random.Random(_SEED)  # not a secret: the same people every time
    people = [workload.person(number, source) for number in range(1, payees + 1)]
    plain = Shape("plain: 1 scheme, 4 components, 5 KPIs", workload.SCHEME, people)

    def added(lines: str) -> str:
        return workload.SCHEME + lines

    components = added("".join(f"      - commission: {{id: extra_{at}, title: Доплата {at}, on: margin, rate: {at}%}}\n"
                               for at in range(1, _COMPONENTS - 3)))  # fmt: skip
    head, _, pay = workload.SCHEME.partition("schemes:\n")
    pay = pay.partition("    pay:\n")[2]
    schemes = (
        head
        + "schemes:\n"
        + "".join(
            f"  role_{at}:\n    title: Роль {at}\n    for: {{position: [Роль {at}]}}\n    pay:\n{pay}"
            for at in range(_SCHEMES)
        )
    )
    roles = [(*one[:3], f"Роль {at % _SCHEMES}", *one[4:]) for at, one in enumerate(people)]
    teams = [(*one[:2], f"Отдел {at // _PER_DEPARTMENT}", *one[3:]) for at, one in enumerate(people)]
    team = "  team_sales: {title: Продажи отдела, unit: руб, team: sum, of: sales}\n\nschemes:"
    of_team = (
        workload.SCHEME.replace("\nschemes:", team, 1)
        + "      - commission: {id: of_team, on: team_sales, rate: 0.1%}\n"
    )
    keys = [f"kpi_{at}" for at in range(_KPIS)]
    listed = "".join(f"  {key}: {{title: Показатель {at}}}\n" for at, key in enumerate(keys))
    weights = ", ".join(f"{key}: {100 // _KPIS}%" for key in keys)
    many = workload.SCHEME.replace(
        workload.SCHEME[workload.SCHEME.index("kpis:") : workload.SCHEME.index("schemes:")],
        f"kpis:\n  sales: {{title: Продажи, unit: руб}}\n{listed}\n",
    )
    many = many.replace("sales: 30%, margin: 25%, calls: 20%, quality: 15%, reply: 10%", weights)
    line = '      - formula: {{id: back_{0}, title: Месяц {0}, pays: "previous(sales, {0}) * 0.1%"}}\n'
    months = "".join(line.format(back) for back in range(1, len(MONTHS) + 1))
    return [
        plain,
        replace(plain, name=f"{_COMPONENTS} components", scheme=components),
        replace(plain, name=f"{_SCHEMES} schemes", scheme=schemes, people=roles),
        replace(plain, name=f"{payees // _PER_DEPARTMENT} departments with a team KPI", scheme=of_team, people=teams),
        replace(
            plain, name=f"{_KPIS} KPIs", scheme=many, kpis=["Продажи", *(f"Показатель {at}" for at in range(_KPIS))]
        ),
        replace(plain, name="names and patterns", scheme=added(_NAMED), people=_by_name(people), named=True),
        replace(plain, name="12 months on the History sheet", scheme=added(months), history=True),
        replace(plain, name="12 payrolls in --history", scheme=added(months), payrolls=True),
    ]


def processor_seconds(
    folder: Path, month: str, *arguments: str, program: Sequence[str] = ("-m", "kpicalc")
) -> tuple[float, float]:
    """Run kpicalc, or what stands for it, in a folder; return the processor's time and the peak memory in MB."""
    command = [
        sys.executable,
        *program,
        "run",
        "plan.xlsx",
        "--scheme",
        "scheme.yaml",
        "--period",
        month,
        *arguments,
    ]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        printed = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{folder.name}: {printed.decode()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def prepared(shape: Shape, folder: Path) -> Callable[[], tuple[float, float]]:
    """Write a shape, with the payrolls before it where it has such, and return what runs it."""
    shape.write(folder)
    extra: tuple[str, ...] = ()
    if shape.payrolls:
        extra = ("--history", "payrolls")
        scheme = (folder / "scheme.yaml").read_text(encoding="utf-8")
        (folder / "scheme.yaml").write_text(workload.SCHEME, encoding="utf-8")
        for month in MONTHS:
            processor_seconds(folder, month, "--out", "payrolls/")
        (folder / "scheme.yaml").write_text(scheme, encoding="utf-8")

    def run() -> tuple[float, float]:
        (folder / "out.xlsx").unlink(missing_ok=True)
        return processor_seconds(folder, workload.PERIOD, "--out", "out.xlsx", *extra)

    return run


def main() -> None:
    """Measure every shape in turns, and print seconds, memory and the growth to the plain shape."""
    parser = argparse.ArgumentParser(description="Measure months of other shapes beside the plain one.")
    parser.add_argument("--payees", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kpicalc-shapes-") as name:
        made = {shape.name: prepared(shape, Path(name) / str(at)) for at, shape in enumerate(shapes(options.payees))}
        seconds: dict[str, list[float]] = {name: [] for name in made}
        peaks = dict.fromkeys(made, 0.0)
        for _ in range(options.runs):
            for shape, run in made.items():
                took, peak = run()
                seconds[shape].append(took)
                peaks[shape] = max(peaks[shape], peak)
    plain = next(iter(seconds.values()))
    print(f"{options.payees} payees; processor seconds, and to the plain shape (minimum, median, maximum)\n")
    print("| shape | seconds | minimum | median | maximum | peak MB |\n| :--- | ---: | ---: | ---: | ---: | ---: |")
    for shape, own in seconds.items():
        growth = [took / first for took, first in zip(own, plain, strict=True)]
        ratios = " | ".join(f"{value:.2f}" for value in (min(growth), median(growth), max(growth)))
        print(f"| {shape} | {median(own):.2f} | {ratios} | {peaks[shape]:.0f} |")


if __name__ == "__main__":
    main()
