"""The page of cameras: their table, with pictures, clocks, regions and gaps."""
