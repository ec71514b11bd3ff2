"""What a month takes from earlier payrolls."""
