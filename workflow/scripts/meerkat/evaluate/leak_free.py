"""Which of the figures in metrics.json say how good the model is elsewhere."""


def leak_free(metrics: dict) -> tuple[dict, bool]:
    """The figures to put first, and whether they leave out Testing clips: those of videos that are also in Training.

    Where every Testing clip is of a Training video there is nothing better than all of them.
    """
    free = metrics["free_of_leaks"]
    if free is not None and free["clips"] != metrics["clips"]:
        return free, True
    return metrics, False
