"""The payroll workbook read back, and the proof that it is as it was written."""
