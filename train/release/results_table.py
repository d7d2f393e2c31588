"""The figures that detectors are rarely published with, as Markdown: cost, the own data set, elsewhere, compressed."""

from collections.abc import Mapping

from explorer.corruptions import TITLES
from model_zoo.families import FAMILIES, FAMILY_TITLES
from model_zoo.manifest import LATENCY, Manifest, Released
from train.dataset.groups import GROUPS, HELD_OUT
from train.evaluation.elsewhere import ELSEWHERE_METRICS, MIN_CLIPS
from train.evaluation.robustness import CORRUPTION_METRICS

NOT_MEASURED = "-"
_COSTS = ("MB", "parameters", "MACs", "ms, 1 face", "ms, of 16")
_GOODNESS = (
    "DFDC AUC",
    *(FAMILY_TITLES[family] for family in FAMILIES),
    "live swaps, paired",
    "false alarms",
    "ECE, DFDC",
    "ECE, elsewhere",
    "AUC at crf 40",
)


def results_table(manifest: Manifest) -> str:
    """A row per variant. Elsewhere: the held-out clips, AUC with its 95 % interval and the number of clips."""
    lines = [_row(["variant", *_COSTS, *_GOODNESS]), _row(["---"] * (1 + len(_COSTS) + len(_GOODNESS)))]
    for row in manifest.variants.values():
        lines.append(_row([row.name, *_cost_cells(row), *_goodness_cells(row)]))
    return "\n".join(lines)


def groups_table(manifest: Manifest) -> str:
    """By variant and group of sources: AUC of all fakes, pairs, detection, false alarms, ECE, log loss."""
    head = ["variant", "group", "AUC", "paired", "caught at 5 %", "false alarms", "ECE", "log loss"]
    lines = [_row(head), _row(["---"] * len(head))]
    for row in manifest.variants.values():
        for group in GROUPS:
            measured = row.metrics.get(ELSEWHERE_METRICS if group == HELD_OUT else f"{ELSEWHERE_METRICS}_{group}", {})
            if "auc" not in measured:
                continue
            cells = [_auc(measured, measured["fake_clips"]), _paired(measured.get("paired"))]
            cells += [f"{measured['tpr_at_5_fpr']:.0%}", _alarms(measured)]
            cells += [f"{measured[key]:.3f}" for key in ("ece", "log_loss")]
            lines.append(_row([row.name, group.replace("_", " "), *cells]))
    return "\n".join(lines)


def alarms_table(manifest: Manifest) -> str:
    """Real clips called fake at the published threshold, a row per source of real clips, a column per variant."""
    rows = list(manifest.variants.values())
    counts: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        for group in GROUPS:
            measured = row.metrics.get(ELSEWHERE_METRICS if group == HELD_OUT else f"{ELSEWHERE_METRICS}_{group}", {})
            for source, of in measured.get("false_alarms", {}).get("by_source", {}).items():
                counts.setdefault((group, source), {})[row.name] = f"{of['called_fake']} of {of['clips']}"
    lines = [_row(["group", "source", *(row.name for row in rows)]), _row(["---"] * (2 + len(rows)))]
    for (group, source), by_variant in counts.items():
        cells = [by_variant.get(row.name, NOT_MEASURED) for row in rows]
        lines.append(_row([group.replace("_", " "), source, *cells]))
    return "\n".join(lines)


def corruptions_table(manifest: Manifest) -> str:
    """AUC lost to each corruption and, in brackets, the median move of p_fake; a row per variant."""
    lines = [_row(["variant", "untouched", *TITLES.values()]), _row(["---"] * (2 + len(TITLES)))]
    for row in manifest.variants.values():
        if measured := row.metrics.get(CORRUPTION_METRICS):
            cells = [f"{measured[key]['auc_lost']:+.3f} ({measured[key]['median_move']:.3f})" for key in TITLES]
            lines.append(_row([row.name, f"{measured['auc']:.3f}", *cells]))
    return "\n".join(lines)


def _cost_cells(row: Released) -> list[str]:
    cost = row.metrics.get(LATENCY, {})
    times = [f"{cost[key]:.1f}" if key in cost else NOT_MEASURED for key in ("batch_1_ms", "batch_16_ms")]
    return [f"{row.bytes / 1e6:.2f}", f"{row.params / 1e6:.2f} M", f"{row.macs / 1e6:.0f} M", *times]


def _goodness_cells(row: Released) -> list[str]:
    test, elsewhere = row.metrics.get("test", {}), row.metrics.get(ELSEWHERE_METRICS, {})
    families = elsewhere.get("families", {})
    corrupted = row.metrics.get(CORRUPTION_METRICS, {}).get("h264_crf40")
    return [
        f"{test['auc']:.4f}" if "auc" in test else NOT_MEASURED,
        *(_auc(families.get(family), families.get(family, {}).get("clips", 0)) for family in FAMILIES),
        _paired(elsewhere.get("live_swaps")),
        _alarms(elsewhere),
        f"{test['ece']:.3f}" if "ece" in test else NOT_MEASURED,
        f"{elsewhere['ece']:.3f}" if "ece" in elsewhere else NOT_MEASURED,
        f"{corrupted['auc']:.3f}" if corrupted else NOT_MEASURED,
    ]


def _auc(measured: Mapping[str, object] | None, clips: int) -> str:
    """AUC, interval and count; of fewer clips than decide anything, the count alone."""
    if not measured:
        return NOT_MEASURED
    if clips < MIN_CLIPS:
        return f"{clips} clips"
    low, high = measured["auc_interval"]
    return f"{measured['auc']:.2f} ({low:.2f}-{high:.2f}, {clips} clips)"


def _paired(measured: Mapping[str, object] | None) -> str:
    if not measured:
        return NOT_MEASURED
    if measured["pairs"] < MIN_CLIPS:
        return f"{measured['pairs']} pairs"
    low, high = measured["auc_interval"]
    return f"{measured['auc']:.2f} ({low:.2f}-{high:.2f}, {measured['pairs']} pairs)"


def _alarms(measured: Mapping[str, object]) -> str:
    alarms = measured.get("false_alarms")
    return f"{alarms['called_fake']} of {alarms['clips']}" if alarms else NOT_MEASURED


def _row(cells) -> str:
    return f"| {' | '.join(cells)} |"
