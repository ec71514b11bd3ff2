"""The pay scheme: from YAML text to a checked scheme, every fault with its line."""
