"""The figures that detectors are rarely published with, as Markdown: cost, the own data set, elsewhere, compressed."""

from collections.abc import Iterable

from explorer.corruptions import TITLES
from explorer.measured import COLUMNS, NOT_MEASURED, alarms_cell, auc_cell, cells, paired_cell
from model_zoo.manifest import CORRUPTED, Manifest, Released
from train.dataset.groups import GROUPS
from train.evaluation.elsewhere import Measured, metrics_key


def results_table(manifest: Manifest) -> str:
    """A row per variant. Elsewhere: the held-out clips, AUC with its 95 % interval and the number of clips."""
    return _table(["variant", *COLUMNS], ([row.name, *cells(row)] for row in manifest.variants.values()))


def groups_table(manifest: Manifest) -> str:
    """By variant and group of sources: AUC of all fakes, pairs, detection, false alarms, ECE, log loss."""
    head = ["variant", "group", "AUC", "paired", "caught at 5 %", "false alarms", "ECE", "log loss"]
    lines = []
    for row in manifest.variants.values():
        for group in GROUPS:
            measured = _measured(row, group)
            if "auc" in measured:
                aucs = [auc_cell(measured, "fake_clips"), paired_cell(measured.get("paired"))]
                counts = [f"{measured['tpr_at_5_fpr']:.0%}", alarms_cell(measured)]
                lines.append([row.name, _words(group), *aucs, *counts, *(f"{measured[k]:.3f}" for k in _PENALTIES)])
    return _table(head, lines)


def alarms_table(manifest: Manifest) -> str:
    """Real clips called fake at the published threshold, a row per source of real clips, a column per variant."""
    rows = list(manifest.variants.values())
    counts: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        for group in GROUPS:
            for source, of in _measured(row, group).get("false_alarms", {}).get("by_source", {}).items():
                counts.setdefault((group, source), {})[row.name] = f"{of['called_fake']} of {of['clips']}"
    lines = [
        [_words(group), source, *(by_variant.get(row.name, NOT_MEASURED) for row in rows)]
        for (group, source), by_variant in counts.items()
    ]
    return _table(["group", "source", *(row.name for row in rows)], lines)


def corruptions_table(manifest: Manifest) -> str:
    """AUC lost to each corruption and, in brackets, the median move of p_fake; a row per variant."""
    lines = []
    for row in manifest.variants.values():
        if measured := row.metrics.get(CORRUPTED):
            lines.append([row.name, f"{measured['auc']:.3f}", *(_moves(measured.get(key)) for key in TITLES)])
    return _table(["variant", "untouched", *TITLES.values()], lines)


def _moves(measured: Measured | None) -> str:
    """A corruption that came after the release was measured has no figure."""
    return f"{measured['auc_lost']:+.3f} ({measured['median_move']:.3f})" if measured else NOT_MEASURED


_PENALTIES = ("ece", "log_loss")


def _measured(row: Released, group: str) -> Measured:
    return row.metrics.get(metrics_key(group), {})


def _words(group: str) -> str:
    return group.replace("_", " ")


def _table(head: list[str], lines: Iterable[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines))
