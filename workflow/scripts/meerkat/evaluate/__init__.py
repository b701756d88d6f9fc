"""From a head to figures that can be trusted: metrics with intervals, thresholds, leaks."""
