"""Measures the product as it is used: an own server and database, separate client processes, real requests."""
