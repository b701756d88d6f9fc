"""From tracks with scores to visits of animals, and to everything that is written about them."""
