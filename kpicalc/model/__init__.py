"""Frozen data that every room may import; this room imports no other."""
