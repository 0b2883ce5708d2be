"""Cities in profile: what sets each one's reports apart, for one city or for all of them at once."""
