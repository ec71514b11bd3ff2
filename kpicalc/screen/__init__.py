"""Output for a person at a terminal and for programs that read JSON: tables, explanations, references."""
