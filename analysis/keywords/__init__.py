"""What sets groups apart: weights that describe, tests that can be defended, and how far to trust them."""
