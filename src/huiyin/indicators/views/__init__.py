"""The room's pages: comparison and profile, reports and what is missing, trees."""
