"""What stands behind a number: the lines that a word, an entry, a slogan or a target is found in, or their counts."""
