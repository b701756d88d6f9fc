"""Films: decoding, motion, the clips cut from them, and how films are named in results."""
