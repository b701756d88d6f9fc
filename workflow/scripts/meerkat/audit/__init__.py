"""The audit: how many visits are missed, from looks at moments that were drawn by chance."""
