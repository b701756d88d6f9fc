"""Finds the figures in metrics.json that say how good the model is elsewhere."""


def leak_free(metrics: dict) -> tuple[dict, bool]:
    """The figures to show first, and whether they leave out the Testing clips of videos that are also in Training.

    If every Testing clip comes from a Training video, the figures of all of them are the best there are.
    """
    free = metrics["free_of_leaks"]
    if free is not None and free["clips"] != metrics["clips"]:
        return free, True
    return metrics, False
