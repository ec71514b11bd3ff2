"""The payroll workbook: writing its sheets, reading it back, comparing payrolls, taking figures from earlier months."""
