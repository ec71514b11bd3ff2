"""The sheets of people: from cells to typed figures, every value with its place, every problem an issue."""
