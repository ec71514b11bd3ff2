"""The script that somebody who knows pandas would write for this one job: an honest one, not a straw man.

Personnel numbers are read as text, sheets are joined by them, figures are computed column by column in binary floats,
and the result gets number formats, frozen headings and a filter. No checks, no formulas.

    python benchmarks/naive_script.py plan-2026-10.xlsx out.xlsx
"""

import json
import sys
import time

import numpy as np
import pandas as pd

KPIS = {
    "Продажи, руб": 0.3,
    "Маржа, руб": 0.25,
    "Звонки": 0.2,
    "Оценка качества": 0.15,
    "Срок ответа, мин": 0.1,
}
ID = "Табельный номер"
PERSON = [ID, "ФИО", "Подразделение", "Должность"]


def read(path: str) -> pd.DataFrame:
    """Return a row per person with plan and actuals beside each other."""
    sheets = pd.read_excel(path, sheet_name=["Сотрудники", "План", "Факт"], dtype={ID: str}, engine="openpyxl")
    plan, actual = (sheets[name].drop(columns="ФИО") for name in ("План", "Факт"))
    both = plan.merge(actual, on=ID, suffixes=(" план", " факт"))
    return sheets["Сотрудники"].merge(both, on=ID)


def compute(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the payroll and the breakdown."""
    parts = []
    table["Индекс"] = 0.0
    for kpi, weight in KPIS.items():
        part = table[PERSON].copy()
        part["Показатель"] = kpi
        part["План"], part["Факт"] = table[f"{kpi} план"], table[f"{kpi} факт"]
        ratio = part["План"] / part["Факт"] if kpi.startswith("Срок") else part["Факт"] / part["План"]
        part["Выполнение"] = ratio.round(4)
        part["Вес"] = weight
        part["Часть"] = part["Выполнение"] * weight
        table["Индекс"] += part["Часть"]
        parts.append(part)
    index = table["Индекс"] = table["Индекс"].round(4)
    table["Доля премии"] = np.select([index >= 1.2, index >= 0.9, index >= 0.7], [1.3, index, 0.5], 0.0)
    payroll = table[[*PERSON, "Отработано дней", "Индекс", "Доля премии"]].copy()
    payroll["Оклад"] = (table["Оклад"] * table["Отработано дней"] / table["Норма дней"]).round(2)
    payroll["Премия KPI"] = (40000 * table["Доля премии"]).round(2)
    payroll["Комиссия"] = ((table["Продажи, руб факт"] - 150000).clip(lower=0) * 0.025).round(2)
    payroll["Потолок"] = -(payroll["Премия KPI"] + payroll["Комиссия"] - 60000).clip(lower=0)
    payroll["Итого"] = payroll[["Оклад", "Премия KPI", "Комиссия", "Потолок"]].sum(axis=1).round(2)
    breakdown = pd.concat(parts).sort_values(ID, kind="stable")
    return payroll, breakdown


def write(path: str, payroll: pd.DataFrame, breakdown: pd.DataFrame) -> None:
    """Write both tables with number formats."""
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        payroll.to_excel(writer, sheet_name="Ведомость", index=False)
        breakdown.to_excel(writer, sheet_name="Расчёт", index=False)
        formats = {"Ведомость": {"FG": "0.00%", "HIJKL": "#,##0.00"}, "Расчёт": {"FG": "#,##0.00", "HIJ": "0.00%"}}
        for name, columns in formats.items():
            sheet = writer.sheets[name]
            for letters, number_format in columns.items():
                for letter in letters:
                    for cell in sheet[letter][1:]:
                        cell.number_format = number_format
            sheet.freeze_panes = "A2"
            sheet.auto_filter.ref = sheet.dimensions


def main() -> None:
    """Do the job, and print the seconds of each stage as JSON."""
    start = time.perf_counter()
    table = read(sys.argv[1])
    reading = time.perf_counter()
    payroll, breakdown = compute(table)
    computing = time.perf_counter()
    write(sys.argv[2], payroll, breakdown)
    writing = time.perf_counter()
    stages = {"read": reading - start, "compute": computing - reading, "write": writing - computing}
    print(json.dumps({name: {"seconds": seconds} for name, seconds in stages.items()}))


if __name__ == "__main__":
    main()
