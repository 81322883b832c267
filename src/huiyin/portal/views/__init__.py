"""The citizen's pages: the entrance, filing a matter, following it."""
