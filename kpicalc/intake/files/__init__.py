"""What a file is before anybody trusts it: its kind, its parts, its faults, its sheets of cells."""
