"""A workbook that nobody has described: what it seems to be, read by the reader of every run, and what is doubtful."""
