"""From rows to what a person reads: names for numbers, lines for events, the sheet of a case."""
