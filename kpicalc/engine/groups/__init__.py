"""Figures that several people share: departments, pools, rankings."""
