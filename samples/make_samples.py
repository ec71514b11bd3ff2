"""Writes the workbooks of the samples: `python samples/make_samples.py [FOLDER]`.

The workbooks are committed; a test compares them, cell by cell, with what this script writes. XlsxWriter is used
because it stores a formula together with its value and writes the same bytes every time.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter

HERE = Path(__file__).parent
NAME = "2026-10.xlsx"
WORKING_DAYS = 22
"""Working days of October 2026 in a five-day week."""
NBSP = "\N{NO-BREAK SPACE}"

Value: TypeAlias = str | int | float | Decimal | date | None
Row: TypeAlias = Sequence[Value]

MONEY, WHOLE, PER_CENT, DATE = "#,##0.00", "#,##0", "0%", "dd.mm.yyyy"


@dataclass(frozen=True)
class Table:
    """A sheet with one table. `formats` are number formats by heading; other cells are shown as they are."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Row]
    formats: Mapping[str, str] = field(default_factory=dict)
    colour: str = "#DDEBF7"


class Book:
    """A workbook in the making."""

    def __init__(self, path: Path, title: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book = xlsxwriter.Workbook(path)
        self.book.set_properties({"title": title, "created": datetime(2026, 11, 2, tzinfo=UTC)})
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **options: Any) -> Any:
        """Return a cell format; each one is made once."""
        key = tuple(sorted(options.items()))
        if key not in self._styles:
            self._styles[key] = self.book.add_format({"font_name": "Calibri", "font_size": 11, **options})
        return self._styles[key]

    def write(self, sheet: Any, row: int, column: int, value: Value, style: Any) -> None:
        """Write one cell, whatever it holds."""
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, style)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, style)
        else:
            sheet.write_number(row, column, float(value), style)

    def table(self, table: Table, *, head: int = 0) -> Any:
        """Add a sheet with a table whose headings stand in row `head` (from 0), and return the sheet."""
        sheet = self.book.add_worksheet(table.name)
        style = self.style(bold=True, bg_color=table.colour, border=1, text_wrap=True, align="center", valign="vcenter")
        sheet.set_row(head, 33)
        for column, heading in enumerate(table.headings):
            sheet.write_string(head, column, heading, style)
            longest = max((len(_shown(row[column])) for row in table.rows), default=0)
            # Wide enough for the longest cell, the longest word of the heading, and the heading in two lines.
            word = max(map(len, heading.split()))
            sheet.set_column(column, column, max(longest + 2, word + 3, len(heading) // 2 + 5, 9))
            number_format = table.formats.get(heading)
            cell = self.style(border=1, num_format=number_format) if number_format else self.style(border=1)
            for index, row in enumerate(table.rows, head + 1):
                self.write(sheet, index, column, row[column], cell)
        sheet.freeze_panes(head + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet


def _shown(value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return f"{value:,.2f}" if isinstance(value, float | Decimal) else str(value or "")


PEOPLE = ("Табельный номер", "Сотрудник", "Подразделение", "Должность")


def tabelly(path: Path) -> None:
    """Write salary + actions + bonus: who did the whole set, who sold how much."""
    book = Book(path, "Отдел продаж, октябрь 2026")
    seller = "Менеджер по продажам"
    people = [
        ("00042", "Иванова Анна Сергеевна", 22, (100, 70, 60), 100000),
        ("00043", "Петров Олег Николаевич", 22, (120, 74, 59), 180000),
        ("00044", "Сидорова Мария Игоревна", 22, (103, 71, 60), 15000),
        ("00045", "Кузнецов Павел Андреевич", 13, (58, 40, 33), Decimal("64320.50")),
        ("00046", "Яковлева Дарья Олеговна", 22, (140, 95, 81), Decimal("412755.40")),
    ]
    book.table(
        Table(
            "Сотрудники",
            (*PEOPLE, "Отработано дней", "Норма дней"),
            [(number, name, "Отдел продаж", seller, days, WORKING_DAYS) for number, name, days, _, _ in people],
        )
    )
    book.table(
        Table(
            "Факт",
            (
                "Табельный номер",
                "Сотрудник",
                "Холодные звонки",
                "Разговоры с ЛПР",
                "Коммерческие предложения",
                "Продажи",
            ),
            [(number, name, *actions, sales) for number, name, _, actions, sales in people],
            {"Продажи": MONEY},
            "#E2EFDA",
        )
    )
    book.book.close()


def salary_project(path: Path) -> None:
    """Write a month whose pay goes to the bank: accounts and insurance numbers beside the names."""
    book = Book(path, "Выплата на счета, октябрь 2026")
    seller = "Менеджер по продажам"
    # The accounts are made up; their keys fit BIC 049805746 of the Bank of Russia's worked example.
    people = [
        ("00042", "Иванова Анна Сергеевна", 22, "40817810700000000001", 420000, 0),
        ("00043", "Ким Ли", 22, "40817810000000000002", 610000, 2),
        ("00044", "Яковлева Дарья Олеговна", 11, "40817810300000000003", Decimal("123456.78"), 0),
    ]
    book.table(
        Table(
            "Сотрудники",
            (*PEOPLE, "Отработано дней", "Норма дней", "Лицевой счёт"),
            [
                (number, name, "Отдел продаж", seller, days, WORKING_DAYS, account)
                for number, name, days, account, *_ in people
            ],
        )
    )
    book.table(
        Table(
            "Факт",
            ("Табельный номер", "Сотрудник", "Продажи", "Жалобы"),
            [(number, name, sales, complaints) for number, name, _, _, sales, complaints in people],
            {"Продажи": MONEY},
            "#E2EFDA",
        )
    )
    book.book.close()


def planned_premium(path: Path) -> None:
    """Write pairs with equal revenue, paid by premium and by commission; a minimum standard; several KPIs."""
    book = Book(path, "Плановая премия, октябрь 2026")
    premium, commission, minimum, several = (
        "Плановая премия",
        "Комиссия 2 %",
        "Премия с минимумом",
        "Несколько показателей",
    )
    plan = 500000
    people = [
        ("0101", "Андреев Михаил Юрьевич", premium, 500000, None, None),
        ("0102", "Белова Ирина Петровна", premium, 730000, None, None),
        ("0103", "Волков Сергей Олегович", premium, Decimal("333333.33"), None, None),
        ("0104", "Громова Алла Викторовна", commission, 500000, None, None),
        ("0105", "Дроздов Илья Романович", commission, 730000, None, None),
        ("0106", "Ершова Нина Павловна", commission, Decimal("333333.33"), None, None),
        ("0107", "Жуков Антон Сергеевич", minimum, 300000, None, None),
        ("0108", "Зимина Ольга Ильинична", minimum, Decimal("299999.99"), None, None),
        ("0109", "Ильин Кирилл Андреевич", minimum, 575000, None, None),
        ("0110", "Крылова Вера Дмитриевна", several, 550000, 9, 16),
        ("0111", "Лукин Егор Максимович", several, 280000, 18, 25),
        ("0112", "Макарова Софья Львовна", several, 900000, 5, 20),
    ]
    book.table(
        Table(
            "Сотрудники",
            (*PEOPLE, "Схема"),
            [(number, name, "Отдел продаж", "Менеджер", scheme) for number, name, scheme, *_ in people],
        )
    )
    headings = ("Табельный номер", "Сотрудник", "Выручка, руб", "Новые клиенты, шт", "Время ответа, мин")
    formats = {"Выручка, руб": MONEY}
    # Commission needs no plan: its cells stay blank.
    book.table(
        Table(
            "План",
            headings,
            [
                (number, name, None if scheme == commission else plan, *((12, 20) if clients else (None, None)))
                for number, name, scheme, _, clients, _ in people
            ],
            formats,
            "#FFF2CC",
        )
    )
    book.table(
        Table(
            "Факт",
            headings,
            [(number, name, revenue, clients, minutes) for number, name, _, revenue, clients, minutes in people],
            formats,
            "#E2EFDA",
        )
    )
    book.book.close()


def marketer(path: Path) -> None:
    """Write per cents as a marketer keeps them: one row per figure, cells formatted as per cents."""
    book = Book(path, "Маркетологи, октябрь 2026")
    kpis = ("Новые клиенты", "Повторные заказы", "Положительные отзывы")
    people: list[tuple[str, str, tuple[str, str, str]]] = [
        ("0007", "Ковалёва Марина Евгеньевна", ("0.22", "0.17", "0.30")),
        ("0008", "Орлов Виктор Степанович", ("0.20", "0.20", "0.20")),
        ("0009", "Тихонова Юлия Борисовна", ("0.18", "0.19", "0.15")),
        ("0010", "Шульга Роман Алексеевич", ("0.14", "0.14", "0.14")),
        ("0011", "Яшина Полина Игоревна", ("0.14", "0.14", "0.13")),
    ]
    book.table(Table("Сотрудники", PEOPLE, [(number, name, "Маркетинг", "Маркетолог") for number, name, _ in people]))
    headings = ("Табельный номер", "Сотрудник", "Показатель", "Значение")
    for sheet, colour, figures in (
        ("План", "#FFF2CC", [("0.20",) * 3] * len(people)),
        ("Факт", "#E2EFDA", [actual for *_, actual in people]),
    ):
        rows = [
            (number, name, kpi, Decimal(value))
            for (number, name, _), values in zip(people, figures, strict=True)
            for kpi, value in zip(kpis, values, strict=True)
        ]
        book.table(Table(sheet, headings, rows, {"Значение": PER_CENT}, colour))
    book.book.close()


EDGES = (
    ("0", "Абрамов Лев Ильич"),
    ("0.6999", "Быкова Инна Олеговна"),
    ("0.70", "Власов Юрий Петрович"),
    ("0.7999", "Гусева Рита Павловна"),
    ("0.80", "Демин Олег Игоревич"),
    ("0.89", "Ежова Анна Львовна"),
    ("0.8999", "Жданов Пётр Ильич"),
    ("0.90", "Зуева Лидия Юрьевна"),
    ("0.9599", "Исаев Глеб Олегович"),
    ("0.96", "Котова Элла Сергеевна"),
    ("0.9899", "Лапин Марк Денисович"),
    ("0.99", "Мухина Ева Андреевна"),
    ("1", "Носов Иван Ильич"),
    ("1.0199", "Осина Майя Петровна"),
    ("1.02", "Попов Артур Юрьевич"),
    ("1.0599", "Рыбина Зоя Ивановна"),
    ("1.06", "Серов Данил Олегович"),
    ("1.0999", "Титова Алина Глебовна"),
    ("1.10", "Уваров Макар Ильич"),
    ("1.60", "Фомина Кира Романовна"),
)
"""The KPI index that a person's figures give, and the name: every edge of the table and the last step before it."""


def band_table(path: Path) -> None:
    """Write people whose index lies on every edge of the table and just below it."""
    book = Book(path, "Премия по шкале, октябрь 2026")
    sales_plan, collected_plan = 1000000, 800000
    plan, actual, people = [], [], []
    for place, (index, name) in enumerate(EDGES):
        number = f"{501 + place}"
        # 60 % x (index + 2 shifts) + 40 % x (index - 3 shifts) is the index itself.
        shift = Decimal("0.01") * (place % 3) if Decimal(index) else Decimal(0)
        sales = sales_plan * (Decimal(index) + 2 * shift)
        collected = collected_plan * (Decimal(index) - 3 * shift)
        people.append((number, name, "Отдел продаж", "Менеджер по продажам"))
        plan.append((number, name, sales_plan, collected_plan))
        actual.append((number, name, sales, collected))
    headings = ("Табельный номер", "Сотрудник", "Отгрузки, руб", "Собрано денег, руб")
    formats = {"Отгрузки, руб": MONEY, "Собрано денег, руб": MONEY}
    book.table(Table("Сотрудники", PEOPLE, people))
    book.table(Table("План", headings, plan, formats, "#FFF2CC"))
    book.table(Table("Факт", headings, actual, formats, "#E2EFDA"))
    book.book.close()


@dataclass(frozen=True)
class Seller:
    """A person of the department. `plan` and `actual` stand in the order of the columns of their sheets."""

    number: str
    name: str
    team: str
    position: str
    salary: int
    days: int = WORKING_DAYS
    fte: float = 1
    phone: str = ""
    note: str = ""
    hired: date = date(2023, 3, 1)
    plan: Row = ()
    actual: Row = ()


ACTIVE, INBOUND, KEY = "Активные продажи", "Входящий поток", "Ключевые клиенты"
LEAD = "Руководитель группы"
HUNTER, OPERATOR, KEEPER = (
    "Менеджер активных продаж",
    "Менеджер входящего потока",
    "Менеджер по ключевым клиентам",
)
PLAN_HEADINGS = (
    "План по марже",
    "План звонков",
    "План встреч",
    "План КП",
    "План заявок",
    "План конверсии",
    "Норматив ответа, мин",
    "План анкет",
    "План допродаж",
)
ACTUAL_HEADINGS = (
    "Маржа по оплатам",
    "Звонки",
    "Встречи",
    "КП",
    "Заявки",
    "Оплаты",
    "Ответ, мин",
    "Анкеты",
    "Допродажи",
    "Жалобы",
    "Просрочка, рубле-дни",
)


def _hunter(margin: int, calls: int, meetings: int, offers: int) -> Row:
    return (margin, calls, meetings, offers, None, None, None, None, None)


def _operator(margin: int, requests: int) -> Row:
    return (margin, None, None, None, requests, Decimal("0.25"), 15, None, None)


def _keeper(margin: int, meetings: int, forms: int, extra: int) -> Row:
    return (margin, None, meetings, None, None, None, None, forms, extra)


SELLERS = (
    Seller("00101", "Лебедев Игорь Павлович", ACTIVE, LEAD, 70000, phone="8-900-000-01-01"),
    Seller("00102", "Морозова Елена Викторовна", ACTIVE, HUNTER, 40000, phone="8-900-000-01-02",
           note="наставник", plan=_hunter(500000, 300, 20, 40),
           actual=(720000, 330, 24, 46, None, None, None, None, None, 1, 1250000)),
    Seller("00103", "Соколов Денис Андреевич", ACTIVE, HUNTER, 40000, phone="8-900-000-01-03",
           plan=_hunter(400000, 300, 20, 40),
           actual=(410000, 270, 18, 38, None, None, None, None, None, 0, 0)),
    Seller("00104", "Новикова Ольга Сергеевна", ACTIVE, HUNTER, 40000, 14, phone="8-900-000-01-04",
           note="отпуск 19–28 октября", plan=_hunter(250000, 190, 13, 25),
           actual=(180000, 140, 11, 21, None, None, None, None, None, 3, 640000)),
    Seller("00105", "Фёдоров Артём Ильич", ACTIVE, HUNTER, 35000, phone="8-900-000-01-05",
           note="испытательный срок", hired=date(2026, 9, 14), plan=_hunter(250000, 300, 15, 30),
           actual=(95000, 285, 12, 27, None, None, None, None, None, 0, 0)),
    Seller("00201", "Захарова Наталья Юрьевна", INBOUND, LEAD, 60000, phone="8-900-000-02-01"),
    Seller("00202", "Павлова Ксения Олеговна", INBOUND, OPERATOR, 32000, phone="8-900-000-02-02",
           plan=_operator(220000, 160),
           actual=(240000, None, None, None, 172, 45, 12, None, None, 0, None)),
    Seller("00203", "Семёнов Вадим Игоревич", INBOUND, OPERATOR, 32000, phone="8-900-000-02-03",
           plan=_operator(220000, 160),
           actual=(205000, None, None, None, 150, 33, 18, None, None, 9, None)),
    Seller("00204", "Голубева Алёна Денисовна", INBOUND, OPERATOR, 32000, WORKING_DAYS, 0.5, "8-900-000-02-04",
           "полставки", plan=_operator(110000, 80),
           actual=(105000, None, None, None, 64, 11, 25, None, None, 0, None)),
    Seller("00301", "Виноградов Пётр Леонидович", KEY, LEAD, 75000, phone="8-900-000-03-01"),
    Seller("00302", "Богданова Светлана Ивановна", KEY, KEEPER, 50000, phone="8-900-000-03-02",
           plan=_keeper(900000, 15, 12, 200000),
           actual=(f"1{NBSP}000{NBSP}000,00", None, 18, None, None, None, None, 15, 260000, 0, 2100000)),
    Seller("00303", "Воробьёв Максим Романович", KEY, KEEPER, 50000, phone="8-900-000-03-03",
           note="спор по договору 214", plan=_keeper(800000, 15, 12, 200000),
           actual=(Decimal("499999.99"), None, 13, None, None, None, None, 10, 150000, 1, 30000000)),
)  # fmt: skip


def department(path: Path) -> None:
    """Write a workbook like the ones people really keep: titles, merged cells, totals, a text for a number."""
    book = Book(path, "Отдел продаж, октябрь 2026")
    _department_people(book)
    sellers = [seller for seller in SELLERS if seller.position != LEAD]
    sheet = book.table(
        Table(
            "План на месяц",
            ("Таб. №", "ФИО", *PLAN_HEADINGS),
            [(seller.number, seller.name, *seller.plan) for seller in sellers],
            {"План по марже": WHOLE, "План допродаж": WHOLE, "План конверсии": PER_CENT},
            "#FFE699",
        ),
        head=2,
    )
    _title(book, sheet, "План отдела продаж на октябрь 2026", len(PLAN_HEADINGS) + 2)
    _department_results(book, sellers)
    sheet = book.table(
        Table(
            "План отдела",
            ("Группа", "Показатель", "Минимум", "Норма", "Максимум", "Кто утвердил"),
            [
                (ACTIVE, "Маржа группы", 1200000, 1400000, 1700000, "Директор, 28.09.2026"),
                (INBOUND, "Маржа группы", 550000, 650000, 800000, "Директор, 28.09.2026"),
                (KEY, "Маржа группы", 1500000, 1800000, 2200000, "Директор, 28.09.2026"),
            ],
            {"Минимум": WHOLE, "Норма": WHOLE, "Максимум": WHOLE},
            "#FFE699",
        ),
        head=2,
    )
    _title(book, sheet, "Планы групп по марже полученных оплат", 6)
    sheet = book.table(
        Table(
            "Корректировки",
            ("Месяц", "Таб. №", "ФИО", "Сумма", "Основание"),
            [
                ("2026-09", "00103", "Соколов Денис Андреевич", 2000, "Премия за выставку"),
                ("2026-10", "00102", "Морозова Елена Викторовна", 5000, "Наставничество: стажёр Фёдоров"),
                ("2026-10", "00103", "Соколов Денис Андреевич", -3200, "Возврат оплаты по счёту 1187 (сентябрь)"),
                ("2026-10", "00203", "Семёнов Вадим Игоревич", 1500, "Замена на выходном 17 октября"),
                ("2026-10", "00203", "Семёнов Вадим Игоревич", Decimal("-800.50"), "Личные звонки за сентябрь"),
                ("2026-10", "00301", "Виноградов Пётр Леонидович", 10000, "Запуск склада в Твери"),
            ],
            {"Сумма": MONEY},
            "#F8CBAD",
        )
    )
    sheet.write_comment("D4", "Комиссия с вернувшейся оплаты: 40 000 × 8 %", {"author": "Бухгалтерия"})
    book.book.close()


def _department_people(book: Book) -> None:
    headings = (
        "№ п/п", "Таб. №", "ФИО", "Группа", "Должность", "Дата приёма", "Оклад", "Ставка", "Отработано дней",
        "Норма дней", "Телефон", "Комментарий",
    )  # fmt: skip
    rows: list[Row] = [
        (place, seller.number, seller.name, seller.team, seller.position, seller.hired, seller.salary, seller.fte,
         seller.days, WORKING_DAYS, seller.phone, seller.note)
        for place, seller in enumerate(SELLERS, 1)
    ]  # fmt: skip
    sheet = book.table(
        Table("Сотрудники", headings, rows, {"Оклад": WHOLE, "Ставка": "0.0", "Дата приёма": DATE}, "#BDD7EE"), head=3
    )
    _title(book, sheet, "Отдел продаж. Список сотрудников на октябрь 2026", len(headings))
    sheet.write_string(1, 0, "Ответственный: Захарова Н. Ю.; норма месяца — 22 дня", book.style(italic=True))
    sheet.set_column("F:F", 12, None, {"hidden": True})
    sheet.write_comment("I8", "По табелю: отпуск с 19 по 28 октября, 8 рабочих дней", {"author": "Кадры"})
    _totals(book, sheet, 4, {6: [seller.salary for seller in SELLERS]}, len(headings), label=2)


def _department_results(book: Book, sellers: Sequence[Seller]) -> None:
    headings = ("Таб. №", "ФИО", *ACTUAL_HEADINGS, "Комментарий")
    formats = {"Маржа по оплатам": MONEY, "Допродажи": WHOLE, "Просрочка, рубле-дни": WHOLE}
    rows = [(seller.number, seller.name, *seller.actual, seller.note) for seller in sellers]
    sheet = book.table(Table("Итоги месяца", headings, rows, formats, "#C6E0B4"), head=3)
    _title(book, sheet, "Итоги октября 2026: что сделано и что оплачено", len(headings))
    group = book.style(bold=True, bg_color="#E2EFDA", border=1, align="center")
    sheet.merge_range(2, 3, 2, 7, "Работа", group)
    sheet.merge_range(2, 9, 2, 10, "Клиенты", group)
    sheet.merge_range(2, 11, 2, 12, "Удержания", group)
    # As in a spreadsheet, the sum of a column leaves out the margin that is kept as text.
    totals = {
        column: [row[column] for row in rows if not isinstance(row[column], str)]
        for column in range(2, 2 + len(ACTUAL_HEADINGS))
        if headings[column] != "Ответ, мин"
    }
    _totals(book, sheet, 4, totals, len(headings))


def payments(path: Path) -> None:
    """Write a commission on the margin of payments received: a row per payment, nobody's figures ready-made."""
    book = Book(path, "Комиссия с оплат, октябрь 2026")
    people = (
        ("00061", "Орлова Вера Павловна"), ("00062", "Громов Илья Сергеевич"), ("00063", "Титов Егор Львович"),
    )  # fmt: skip
    book.table(Table("Сотрудники", PEOPLE, [(*person, "Отдел продаж", "Менеджер") for person in people]))
    rows: list[Row] = [
        ("О-090", "00061", 400000, 300000, 400000, date(2026, 9, 30), date(2026, 9, 28)),
        ("О-091", "00063", 20000, 10000, 20000, date(2026, 9, 20), date(2026, 9, 20)),
        ("О-101", "00061", 300000, 210000, 300000, date(2026, 10, 10), date(2026, 10, 8)),
        ("О-102", "00061", 500000, 380000, 200000, date(2026, 10, 15), date(2026, 10, 25)),
        ("О-103", "00061", -50000, -35000, -50000, date(2026, 10, 20), date(2026, 10, 20)),
        ("О-104", "00061", 800000, 600000, None, date(2026, 10, 25), None),
        ("О-105", "00062", 1000000, 700000, 1000000, date(2026, 10, 31), date(2026, 10, 31)),
        ("О-106", "00062", 90000, 60000, 30000, date(2026, 10, 5), date(2026, 10, 1)),
        ("О-107", "00063", 70000, Decimal("62999.99"), 70000, date(2026, 10, 1), date(2026, 10, 31)),
        ("О-108", "00063", Decimal("33333.33"), 30000, Decimal("11111.11"), date(2026, 10, 15), date(2026, 10, 15)),
    ]
    heads = ("Номер", "Менеджер, таб. №", "Сумма сделки", "Себестоимость", "Поступило", "Срок оплаты", "Дата оплаты")
    formats = dict.fromkeys(heads[2:5], MONEY) | dict.fromkeys(heads[5:], DATE)
    book.table(Table("Оплаты", heads, rows, formats, "#E2EFDA"))
    book.book.close()


def incoming(path: Path) -> None:
    """Write people and plans of an incoming stream; its figures come from requests.csv beside the workbook."""
    book = Book(path, "Входящий поток, октябрь 2026")
    people = (
        ("00071", "Белкина Ольга Ивановна"), ("00072", "Ершов Пётр Андреевич"), ("00073", "Лосева Инна Юрьевна"),
    )  # fmt: skip
    position = "Менеджер входящего потока"
    book.table(Table("Сотрудники", PEOPLE, [(*person, "Входящий поток", position) for person in people]))
    heads = ("Табельный номер", "Сотрудник", "Конверсия", "Ответ за 30 минут", "Средний чек")
    plans = [(*person, Decimal("0.5"), 1, 8000) for person in people]
    formats = {"Конверсия": PER_CENT, "Ответ за 30 минут": PER_CENT, "Средний чек": MONEY}
    book.table(Table("План", heads, plans, formats, "#E2EFDA"))
    book.book.close()


def _title(book: Book, sheet: Any, text: str, width: int) -> None:
    style = book.style(bold=True, font_size=14, font_color="#1F4E78", align="center", valign="vcenter")
    sheet.merge_range(0, 0, 0, width - 1, text, style)
    sheet.set_row(0, 24)


def _totals(
    book: Book, sheet: Any, first: int, columns: Mapping[int, Sequence[Any]], width: int, *, label: int = 1
) -> None:
    """Write a totals row below the table: formulas with their values."""
    count = len(next(iter(columns.values())))
    last = first + max(count, *(len(values) for values in columns.values()))
    row = sheet.dim_rowmax + 1
    assert row >= last
    plain = book.style(bold=True, bg_color="#D9D9D9", border=1)
    money = book.style(bold=True, bg_color="#D9D9D9", border=1, num_format="#,##0")
    for column in range(width):
        sheet.write_blank(row, column, None, plain)
    sheet.write_string(row, label, "Итого", plain)
    for column, values in columns.items():
        letter = chr(ord("A") + column)
        value = sum(Decimal(str(value)) for value in values if value is not None)
        sheet.write_formula(row, column, f"=SUM({letter}{first + 1}:{letter}{row})", money, float(value))


def points(path: Path) -> None:
    """Write salary + points: what was done, what points there were, and what was exchanged for rewards."""
    book = Book(path, "Отдел заботы о клиентах, октябрь 2026")
    people = [
        ("00501", "Орлова Татьяна Викторовна", 60000, 22, (420, 300), (140, 6, 3, 0)),
        ("00502", "Зайцев Игорь Петрович", 55000, 22, (0, None), (96, 2, 0, 2)),
        ("00503", "Мельник Ольга Дмитриевна", 60000, 11, (1440, None), (70, 3, 1, 1)),
        ("00504", "Фролов Антон Сергеевич", 50000, 22, (300, 150), (0, 0, 0, 5)),
        ("00505", "Новикова Елена Павловна", 45000, 15, (0, None), (52, 1, 0, 0)),
    ]
    role = "Специалист по заботе о клиентах"
    book.table(
        Table(
            "Сотрудники",
            (*PEOPLE, "Оклад", "Отработано дней", "Норма дней", "Остаток баллов", "Потрачено баллов"),
            [
                (number, name, "Отдел заботы", role, salary, days, WORKING_DAYS, *balance)
                for number, name, salary, days, balance, _ in people
            ],
            {"Оклад": MONEY, "Остаток баллов": WHOLE, "Потрачено баллов": WHOLE},
        )
    )
    book.table(
        Table(
            "Факт",
            ("Табельный номер", "Сотрудник", "Звонки клиентам", "Оплаты", "Отзывы клиентов", "Жалобы"),
            [(number, name, *done) for number, name, _, _, _, done in people],
            colour="#E2EFDA",
        )
    )
    book.book.close()


def brigade(path: Path) -> None:
    """Write two brigades: a pool by КТУ and days, foremen, the income and the tax of the year, a writ."""
    book = Book(path, "Монтажные бригады, октябрь 2026")
    worker, foreman = "Монтажник", "Бригадир"
    first, second = "Бригада 1", "Бригада 2"
    share = Decimal("0.25")
    people = [
        ("0201", "Орлов Виктор Иванович", first, foreman, 22, 2350000, 305500, 0, None, 300000, None),
        ("0202", "Зайцев Роман Олегович", first, worker, 22, 800000, 104000, 0, 0, 400000, 1),
        ("0203", "Киселёв Артём Павлович", first, worker, 20, 750000, 97500, 1400, 0, 350000, Decimal("1.2")),
        ("0204", "Лосев Денис Юрьевич", first, worker, 22, 700000, 91000, 0, share, 250000, Decimal("0.9")),
        ("0205", "Медведев Антон Ильич", second, foreman, 22, 0, 0, 0, None, Decimal("133333.33"), None),
        ("0206", "Носов Игорь Петрович", second, worker, 22, 600000, 78000, 0, 0, 300000, 1),
        ("0207", "Панин Семён Андреевич", second, worker, 22, 600000, 78000, 0, 0, 300000, 1),
        ("0208", "Рогов Максим Львович", second, worker, 22, 600000, 78000, 2800, 0, 100000, 1),
    ]
    tax = ("Доход с начала года", "НДФЛ с начала года", "Вычеты по НДФЛ", "Исполнительный лист, доля")
    book.table(
        Table(
            "Сотрудники",
            (*PEOPLE, "Отработано дней", "Норма дней", *tax),
            [(*person[:5], WORKING_DAYS, *person[5:9]) for person in people],
            dict.fromkeys(tax[:3], MONEY) | {tax[3]: PER_CENT},
        )
    )
    book.table(
        Table(
            "Факт",
            ("Табельный номер", "Сотрудник", "Выполненные работы", "КТУ"),
            [(number, name, works, ktu) for number, name, *_, works, ktu in people],
            {"Выполненные работы": MONEY},
            "#E2EFDA",
        )
    )
    book.book.close()


def funnel(path: Path) -> None:
    """Write a month's way from the first call to the second purchase, and the half a year before it."""
    book = Book(path, "Воронка продаж, октябрь 2026")
    seller = "Менеджер по продажам"
    people = [
        ("00042", "Иванова Анна Сергеевна", "Юг", (100, 70, 60, 20, 5), 100000),
        ("00043", "Петров Олег Николаевич", "Юг", (120, 60, 30, 12, 2), 60000),
        ("00044", "Сидорова Мария Игоревна", "Север", (140, 105, 84, 28, 7), 140000),
        ("00045", "Новиков Илья Денисович", "Север", (90, 45, 18, 6, 0), 30000),
    ]
    stages = ("Холодные звонки", "Разговоры с ЛПР", "Коммерческие предложения", "Оплаты", "Вторые покупки")
    book.table(
        Table(
            "Сотрудники",
            (*PEOPLE, "Отработано дней", "Норма дней"),
            [(number, name, group, seller, WORKING_DAYS, WORKING_DAYS) for number, name, group, *_ in people],
        )
    )
    book.table(
        Table(
            "Факт",
            ("Табельный номер", "Сотрудник", *stages, "Продажи"),
            [(number, name, *figures, sales) for number, name, _, figures, sales in people],
            {"Продажи": MONEY},
            "#E2EFDA",
        )
    )
    # Calls, offers, payments; the fourth has been here for two months.
    before = {
        "00042": [(95, 58, 18), (105, 62, 22), (100, 60, 20), (98, 55, 19), (102, 65, 21), (100, 60, 20)],
        "00043": [(110, 42, 14), (112, 38, 16), (108, 40, 15), (115, 44, 17), (105, 36, 13), (110, 40, 15)],
        "00044": [(118, 78, 28), (122, 82, 32), (120, 80, 30), (121, 84, 31), (119, 76, 29), (120, 80, 30)],
        "00045": [(60, 10, 2), (80, 14, 5)],
    }
    rows = [
        (number, f"2026-{10 - len(months) + at:02}", *figures)
        for number, months in before.items()
        for at, figures in enumerate(months)
    ]
    book.table(Table("История", ("Табельный номер", "Период", stages[0], stages[2], stages[3]), rows, {}, "#FFF2CC"))
    book.book.close()


PAST_SALES = {"2026-07": (100000, 500000), "2026-08": (300000, 200000), "2026-09": (250000, 390000)}
"""Sales of the two managers in the months that are replayed."""
MANAGERS = (("00042", "Белова Анна"), ("00043", "Чернов Олег"))


def past(path: Path) -> None:
    """Write a month that was paid: July says that nobody owes an advance, later months leave that to those before."""
    book = Book(path, "Отдел продаж")
    people = [(number, name, "Отдел продаж", "Менеджер") for number, name in MANAGERS]
    if path.stem == "2026-07":
        heads = (*PEOPLE, "Долг по авансу на начало месяца")
        book.table(Table("Сотрудники", heads, [(*person, 0) for person in people]))
    else:
        book.table(Table("Сотрудники", PEOPLE, people))
    rows = [(number, amount) for (number, _), amount in zip(MANAGERS, PAST_SALES[path.stem], strict=True)]
    book.table(Table("Факт", ("Табельный номер", "Продажи"), rows, {"Продажи": MONEY}))
    book.book.close()


def incentives(path: Path) -> None:
    """Write a month with plans: sales, calls, the quality of talks."""
    book = Book(path, "Отдел продаж, октябрь 2026")
    people = [(number, name, "Отдел продаж", "Менеджер", 0) for number, name in MANAGERS]
    book.table(Table("Сотрудники", (*PEOPLE, "Долг по авансу на начало месяца"), people))
    heads = ("Табельный номер", "Продажи", "Звонки", "Оценка разговоров")
    formats = {"Продажи": MONEY, "Оценка разговоров": PER_CENT}
    plans = [("00042", 200000, 100, Decimal("0.8")), ("00043", 250000, 120, Decimal("0.8"))]
    actuals = [("00042", 200000, 90, Decimal("0.84")), ("00043", 300000, 132, Decimal("0.72"))]
    book.table(Table("План", heads, plans, formats))
    book.table(Table("Факт", heads, actuals, formats))
    book.book.close()


QUARTER_PEOPLE = (
    ("0301", "Белова Анна Юрьевна", 60000, None),
    ("0302", "Громов Павел Ильич", 50000, None),
    ("0303", "Ким Вера Сергеевна", 45000, date(2026, 8, 3)),
)
QUARTER: Mapping[str, Sequence[tuple[str, int, float, int, int | None]]] = {
    "2026-07": [("0301", 1000000, 800000, 3, None), ("0302", 1000000, 1000000, 2, None)],
    "2026-08": [
        ("0301", 1000000, 700000, 2, None),
        ("0302", 1000000, 800000, 2, None),
        ("0303", 500000, 250000, 4, None),
    ],
    "2026-09": [
        ("0301", 1000000, 1200000.50, 5, 10),
        ("0302", 1000000, 1000000, 2, 10),
        ("0303", 500000, 400000.10, 4, 7),
    ],
    "2026-10": [
        ("0301", 1000000, 900000, 1, None),
        ("0302", 1000000, 1100000, 3, None),
        ("0303", 600000, 600000, 2, None),
    ],
}
"""By month: number, plan, sales, new clients, and in the last month of the quarter how many clients were planned."""

HELD_BEFORE: Mapping[str, Mapping[str, int]] = {
    "2026-07": {"0301": 0, "0302": 0},
    "2026-10": {"0301": 8100, "0302": 8400, "0303": 1950},
}
"""What stood held back at a month's start: of nobody before July; October has it typed in too."""


def quarter(path: Path) -> None:
    """Write a month of a quarter: an advance on sales, a part of which waits for the quarter's end."""
    book = Book(path, "Отдел продаж: квартал")
    rows = QUARTER[path.stem]
    known = {number: (name, salary, hired) for number, name, salary, hired in QUARTER_PEOPLE}
    people = [(number, known[number][0], "Отдел продаж", "Менеджер", *known[number][1:]) for number, *_ in rows]
    heads: tuple[str, ...] = (*PEOPLE, "Оклад", "Принят")
    if path.stem in HELD_BEFORE:
        heads = (*heads, "Отложено и не выплачено на начало месяца")
        people = [(*person, HELD_BEFORE[path.stem].get(person[0])) for person in people]
    book.table(Table("Сотрудники", heads, people, {"Оклад": MONEY, "Принят": DATE}))
    stated = path.stem == "2026-09"
    plans = [(number, plan, *([clients] if stated else [])) for number, plan, _, _, clients in rows]
    heads = ("Табельный номер", "Продажи", *(["Новые клиенты"] if stated else []))
    book.table(Table("План", heads, plans, {"Продажи": MONEY}))
    actuals = [(number, sales, clients) for number, _, sales, clients, _ in rows]
    book.table(Table("Факт", ("Табельный номер", "Продажи", "Новые клиенты"), actuals, {"Продажи": MONEY}, "#E2EFDA"))
    book.book.close()


def deals(path: Path) -> None:
    """Write a month of deals and the sheet of their rates: by product, by whether the client is new, by discount."""
    book = Book(path, "Комиссия со сделок, октябрь 2026")
    people = [
        ("0401", "Абрамов Илья Олегович", "Отдел продаж", "Менеджер"),
        ("0402", "Власова Нина Петровна", "Отдел продаж", "Менеджер"),
        ("0403", "Ершов Глеб Антонович", "Отдел продаж", "Менеджер"),
    ]
    book.table(Table("Сотрудники", PEOPLE, people))
    october = [date(2026, 10, day) for day in range(1, 32)]
    first, new, old = "Станки", "новый", "повторный"
    rows: list[Row] = [
        ("Д-101", "0401", 250000, first, new, 0, october[1], october[1]),
        ("Д-102", "0401", 120000.50, "станки ", old, 0.12, october[0], october[4]),
        ("Д-103", "0401", -50000, first, new, 0, october[8], october[8]),
        ("Д-104", "0402", 80000, "Сервис", new, 0.05, october[8], october[11]),
        ("Д-105", "0402", 33333.33, "Сервис", "Повторный", 0, october[19], october[13]),
        ("Д-106", "0402", 400000, first, new, 0.1, october[19], october[19]),
        ("Д-107", "0403", 99999.99, first, old, 0.09, october[9], october[21]),
        ("Д-108", "0403", 60000, "Сервис", new, 0, october[30], None),
        ("Д-109", "0403", 150000, first, new, 0, october[30], date(2026, 11, 2)),
    ]
    heads = ("Номер", "Табельный номер", "Сумма", "Товар", "Клиент", "Скидка", "Срок оплаты", "Оплачено")
    formats = {"Сумма": MONEY, "Скидка": PER_CENT, "Срок оплаты": DATE, "Оплачено": DATE}
    book.table(Table("Сделки", heads, rows, formats, "#E2EFDA"))
    rates = [
        (first, new, 0, 0.05),
        (first, new, 0.1, 0.03),
        (first, old, 0, 0.04),
        (first, old, 0.1, 0.02),
        ("Сервис", new, 0, 0.08),
        ("Сервис", old, 0, 0.06),
    ]
    table = Table(
        "Ставки", ("Товар", "Клиент", "Скидка от", "Ставка"), rates, {"Скидка от": PER_CENT, "Ставка": PER_CENT}
    )
    book.table(table)
    book.book.close()


def workshop(path: Path) -> None:
    """Write a month of a workshop: assemblers by their own hour and the piece, operators by the shift and the piece."""
    book = Book(path, "Цех, октябрь 2026")
    people = [
        ("0501", "Гусев Роман Ильич", "Сборка", "Сборщик", 350, 160, None, 600, 3),
        ("0502", "Дёмина Ольга Львовна", "Сборка", "Сборщик", 320.50, 151.5, None, 500, 0),
        ("0503", "Жуков Пётр Андреевич", "Сборка", "Сборщик", 300, 80, None, 120, 10),
        ("0511", "Крылова Инна Юрьевна", "Станки", "Оператор", None, None, 15, 1200, 4),
        ("0512", "Лапин Денис Олегович", "Станки", "Оператор", None, None, 14, 999, 0),
        ("0513", "Мишин Артур Игоревич", "Станки", "Оператор", None, None, 7, 1000, 0),
    ]
    heads = (*PEOPLE, "Ставка за час", "Отработано часов", "Отработано смен")
    book.table(Table("Сотрудники", heads, [person[:7] for person in people], {"Ставка за час": MONEY}))
    done = [(number, *person[6:]) for number, *person in people]
    book.table(Table("Факт", ("Табельный номер", "Сделано", "Брак"), done, {}, "#E2EFDA"))
    book.book.close()


PAST: Mapping[str, Callable[[Path], None]] = {
    "2026-07.xlsx": past,
    "2026-08.xlsx": past,
    "2026-09.xlsx": past,
    "2026-10.xlsx": incentives,
}
"""The months of the sample `decide`, by file name."""

SAMPLES: Mapping[str, Callable[[Path], None]] = {
    "tabelly": tabelly,
    "planned-premium": planned_premium,
    "marketer": marketer,
    "band-table": band_table,
    "department": department,
    "salary-project": salary_project,
    "payments": payments,
    "incoming": incoming,
    "points": points,
    "funnel": funnel,
    "brigade": brigade,
    "deals": deals,
    "workshop": workshop,
}


def write_all(folder: Path) -> list[Path]:
    """Write every workbook into its folder below the given one."""
    written = []
    for name, write in SAMPLES.items():
        path = folder / name / NAME
        write(path)
        written.append(path)
    for name, write in PAST.items():
        path = folder / "decide" / name
        write(path)
        written.append(path)
    for month in QUARTER:
        path = folder / "quarter" / f"{month}.xlsx"
        quarter(path)
        written.append(path)
    return written


if __name__ == "__main__":
    for written in write_all(Path(sys.argv[1]) if sys.argv[1:] else HERE):
        print(written)
