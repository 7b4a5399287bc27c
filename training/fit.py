"""Fits the model: the averaged weights of the epoch that says most about a later year, calibrated by it."""

import environment  # noqa: F401  before anything that computes

import copy
import time
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax

import calibration
import dataset
import metrics
from model import Trm


# From one epoch to the next the validation loss jumps by more than good epochs differ: one low figure is luck, the mean of
# three is less so.
JUDGED_EPOCHS = 3


@dataclass(frozen=True)
class Settings:
    hidden: int = 512
    recursion_cycles: int = 3
    latent_steps: int = 6
    epochs: int = 40  # at most
    patience: int = 5  # epochs without a better validation loss before it stops
    batch: int = 64
    learning_rate: float = 1e-4
    weight_decay: float = 0.1
    ema_decay: float = 0.997
    input_noise: float = 0.4  # standard deviations of the features
    halt_weight: float = 0.1
    seed: int = 20260101
    device: str = "cpu"
    threads: int = 1  # others add in another order


@dataclass(frozen=True)
class Fitted:
    model: Trm
    normalise: dataset.Normalisation
    epoch: int
    temperature: float = 1.0  # folded into the model's head


def fit(fold: dataset.Fold, settings: Settings, say=lambda line: None) -> Fitted:
    """Weights from the training rows, stopped and calibrated by the validation rows. say: gets a line an epoch."""
    make_deterministic(settings)
    random = np.random.default_rng(settings.seed)
    rows, normalise = fold.train, dataset.normalisation(fold.train.features)
    model = start(settings, rows.targets.mean(axis=0))
    averaged = copy.deepcopy(model)
    optimiser = torch.optim.AdamW(decay_groups(model, settings.weight_decay), lr=settings.learning_rate)
    targets = torch.from_numpy(rows.targets.astype(np.float32)).to(settings.device)
    winners = torch.from_numpy(rows.winners).to(settings.device)

    best, best_loss, step, validation = Fitted(averaged, normalise, 0), float("inf"), 0, []
    for epoch in range(1, settings.epochs + 1):
        started, losses = time.monotonic(), []
        inputs = torch.from_numpy(normalise(dataset.randomise_quality(rows.features, random)))
        inputs = (inputs + settings.input_noise * torch.randn(inputs.shape)).to(settings.device)
        for batch in torch.randperm(len(inputs)).split(settings.batch):
            loss = loss_of(model, inputs[batch], targets[batch], winners[batch], settings.halt_weight)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step += 1
            # At the start the mean would be mostly the random weights that training began with.
            follow(averaged, model, min(settings.ema_decay, (1 + step) / (10 + step)))
            losses.append(loss.item())

        logits, _ = logits_and_halt(Fitted(averaged, normalise, epoch), fold.validation)
        validation.append(metrics.cross_entropy(fold.validation.targets, metrics.softmax(logits)))
        say(f"epoch {epoch:3} train {np.mean(losses):.4f} validation {validation[-1]:.4f} ({time.monotonic() - started:.0f} s)")
        level = np.mean(validation[-JUDGED_EPOCHS:])
        if len(validation) >= min(JUDGED_EPOCHS, settings.epochs) and level < best_loss:
            best, best_loss = Fitted(copy.deepcopy(averaged), normalise, epoch), level
        elif epoch - max(best.epoch, JUDGED_EPOCHS) == settings.patience:
            break
    return calibrate(best, fold.validation)


def calibrate(fitted: Fitted, validation: dataset.Rows) -> Fitted:
    """Folds the temperature that suits the validation rows into the head: inference then knows nothing of it."""
    temperature = calibration.fit_temperature(logits_and_halt(fitted, validation)[0], validation.targets)
    with torch.no_grad():
        fitted.model.output_head.weight.div_(temperature)
        fitted.model.output_head.bias.div_(temperature)
    return replace(fitted, temperature=temperature)


def make_deterministic(settings: Settings) -> None:
    """The same bits for the same rows on the same machine; another BLAS or thread count rounds differently."""
    torch.manual_seed(settings.seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(settings.threads)


def start(settings: Settings, prior: np.ndarray) -> Trm:
    """Untrained it says the prior, so that training spends nothing on learning which classes are common."""
    model = Trm(settings.hidden, settings.recursion_cycles, settings.latent_steps)
    with torch.no_grad():
        model.output_head.bias.copy_(torch.from_numpy(np.log(prior)))
    return model.to(settings.device)


def loss_of(model: Trm, inputs: torch.Tensor, targets: torch.Tensor, winners: torch.Tensor, halt_weight: float) -> torch.Tensor:
    """After each cycle alike: cross-entropy with the soft targets; and for the halt head, whether what is said wins."""
    losses = []
    for logits, halt in model.cycles(inputs):
        right = (logits.argmax(-1) == winners).float()
        cross_entropy = -(targets * log_softmax(logits, dim=-1)).sum(-1).mean()
        losses.append(cross_entropy + halt_weight * binary_cross_entropy_with_logits(halt, right))
    return torch.stack(losses).mean()


def decay_groups(model: Trm, weight_decay: float) -> list[dict]:
    """Weight decay on matrices only: biases and norms carry the scale."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": matrices, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


@torch.no_grad()
def follow(averaged: Trm, model: Trm, decay: float) -> None:
    for mean, current in zip(averaged.parameters(), model.parameters()):
        mean.lerp_(current, 1 - decay)


@torch.no_grad()
def logits_and_halt(fitted: Fitted, rows: dataset.Rows) -> tuple[np.ndarray, np.ndarray]:
    """Logits [n, 8] and the probability [n] that what is said wins."""
    device = next(fitted.model.parameters()).device
    logits, halt = fitted.model.eval()(torch.from_numpy(fitted.normalise(rows.features)).to(device))
    return logits.double().cpu().numpy(), halt.sigmoid().double().cpu().numpy()
