"""How a table lies on its sheet: where it begins and ends, its headings, other layouts made into rows."""
