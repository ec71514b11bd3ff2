"""A table of ten million facts: kpicalc's figures against the same aggregation written by hand for DuckDB.

    python -m benchmarks.facts
    python -m benchmarks.facts --rows 1000000 --runs 3
    python -m benchmarks.facts --rows 10000000 --times 10
    python -m benchmarks.facts --rows 1000000 --csv

Both run as processes of their own, in turns; the figures of both must be the same. The floor is one query in SQL
without any check: no unknown payees, no blanks, no duplicates are looked for.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

PAYEES = 1000
SCHEME = """\
kpicalc: 1
rules: {money: {round: 0.01, ties: half_up}}
facts:
  deals:
    from: {file: NAME}
    payee: payee
    date: paid
    columns:
      amount: amount
      cost: cost
      client: {heading: client, type: text}
      received: {heading: received, type: time}
      answered: {heading: answered, type: time}
kpis:
  margin: {title: Margin, from: deals, sum: amount - cost}
  part: {title: Part, from: deals, sum: "round((amount - cost) * 30%, 2)"}
  deals_made: {title: Deals, from: deals, count: rows, where: amount > 0}
  clients: {title: Clients, from: deals, distinct: client}
  in_time: {title: In time, from: deals, share: "minutes(received, answered) <= 30"}
schemes:
  role: {for: {position: P}, pay: [commission: {on: margin, rate: 1%}]}
"""
BY_HAND = """
select payee,
  sum(amount - cost),
  sum(round((amount - cost) * 0.3, 2)),
  count(*) filter (where amount > 0),
  count(distinct client),
  count(*) filter (where date_diff('second', received, answered) <= 1800),
  count(*)
from {table}
where paid >= date '2026-10-01' and paid < date '2026-11-01'
group by payee order by payee
"""
TYPES = {
    "payee": "VARCHAR",
    "paid": "DATE",
    "amount": "DECIMAL(12, 2)",
    "cost": "DECIMAL(12, 2)",
    "client": "VARCHAR",
    "received": "TIMESTAMP",
    "answered": "TIMESTAMP",
}
"""What somebody who writes the query by hand says of the columns of a csv."""


def make(path: Path, rows: int) -> None:
    """Write the table: five months of deals, the same on every machine."""
    import duckdb

    duckdb.sql(
        f"""
        copy (
          select
            printf('%05d', (i * 7919) % {PAYEES}) as payee,
            date '2026-08-01' + cast((i * 31) % 153 as integer) as paid,
            cast(((i * 48271) % 20000000 - 1000000) / 100 as decimal(12, 2)) as amount,
            cast(((i * 16807) % 15000000) / 100 as decimal(12, 2)) as cost,
            'client ' || ((i * 104729) % 50000) as client,
            timestamp '2026-10-01 09:00:00' + to_seconds(cast(i % 864000 as integer)) as received,
            timestamp '2026-10-01 09:00:00' + to_seconds(cast(i % 864000 + (i * 37) % 3600 as integer)) as answered
          from range({rows}) t(i)
        ) to '{path}' ({"format csv, header" if path.suffix == ".csv" else "format parquet"})
        """
    )


def repeat(path: Path, times: int) -> None:
    """Write the rows of a table so many times: a hundred million of them are made in minutes."""
    import duckdb

    many = path.with_suffix(".many")
    duckdb.sql(f"copy (from read_parquet({[str(path)] * times})) to '{many}' (format parquet)")
    many.replace(path)


def by_hand(path: Path) -> list[list[str]]:
    """Return the figures of the query written by hand."""
    from decimal import Decimal

    import duckdb

    found = []
    table = f"read_csv('{path}', columns={TYPES}, header=true)" if path.suffix == ".csv" else f"read_parquet('{path}')"
    for payee, margin, part, deals, clients, in_time, count in duckdb.sql(BY_HAND.format(table=table)).fetchall():
        share = round(Decimal(in_time) / count, 9)
        found.append([payee, *(_plain(value) for value in (margin, part, Decimal(deals), Decimal(clients), share))])
    return found


def by_kpicalc(path: Path) -> list[list[str]]:
    """Return the figures as kpicalc reads them for a payroll."""
    from kpicalc.intake.scheme.read import read_scheme_text
    from kpicalc.intake.tables import read_inputs
    from kpicalc.lang import severity
    from kpicalc.model.book import Book, Sheet

    book, _ = read_scheme_text("scheme.yaml", SCHEME.replace("NAME", path.name).encode())
    people = [[f"{number:05}", f"Person {number}", "D", "P"] for number in range(PAYEES)]
    sheet = Sheet("Employees", [["ID", "Name", "Department", "Position"], *people])
    assert book is not None
    inputs, issues = read_inputs(Book(str(path.parent / "2026-10.xlsx"), "", (sheet,)), book, "2026-10")
    assert inputs is not None
    assert not [found for found in issues if severity(found) == "error"], issues
    keys = ("margin", "part", "deals_made", "clients", "in_time")
    return [
        [payee.id, *(_plain(inputs.actual[key].values[at]) for key in keys)] for at, payee in enumerate(inputs.payees)
    ]


def _plain(value: object) -> str:
    from decimal import Decimal

    assert isinstance(value, Decimal)
    return f"{value.normalize() + 0:f}"


def run(way: str, path: Path) -> tuple[float, float, str]:
    """Run one way as a process; return the processor's seconds, peak megabytes and a digest of the figures."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.facts", "--way", way, "--table", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(done.stdout)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, told["peak"], told["digest"]


def main() -> int:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=1, help="how many times the rows stand in the table")
    parser.add_argument("--csv", action="store_true", help="a csv file in place of Parquet")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--way", choices=["hand", "kpicalc"])
    parser.add_argument("--table", type=Path)
    asked = parser.parse_args()
    if asked.way:
        from hashlib import sha256

        figures = by_hand(asked.table) if asked.way == "hand" else by_kpicalc(asked.table)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"digest": sha256(json.dumps(figures).encode()).hexdigest(), "peak": peak}))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"deals.{'csv' if asked.csv else 'parquet'}"
        make(path, asked.rows)
        if asked.times > 1:
            repeat(path, asked.times)
        found = {way: [] for way in ("hand", "kpicalc")}
        for _ in range(asked.runs):
            for way, results in found.items():
                results.append(run(way, path))
        size = path.stat().st_size / 1e6
    seconds = {way: median(item[0] for item in results) for way, results in found.items()}
    peaks = {way: median(item[1] for item in results) for way, results in found.items()}
    pairs = [mine[0] / floor[0] for floor, mine in zip(found["hand"], found["kpicalc"], strict=True)]
    same = len({item[2] for results in found.values() for item in results}) == 1
    kind = "csv" if asked.csv else "Parquet"
    print(f"{asked.rows * asked.times:,} rows, {size:.0f} MB of {kind}, {PAYEES} payees, 5 KPIs; processor seconds")
    print(f"by hand in DuckDB: {seconds['hand']:.2f} s, {peaks['hand']:.0f} MB")
    print(f"kpicalc: {seconds['kpicalc']:.2f} s, {peaks['kpicalc']:.0f} MB, to the query by hand "
          f"{min(pairs):.2f} · {median(pairs):.2f} · {max(pairs):.2f}")  # fmt: skip
    print("the figures are the same" if same else "THE FIGURES DIFFER")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
