"""PyTorch as a peer of `trm bench inference`: JSON lines on stdin and stdout, see docs/performance.md.

python3 bench/peers/torch_peer.py --model model/us-equities --threads 1
"""

import argparse
import json
import os
import pathlib
import sys
import time


def say(message: dict) -> None:
    print(json.dumps(message), flush=True)


def read_safetensors(path: pathlib.Path) -> dict:
    """The tensors by name; a package's are F32."""
    import numpy
    import torch

    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise ValueError(f"{path.name}: {name} is {entry['dtype']}; this peer reads F32")
        first, last = entry["data_offsets"]
        values = numpy.frombuffer(data[start + first : start + last], dtype="<f4").reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


def load(package: pathlib.Path):
    # The model that training exports, so that the peer cannot drift from it.
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "training"))
    from model import Trm

    architecture = json.loads((package / "model.json").read_text())["architecture"]
    model = Trm(architecture["hidden"], architecture["recursion_cycles"], architecture["latent_steps"])
    model.load_state_dict(read_safetensors(package / "weights.safetensors"))
    return model.eval()


def answer(model, request: dict) -> dict:
    import numpy
    import torch

    inputs = torch.from_numpy(numpy.fromfile(request["inputs"], dtype="<f4").reshape(request["batch"], -1))

    def predict():
        logits, halt = model(inputs)
        return torch.cat([torch.softmax(logits, dim=-1), torch.sigmoid(halt).unsqueeze(-1)], dim=-1)

    predict().numpy().astype("<f4").tofile(request["outputs"])
    seconds = []
    for _ in range(request["repeats"]):
        start = time.perf_counter()
        predict()
        seconds.append(time.perf_counter() - start)
    return {"seconds": seconds}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    # OpenBLAS has threads of its own, which torch.set_num_threads does not reach; it reads these once, when it is loaded.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(options.threads)
    try:
        import torch

        torch.set_num_threads(options.threads)
        model = load(options.model)
    except Exception as error:  # whatever it is, the bench reports it and goes on without this peer
        say({"ready": False, "reason": f"{type(error).__name__}: {error}"})
        return
    say({"ready": True, "name": "PyTorch", "version": torch.__version__})
    with torch.inference_mode():
        for line in sys.stdin:
            say(answer(model, json.loads(line)))


if __name__ == "__main__":
    main()
