"""The pay rules: a closed formula tree, its three readers (numbers, words, Excel), and what composes the trees."""
