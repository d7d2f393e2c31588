"""The manifest and the studies told in Markdown: tables for the README, a card per variant."""

from collections.abc import Iterable
from typing import Any

from huggingface_hub import EvalResult, ModelCardData

from model_zoo.manifest import Manifest, Released
from model_zoo.variants import BASELINE, VARIANTS
from train.release.provenance import Provenance, provenance_of

_MEASURES = {
    "auc": "AUC",
    "accuracy": "accuracy",
    "log_loss": "log loss",
    "eer": "EER",
    "average_precision": "AP",
    "ece": "ECE",
}
_STUDIED = {  # what a study measures beside AUC and accuracy
    "swap": "swaps elsewhere",
    "generated": "generated heads elsewhere",
    "real_called_fake": "real clips above 1/2",
    "log_loss": "log loss",
    "ece": "ECE",
    "unquantized": "unquantized error",  # this and what follows, of slices alone, as document 003 does
    "quantized": "quantized error",
    "real_right": "real ones right",
    "fake_right": "fake ones right",
}
_ZOO_CARD = """---
{front}
---

# Light deepfake detectors

The zoo of the deepfake model explorer: how small can a deepfake detector get? One folder per variant with
`config.json` (timm's form; the widths of pruned ones), `model.safetensors` and `model.onnx`, which reads its weights
from the safetensors beside it (int8: the graph alone). One face crop in (uint8 RGB), one logit out;
`p_fake = sigmoid(logit)`, 1 = fake. `manifest.json` holds every figure and every file's sha256.

{table}

Frame level, {items:,} test crops of as many videos. Actors are not labelled in this data, so one person may appear in
training and in testing. Temperature and threshold were fitted on validation; nothing was chosen on the test split.

**Training data.** Face crops of the Deepfake Detection Challenge dataset, and forgeries made on the fly of its real
faces and of portraits. No image of either is here. Each folder's card has the recipe.

**Intended use.** Comparing how detectors disagree, where they look and what they cost on a CPU; research on making
them small.

**Limits.** Compression, small faces, and kinds of forgery not seen in training mislead them; one frame tells less than
a clip.

{research}

Use: `ZOO_REPO=<this repository> python app.py` in the explorer, `timm.create_model("local-dir:b0", pretrained=True)`
for the dense variants, or any ONNX runtime.
"""
_DATASET = "Deepfake Detection Challenge, face crops"
_SLICES = "Clips of held-out sources, slices of consecutive face crops"
_CARD = """---
{front}
---

# {name}: {title}

One of the variants of the deepfake model explorer: how small can a deepfake detector get? {taken} in
(uint8 RGB, {size} px), one logit out; `p_fake = sigmoid(logit)`, 1 = fake.

{made}

{research}

| fact | value |
|---|---|
| parameters | {params:,} |
| multiply-accumulates | {macs:.0f} M |
| file | `{file}`, {mb:.2f} MB, sha256 `{sha256}` |
| threshold on p_fake, from validation | {threshold} |

{measures}

{measured_on} {fitted}

```json
{training}
```
"""


def zoo_table(manifest: Manifest) -> str:
    """The README's table of what was measured on the test split."""
    base = manifest.variants.get(BASELINE)
    measured = [f"test {title}" for title in _MEASURES.values()]
    head = ["variant", *measured, "threshold", "parameters", "MACs", "size", "of b0"]
    lines = [_row(head), _row(["---"] * len(head))]
    for row in manifest.variants.values():
        test = row.metrics["test"]
        sizes = [
            f"{row.params:,}",
            f"{row.macs / 1e6:.0f} M",
            f"{row.bytes / 1e6:.2f} MB",
            f"{row.bytes / base.bytes:.2f}" if base else "",
        ]
        lines.append(_row([row.name, *(f"{test[key]:.4f}" for key in _MEASURES), f"{row.threshold:.2f}", *sizes]))
    return "\n".join(lines)


def int8_table(manifest: Manifest) -> str:
    """What int8 changes, against the float variant each was quantized from."""
    lines = [_row(["variant", "AUC change", "verdicts flipped", "in float", "size of float's"]), _row(["---"] * 5)]
    for row in manifest.variants.values():
        if "quantized_from" not in row.training:
            continue
        twin = manifest[row.training["quantized_from"]]
        change = row.metrics["test"]["auc"] - twin.metrics["test"]["auc"]
        floats = f"{_in_float(row)} of {row.training['convolutions']} convolutions"
        flips = f"{row.metrics['test']['flips']:.2%}"
        lines.append(_row([row.name, f"{change:+.4f}", flips, floats, f"{row.bytes / twin.bytes:.2f}"]))
    return "\n".join(lines)


def studies_text(studies: dict[str, dict]) -> str:
    """Every study with its question, its budget and its table."""
    parts = []
    for name, table in studies.items():
        size = f"{table['validation_items']:,} validation {table.get('of', 'crops')}"
        head = f"**{table['question']}** `--study {name}`: {table['budget']}; {size}; times on {table['cpu']}."
        drawn = f"\n\n![Loss and AUC by step](studies/{name}.svg)" if "curve" in table["rows"][0] else ""
        parts.append(f"{head}\n\n{as_markdown(table)}{drawn}")
    return "\n\n".join(parts)


