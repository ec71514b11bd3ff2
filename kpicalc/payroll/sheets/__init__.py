"""The sheets of the payroll workbook, as they are written."""
