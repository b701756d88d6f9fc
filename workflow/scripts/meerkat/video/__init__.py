"""Films: decoding, motion, the clips cut from them, and the names of films in results."""
