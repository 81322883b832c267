"""The registry's pages: lists and forms for administrators, type-aheads for every desk."""
