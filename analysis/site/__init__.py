"""The report's site: what its pages share, a page for each city, the tables to download."""
