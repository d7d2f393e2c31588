"""The model card of a variant's own repository: what the Hub reads, how to use it, what it cannot see."""

import re
from typing import Any

import timm
from huggingface_hub import EvalResultEntry, ModelCard, eval_result_entries_to_yaml

from explorer.measured import alarms_cell, auc_cell
from model_zoo.families import FAMILY_TITLES
from model_zoo.manifest import ELSEWHERE, Released
from model_zoo.variants import VARIANTS

DATASET = "dfdc-faces"  # as in the cards' model-index: not on the Hub, whose terms allow no redistribution
EXAMPLE = "example.jpg"
PAPERS = {
    "EfficientNet": "1905.11946",
    "Distilling the knowledge in a neural network": "1503.02531",
    "Importance estimation for neural network pruning": "1906.10771",
    "The DeepFake Detection Challenge dataset": "2006.07397",
    "Learning deep features for discriminative localization (evidence maps)": "1512.04150",
}
_DENSE = """import timm
import torch
from huggingface_hub import hf_hub_download
from PIL import Image

model = timm.create_model("hf-hub:{repo}", pretrained=True).eval()
transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model))
face = Image.open(hf_hub_download("{repo}", "{example}"))  # cut as closely as yours should be
with torch.inference_mode():
    p_fake = torch.sigmoid(model(transform(face)[None])).item()
print(f"p_fake {{p_fake:.3f}}")"""
_PRUNED = """import json

import timm
import torch
from huggingface_hub import hf_hub_download
from PIL import Image
from safetensors.torch import load_file
from timm.models._prune import adapt_model_from_string

with open(hf_hub_download("{repo}", "config.json")) as file:
    config = json.load(file)
model = timm.create_model(config["architecture"], num_classes=1)
widths = "***".join(f"{{layer}}.weight:{{shape}}" for layer, shape in config["widths"].items())
model = adapt_model_from_string(model, widths)
model.load_state_dict(load_file(hf_hub_download("{repo}", "model.safetensors")))
model.pretrained_cfg = config["pretrained_cfg"]
transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model))
face = Image.open(hf_hub_download("{repo}", "{example}"))  # cut as closely as yours should be
with torch.inference_mode():
    p_fake = torch.sigmoid(model.eval()(transform(face)[None])).item()
print(f"p_fake {{p_fake:.3f}}")"""
_GRAPH = """import numpy as np
import onnxruntime
from huggingface_hub import hf_hub_download
from PIL import Image

session = onnxruntime.InferenceSession(hf_hub_download("{repo}", "model.onnx"))
face = Image.open(hf_hub_download("{repo}", "{example}")).resize(({size}, {size}))  # cut as closely as yours should be
logits, evidence = session.run(["logits", "evidence"], {{"crops": np.asarray(face)[None]}})
print(f"p_fake {{1 / (1 + np.exp(-logits[0])):.3f}}")"""


def repository_card(row: Released, card: str, repo: str, zoo: str, space: str = "", twin: str = "") -> str:
    """A variant's `card` of the release made that of its own repository; `zoo` holds all of them, `space` serves them,
    `twin` is what an int8 one was quantized from."""
    front = ModelCard(card)
    data: Any = front.data  # which knows its fields at run time alone
    if twin:
        data.base_model, data.base_model_relation = twin, "quantized"
    data.widget = [{"src": f"https://huggingface.co/{repo}/resolve/main/{EXAMPLE}", "example_title": "a real face"}]
    body = front.text.strip()
    parts = (_use(row, repo), _scope(row), _links(zoo, space))
    head, _, rest = body.partition("\n\n")
    return f"---\n{data.to_yaml()}\n---\n\n{head}\n\n" + "\n\n".join((*parts, rest)) + "\n"


def snippets(card: str) -> list[str]:
    """The Python in a card."""
    return re.findall(r"```python\n(.*?)\n```", card, re.DOTALL)


def eval_results(row: Released, repo: str) -> list[dict[str, Any]]:
    """The test split's measures in the form of .eval_results/*.yaml."""
    notes = "frame level, 2 classes, the variant's own threshold; the crops are not on the Hub"
    source = f"https://huggingface.co/{repo}"
    measures = ("auc", "accuracy", "eer", "ece")
    test = row.metrics["test"]
    return eval_result_entries_to_yaml(
        [
            EvalResultEntry(DATASET, key, round(test[key], 4), source_url=source, source_name="model card", notes=notes)
            for key in measures
            if key in test
        ]
    )


def _use(row: Released, repo: str) -> str:
    variant = VARIANTS[row.name]
    of_timm = variant.precision != "int8" and timm.is_model(variant.architecture)
    code = (_PRUNED if variant.pruning else _DENSE) if of_timm else _GRAPH
    how = {
        _DENSE: "timm loads it by its name:",
        _PRUNED: "timm builds no widths but its own; these lines rebuild the network from the recorded ones:",
        _GRAPH: "A graph that ONNX Runtime and OpenVINO run; it takes uint8 pictures and normalises by itself:",
    }[code]
    text = code.format(repo=repo, example=EXAMPLE, size=row.input_size)
    where = f"`{EXAMPLE}`: Grace Hopper, official US Navy portrait, 1984, public domain."
    cut = "Its side is 1.1 widths of the face; cut yours like that."
    return f"## Use\n\n{how}\n\n```python\n{text}\n```\n\n{where} {cut}"


def _scope(row: Released) -> str:
    """What was measured by kind of forgery, on clips from elsewhere."""
    words = {True: "better than chance", False: "no better than chance", None: "too few clips to tell"}
    lines = [
        f"| {FAMILY_TITLES.get(kind, kind)} | {auc_cell(of)} | {words[of.get('better_than_chance')]} |"
        for kind, of in row.scope.items()
    ]
    if not lines:
        return "## What it cannot see\n\nOn clips from elsewhere it was not measured."
    alarms = alarms_cell(row.metrics.get(ELSEWHERE, {}))
    table = "\n".join(["| kind of forgery | AUC (95 %, clips) | |", "|---|---|---|", *lines])
    told = f"On clips of sources that neither training nor calibration has seen (real ones called fake: {alarms}):"
    limits = "Compression, small faces and kinds of forgery not seen in training mislead it; one frame tells little."
    return f"## What it cannot see\n\n{told}\n\n{table}\n\n{limits}"


def _links(zoo: str, space: str) -> str:
    papers = "\n".join(f"- [{title}](https://arxiv.org/abs/{number})" for title, number in PAPERS.items())
    tried = f" Try it beside the others: [{space}](https://huggingface.co/spaces/{space})." if space else ""
    return f"All variants, with every figure: [{zoo}](https://huggingface.co/{zoo}).{tried}\n\nPapers:\n\n{papers}"
