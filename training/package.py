"""Writes and reads a model package: model.json, weights.safetensors, golden.json. The model card is written by card.py."""

import copy
import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import torch

import dataset
import labels
from fit import Fitted
from model import Trm
from strategies import NAMES

GOLDEN_CASES = 64
WEIGHTS = "weights.safetensors"
DISTRIBUTION_BINS = 10


def write(folder: Path, name: str, version: str, fitted: Fitted, fold: dataset.Fold, training: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    digest = write_safetensors(folder / WEIGHTS, fitted.model.state_dict())
    description = {
        "format_version": 1,
        "name": name,
        "version": version,
        "architecture": {
            "type": "trm", "features": len(dataset.FEATURES), "hidden": fitted.model.input_proj.out_features,
            "recursion_cycles": fitted.model.recursion_cycles, "latent_steps": fitted.model.latent_steps, "strategies": len(NAMES),
        },
        "feature_set": "causal-v2",
        "feature_names": dataset.FEATURES,
        "normalization": {"mean": fitted.normalise.mean.tolist(), "std": fitted.normalise.std.tolist()},
        "strategies": NAMES,
        "labels": {
            "rule": "utility-v1", "horizon_sessions": labels.HORIZON, "total_risk": labels.TOTAL_RISK,
            "active_risk": labels.ACTIVE_RISK, "temperature": labels.TEMPERATURE,
        },
        "calibration": {
            "method": "temperature", "temperature": fitted.temperature,
            "fitted_from": fold.validation.dates[0], "fitted_to": fold.validation.settled[-1], "folded": True,
        },
        "feature_distribution": distribution(fold.train.features),
        "training": training,
        "weights": {"file": WEIGHTS, "sha256": digest},
    }
    (folder / "model.json").write_text(json.dumps(description, indent=2) + "\n")
    golden = ",\n".join(json.dumps(case) for case in golden_cases(fitted, dataset.join([fold.train, fold.validation])))
    (folder / "golden.json").write_text('{"cases":[\n' + golden + "\n]}\n")


def read(folder: Path) -> tuple[dict, Fitted]:
    """What model.json says, and the model."""
    description = json.loads((folder / "model.json").read_text())
    architecture = description["architecture"]
    model = Trm(architecture["hidden"], architecture["recursion_cycles"], architecture["latent_steps"])
    model.load_state_dict(read_safetensors(folder / description["weights"]["file"]))
    normalisation = description["normalization"]
    normalise = dataset.Normalisation(np.array(normalisation["mean"]), np.array(normalisation["std"]))
    return description, Fitted(model, normalise, description["training"]["epoch"], description["calibration"]["temperature"])


def write_safetensors(path: Path, state: dict[str, torch.Tensor]) -> str:
    """Little-endian length, JSON header, raw fp32 tensors. Returns the file's SHA-256 in hex."""
    header, blobs, offset = {}, [], 0
    for name, tensor in state.items():
        blob = tensor.detach().cpu().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    content = struct.pack("<Q", len(text)) + text + b"".join(blobs)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def read_safetensors(path: Path) -> dict[str, torch.Tensor]:
    content = path.read_bytes()
    start = 8 + struct.unpack("<Q", content[:8])[0]
    state = {}
    for name, tensor in json.loads(content[8:start]).items():
        begin, end = tensor["data_offsets"]
        values = np.frombuffer(content[start + begin : start + end], "<f4").reshape(tensor["shape"])
        state[name] = torch.from_numpy(values.copy())
    return state


def distribution(features: np.ndarray) -> dict:
    """
    Of each feature in the training rows as they are (signal_quality not drawn): tenths where its values allow, and the
    share of rows in each bin. Bins are (-inf, e1], (e1, e2], ..., (ek, inf). Drift is measured against it.
    """
    result = {}
    for name, values in zip(dataset.FEATURES, features.T):
        quantiles = np.quantile(values, np.arange(1, DISTRIBUTION_BINS) / DISTRIBUTION_BINS, method="inverted_cdf")
        edges = np.unique(quantiles)
        edges = edges[edges < values.max()]  # nothing lies above the highest value
        counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
        result[name] = {"edges": edges.tolist(), "shares": (counts / len(values)).tolist()}
    return result


def golden_cases(fitted: Fitted, rows: dataset.Rows) -> list[dict]:
    """
    Real rows spread evenly over time, with what the model says of them, computed in double precision: an engine in
    fp32 is then held against the exact answer and not against another engine's rounding.
    """
    raw = rows.features[np.linspace(0, len(rows) - 1, GOLDEN_CASES).round().astype(int)]
    normalised = fitted.normalise(raw)
    with torch.no_grad():
        logits, halt = copy.deepcopy(fitted.model).cpu().double()(torch.from_numpy(normalised).double())
    return [
        {
            "raw": r.tolist(), "normalized": n.tolist(), "logits": l.tolist(),
            "probabilities": p.tolist(), "halt_probability": h.item(),
        }
        for r, n, l, p, h in zip(raw, normalised, logits, logits.softmax(-1), halt.sigmoid())
    ]
