"""Beside pay: funnels, plans from earlier months, progress within a month, replays of past months."""
