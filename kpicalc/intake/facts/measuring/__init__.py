"""What a KPI counts in a table of facts, as queries of any database."""
