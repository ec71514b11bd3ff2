"""Where tables of facts come from: sheets, files, databases, and their cells as typed columns."""
