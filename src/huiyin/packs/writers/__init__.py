"""The forms of a pack: each takes the contents and the drawn charts and adds no figure of its own."""
