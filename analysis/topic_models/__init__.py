"""Topics over passages: fitting them, judging them, comparing groups by them."""
