"""How alike groups are: distances, tests of them, clusters and positions."""
