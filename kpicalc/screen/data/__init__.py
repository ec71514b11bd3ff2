"""Output for other programs: one JSON object for each command."""
