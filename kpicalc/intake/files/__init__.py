"""Checks files before they are read: their kind, their parts, their faults; returns sheets of cells."""
