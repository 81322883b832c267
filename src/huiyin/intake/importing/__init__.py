"""Brings cases in from files: CSV or Excel, in the column names met in practice or any others by a mapping."""
