"""Huiyin (回音): the platform of a city's 12345 hotline."""

__version__ = "0.1.0"
