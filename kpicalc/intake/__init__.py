"""Reading files into typed tables: the scheme and the workbook, every value with its place, every problem an issue."""
