"""What to do next: decided in one place, for the page for sorting and for the report."""