def as_markdown(table: dict[str, Any]) -> str:
    """The study as a Markdown table."""
    more = {key: title for key, title in _STUDIED.items() if key in table["rows"][0]}
    lines = [f"| {_row(['validation AUC', 'accuracy', *more.values(), 'parameters', 'ms per face'])}"]
    lines.append("|" + "---|" * (5 + len(more)))
    for row in table["rows"]:
        figures = [f"{row[key]:.4f}" for key in ("auc", "accuracy", *more)]
        lines.append(_row([row["label"], *figures, f"{row['params']:,}", _timed(row)]))
    return "\n".join(lines)


def _timed(row: dict[str, float | None]) -> str:
    """A time is struck out, as null, where it was taken beside other work."""
    return "" if row["ms_per_face"] is None else f"{row['ms_per_face']:.2f}"


def card(row: Released, training: str) -> str:
    """A variant's model card, with the metrics in the form that the Hub reads; `training` is its provenance as JSON."""
    test, provenance = row.metrics["test"], provenance_of(row)
    measured = [_row(_MEASURES.values()), _row(["---"] * len(_MEASURES)), _row(f"{test[key]:.4f}" for key in _MEASURES)]
    categories = ", ".join(f"{kind}: accuracy {of['accuracy']:.3f}" for kind, of in test["per_category"].items())
    return _CARD.format(
        front=_front(row.name, _library(row), _results(row), provenance).to_yaml(),
        research=provenance.research,
        fitted=provenance.fitted,
        name=row.name,
        title=VARIANTS[row.name].title,
        made=_made(row),
        taken="One face crop" if VARIANTS[row.name].clip_length == 1 else "A slice of consecutive face crops",
        size=row.input_size,
        params=row.params,
        macs=row.macs / 1e6,
        file=row.weights.rpartition("/")[2],
        mb=row.bytes / 1e6,
        sha256=row.sha256,
        threshold=row.threshold,
        measures="\n".join(measured),
        measured_on=_measured_on(row, categories),
        training=training.replace('"convolutions_in_float"', '"first_convolutions_in_float"'),
    )


def zoo_card(manifest: Manifest) -> str:
    """The card of the Hub repository that holds the whole zoo."""
    rows = manifest.variants.values()
    results = [result for row in rows for result in _results(row, f" ({row.name})")]
    first = next(iter(rows))
    provenance = provenance_of(first)
    front = _front("deepfake-model-zoo", "timm", results, provenance).to_yaml()
    items = first.metrics["test"]["items"]
    return _ZOO_CARD.format(front=front, table=zoo_table(manifest), items=items, research=provenance.research)


def _results(row: Released, suffix: str = "") -> list[EvalResult]:
    """A variant's metrics on the test split in the form that the Hub reads."""
    return [
        EvalResult(
            task_type="image-classification",
            task_name="deepfake detection",
            dataset_type="dfdc-faces" if VARIANTS[row.name].clip_length == 1 else "clips-tubes",
            dataset_name=_DATASET if VARIANTS[row.name].clip_length == 1 else _SLICES,
            dataset_split="test",
            metric_type=key,
            metric_name=f"{title}{suffix}",
            metric_value=round(row.metrics["test"][key], 4),
        )
        for key, title in _MEASURES.items()
    ]


def _measured_on(row: Released, categories: str) -> str:
    """What the figures above it were taken from."""
    items = f"{row.metrics['test']['items']:,}"
    if VARIANTS[row.name].clip_length > 1:
        return f"Slice level, {items} slices of clips of sources that training never saw, {categories}."
    return (
        f"Frame level, {items} test crops of as many videos, {categories}. Actors are not labelled in this\n"
        "data, so one person may appear in training and in testing."
    )


def _library(row: Released) -> str:
    return "timm" if VARIANTS[row.name].kind.evidence and "quantized_from" not in row.training else "onnx"


def _front(name: str, library: str, results: list[EvalResult], provenance: Provenance) -> ModelCardData:
    return ModelCardData(
        license=provenance.licence,
        license_name=provenance.licence_name,
        library_name=library,
        pipeline_tag="image-classification",
        base_model=provenance.base,
        base_model_relation="finetune" if provenance.base else None,
        datasets=["imagenet-1k", "dfdc-faces"] if provenance.base else None,
        tags=["deepfake-detection", "image-classification"],
        model_name=name,
        eval_results=results,
    )


def _in_float(row: Released) -> int:
    """How many convolutions of an int8 variant stay in float: the first ones that the manifest counts, and the last."""
    return row.training.get("convolutions_in_float", -1) + 1


def _made(row: Released) -> str:
    variant = VARIANTS[row.name]
    sentences = []
    if variant.teacher:
        sentences.append(f"Distilled from {variant.teacher}.")
    if teacher := row.training.get("recipe", {}).get("teacher"):
        by, share = teacher.replace("+", " and "), row.training["recipe"]["alpha"]
        sentences.append(f"In its last training, {by} taught it, {share:.0%} of the loss.")
    if variant.pruning:
        sentences.append(
            f"{variant.pruning:.0%} of the channels removed by global structured Taylor pruning, step by step."
        )
    if variant.precision == "int8":
        sentences.append("Static int8, per channel, as an ONNX graph that ONNX Runtime and OpenVINO run.")
        if count := _in_float(row):
            sentences.append(
                f"{count} of {row.training['convolutions']} convolutions stay in float, the last among them."
            )
    return " ".join(sentences)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
