"""What a person at a terminal or a program reading JSON sees: tables, explanations, references."""
