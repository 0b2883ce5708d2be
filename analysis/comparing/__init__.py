"""What all comparisons stand on: units and strata, tests and intervals, groups drawn by chance."""
