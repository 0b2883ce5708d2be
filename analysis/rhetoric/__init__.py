"""How a text speaks: its devices, promises, targets, slogans and figures, each hit with its place in the text."""
