"""What each action does: small functions (case, values, context) -> Change, grouped by who mostly uses them."""
