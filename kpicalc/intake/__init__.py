"""From files to typed tables: the scheme and the workbook, every value with its place, every doubt an issue."""
