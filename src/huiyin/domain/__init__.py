"""The rules of the hotline: dataclasses and functions; standard library only, no clock, no I/O, no randomness."""
