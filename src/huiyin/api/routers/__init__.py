"""The operations, grouped as the documentation shows them."""
