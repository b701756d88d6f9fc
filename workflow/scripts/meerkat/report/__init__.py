"""The pages for the browser, and what they are made of."""
