"""Tells other systems of events: planned with the events' own readers, signed, sent by jobs, tried again for a day."""
