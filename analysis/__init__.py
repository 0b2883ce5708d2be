"""Clean Chinese texts about investment attraction and compare how cities talk."""
