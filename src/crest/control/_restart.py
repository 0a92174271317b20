"""What rolls forward from CARE's campaigns: the end, or an earlier checkpoint after a rejection."""

from collections import defaultdict

from crest.records import CampaignCurve, History, Selection, Snapshot


def select_end_or_restart(history: History, curve: CampaignCurve) -> Selection:
    """Return the last step of a campaign; of one that was rejected, the best earlier checkpoint."""
    if curve.steps_run > 0:
        return Selection(step=curve.steps_run, reason="the last step rolls forward")
    return select_best_start(history, curve)


def select_best_start(history: History, curve: CampaignCurve) -> Selection:
    """Return the checkpoint with the highest select pass@1 as a campaign's start.

    Each checkpoint that rolled forward was measured before the first step of the campaign after
    it, on that campaign's problems [ours]; one that started several campaigns is judged by all of
    its samples together. Of equals the last counts, so that a chain does not go back for nothing.
    """
    starts = [past.curve.snapshots[0] for past in history.decisions] + [curve.snapshots[0]]
    origins = _origins(history)
    measured = defaultdict(list)
    for origin, start in zip(origins, starts, strict=True):
        measured[origin].append(start)
    best = max(measured, key=lambda origin: (_pass_rate(measured[origin]), origin))
    rate = _pass_rate(measured[best])
    if best == origins[-1]:
        return Selection(step=0, reason=f"no start was better than this one ({rate:.1%})")
    what = f"the checkpoint after campaign {best}" if best else "the chain's first start"
    return Selection(0, f"{what} was the best start ({rate:.1%})", campaign=best)


def _origins(history: History) -> list[int]:
    """Return where the start of each campaign came from: the campaign that made the weights.

    0 is the chain's first start. The last entry is of the campaign after the history.
    """
    origins = [0]
    made = {0: 0}
    for past in history.decisions:
        campaign, selection = past.curve.campaign, past.selection
        if selection.campaign is not None:
            origin = made[selection.campaign]
        else:
            origin = campaign if selection.step > 0 else origins[-1]
        made[campaign] = origin
        origins.append(origin)
    return origins


def _pass_rate(snapshots: list[Snapshot]) -> float:
    samples = sum(snapshot.num_samples for snapshot in snapshots)
    return sum(snapshot.num_correct for snapshot in snapshots) / samples
