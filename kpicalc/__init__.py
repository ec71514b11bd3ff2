"""kpicalc: a plan-and-actuals workbook and a pay scheme in, a payroll workbook that explains every amount out."""

__version__ = "0.2.0"
