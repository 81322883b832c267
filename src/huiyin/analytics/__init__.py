"""Statistics over arrays and tables passed in: how far a figure can be believed. No framework, no database."""
