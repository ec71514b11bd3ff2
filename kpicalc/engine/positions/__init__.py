"""People with several rows in a month."""
