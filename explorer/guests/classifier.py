"""A guest's network as an inference function: uint8 faces in, logits and, where its end allows, evidence out."""

from collections.abc import Callable

import numpy as np

from explorer.guests.onnx_graph import GraphFunction, open_graph
from explorer.guests.outputs import direction, logits_of
from explorer.structures import InferenceFunction
from model_zoo.errors import BadGuest
from model_zoo.guest import Guest, Labels, Normalisation
from model_zoo.guests.head import Head, pooled_head
from model_zoo.guests.onnx_file import read_onnx
from model_zoo.guests.signature import Signature, signature_of

AGREES = 0.02  # share of the logits' spread by which the mean of the evidence may differ: float16 rounds
_TRIED = 4  # pictures of noise

# What pooling took in, (N, C, ...), -> evidence (N, h, w) in logit units
EvidenceFunction = Callable[[np.ndarray], np.ndarray]


def onnx_classifier(guest: Guest, engine: str) -> InferenceFunction:
    """An ONNX guest on an engine. Raises BadGuest, InvalidRequest, and what the engine raises."""
    view, labels, normalisation = guest.view, guest.labels, guest.normalisation
    assert view and labels and normalisation
    graph = read_onnx(guest.path)
    signature = signature_of(graph, view.side)
    weights = direction(labels)
    head = pooled_head(graph, signature, guest.path.parent) if weights is not None else None
    if head is not None and weights is not None:
        call = open_graph(guest.path, engine, signature, view.side, head.features)
        run = classifier(call, labels, normalisation, signature, evidence_by(head, weights))
        if _agrees(run, view.side):
            return run
    return classifier(open_graph(guest.path, engine, signature, view.side), labels, normalisation, signature)


def classifier(
    call: GraphFunction,
    labels: Labels,
    normalisation: Normalisation,
    signature: Signature,
    evidence_of: EvidenceFunction | None = None,
) -> InferenceFunction:
    """Crops (N, S, S, 3) uint8 -> logits (N,) and evidence (N, h, w), (N, 0, 0) without `evidence_of`."""

    def run(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, *features = call(pictures_of(crops, normalisation, signature))
        if not np.isfinite(values).all():
            raise BadGuest("it gives numbers that are not finite")
        logits = logits_of(values, labels, signature.activation)
        if evidence_of is None:
            return logits, np.empty((len(crops), 0, 0), np.float32)
        return logits, evidence_of(features[0])

    return run


def pictures_of(crops: np.ndarray, normalisation: Normalisation, signature: Signature) -> np.ndarray:
    """(N, S, S, 3) uint8 -> what the graph takes, normalised as the guest's own files say."""
    mean, std = (np.array(each, np.float32) for each in (normalisation.mean, normalisation.std))
    pictures = crops.astype(np.float32) * (np.float32(normalisation.scale) / std) - mean / std
    if not signature.channels_last:
        pictures = pictures.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(pictures, signature.kind)


def evidence_by(head: Head, weights: np.ndarray) -> EvidenceFunction:
    """The class activation map: what each place adds to the logit, which is `weights` (K,) x the outputs."""
    kernel, bias = (weights @ head.weight).astype(np.float32), np.float32(weights @ head.bias)

    def evidence_of(features: np.ndarray) -> np.ndarray:
        places = np.einsum("c,nc...->n...", kernel, features.astype(np.float32)) + bias
        side = round(places.shape[-1] ** 0.5)  # of transformers, whose places are a row
        return places.reshape(-1, side, side) if places.ndim == 2 and side**2 == places.shape[1] else places

    return evidence_of


def _agrees(run: InferenceFunction, side: int) -> bool:
    """Whether the evidence is what it is taken for: its mean is the logit, on pictures of noise."""
    noise = np.random.default_rng(0).integers(0, 256, (_TRIED, side, side, 3), np.uint8)
    try:
        logits, evidence = run(noise)
    except ValueError:  # no (N, C, ...) comes out there
        return False
    if evidence.ndim != 3 or not evidence.size:
        return False
    allowed = AGREES * max(float(np.abs(logits).max()), 0.1)
    return bool(np.isfinite(evidence).all() and np.abs(evidence.mean((1, 2)) - logits).max() <= allowed)
