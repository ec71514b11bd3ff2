"""Rows of facts that are paid one by one, and their rates."""
