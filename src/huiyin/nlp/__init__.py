"""From text to ranked suggestions with confidence and reasons; no Django, no I/O beside what is passed in."""
