"""Views: one room for each question that is asked of the weave."""
