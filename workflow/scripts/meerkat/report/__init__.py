"""The pages for the browser, and their parts."""
