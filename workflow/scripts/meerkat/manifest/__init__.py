"""From folders and lists to the clips that are used: listing, image checks, curation, splits, audit."""
