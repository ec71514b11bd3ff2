"""Besides pay: funnels, plans that follow from earlier months, progress within a month."""
