"""One change at a time: what a slip in a cell or in a scheme does to pay, and whether anybody is told.

Every sample and template is paid as it is, then again with every cell and every scalar and key changed in about twenty
ways. What changes pay and says nothing must stand in `silent.yaml` with a reason.
"""
