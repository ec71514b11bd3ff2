"""The pay scheme: from YAML text to a checked scheme; every fault is reported with its line."""
