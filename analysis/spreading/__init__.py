"""How phrases and text travel from city to city."""
