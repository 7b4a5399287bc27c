"""Writes a model package: model.json, weights.safetensors, golden.json. The model card is written by card.py."""

import copy
import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import torch

from dataset import FEATURES
from strategies import NAMES

GOLDEN_CASES = 64


def write_safetensors(path: Path, state: dict[str, torch.Tensor]) -> str:
    """Little-endian length, JSON header, raw fp32 tensors. Returns the file's SHA-256 in hex."""
    header, blobs, offset = {}, [], 0
    for name, tensor in state.items():
        blob = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    content = struct.pack("<Q", len(text)) + text + b"".join(blobs)
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def golden_cases(model, dataset) -> list[dict]:
    """
    Real rows spread evenly over every period, with what the model says of them, computed in double precision: an engine
    in fp32 is then held against the exact answer and not against another engine's rounding.
    """
    features = np.concatenate([dataset.train.features, dataset.validation.features, dataset.report.features])
    raw = features[np.linspace(0, len(features) - 1, GOLDEN_CASES).round().astype(int)]
    normalised = dataset.normalise(raw)
    with torch.no_grad():
        logits, halt = copy.deepcopy(model).double()(torch.from_numpy(normalised).double())
    return [
        {
            "raw": r.tolist(), "normalized": n.tolist(), "logits": l.tolist(),
            "probabilities": p.tolist(), "halt_probability": h.item(),
        }
        for r, n, l, p, h in zip(raw, normalised, logits, logits.softmax(-1), halt.sigmoid())
    ]


def write(folder: Path, name: str, version: str, model, dataset, training: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    digest = write_safetensors(folder / "weights.safetensors", model.state_dict())
    description = {
        "format_version": 1,
        "name": name,
        "version": version,
        "architecture": {
            "type": "trm", "features": len(FEATURES), "hidden": model.input_proj.out_features,
            "recursion_cycles": model.recursion_cycles, "latent_steps": model.latent_steps, "strategies": len(NAMES),
        },
        "feature_set": "causal-v2",
        "feature_names": FEATURES,
        "normalization": {"mean": dataset.mean.tolist(), "std": dataset.std.tolist()},
        "strategies": NAMES,
        "training": training,
        "weights": {"file": "weights.safetensors", "sha256": digest},
    }
    (folder / "model.json").write_text(json.dumps(description, indent=2) + "\n")
    golden = ",\n".join(json.dumps(case) for case in golden_cases(model, dataset))
    (folder / "golden.json").write_text('{"cases":[\n' + golden + "\n]}\n")
