"""Payrolls of earlier months: what kpicalc wrote then is read back, and what it takes from them now."""
