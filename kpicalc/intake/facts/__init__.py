"""Tables of facts: from events (deals, requests, calls) to a figure per payee and KPI."""
