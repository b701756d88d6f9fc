"""From tracks with scores to visits of animals, and to all that is written of them."""
