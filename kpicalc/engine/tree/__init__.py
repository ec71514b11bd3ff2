"""The formula tree of a pay rule: what people write, and its three readers (numbers, words, Excel)."""
