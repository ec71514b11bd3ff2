"""The payroll workbook: written sheet by sheet, read back, compared; earlier months that it keeps."""
