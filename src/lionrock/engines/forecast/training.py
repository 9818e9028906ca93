"""Training of the networks; the only place that needs PyTorch (the extra ``neural``)."""

from __future__ import annotations

import importlib
import importlib.util
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from lionrock.engines.forecast.attention import first_attention
from lionrock.engines.forecast.history import Floats, Halves, Ints
from lionrock.engines.forecast.mlp import BLOCKS, Network, forward

HIDDEN = 128
BATCH = 1_024
PASSES = 6  # over the lessons
STEPS = 1_800  # at most; with fewer than 300,000 lessons PASSES end earlier
LEARNING_RATE = 2e-3
WARM_UP = 0.05
BETAS = (0.9, 0.99)
EPSILON = 1e-8
WEIGHT_DECAY = 0.01
AVERAGED_FROM = 0.5  # of the steps: the mean of what follows errs less than the last (docs/models/traffic.md)
DROPPED = 0.1
NARROWEST_INPUT = (
    0.25  # an input that hardly moved in training shall not become huge when it does; one that never did says nothing
)
NEVER_MOVED = 1e-6  # what rounding leaves of the spread of an input that is always the same
THREADS = 1  # small products: a second thread waits more than it works


def torch_is_installed() -> bool:
    """Whether networks can be trained here; what was trained elsewhere forecasts without it."""
    return importlib.util.find_spec("torch") is not None


@dataclass(frozen=True)
class Lessons:
    """``inputs[P, F]``, ``series[P]``, ``target[P, H]`` in scales (NaN counts nothing), ``weight[P]``, N series."""

    inputs: Halves
    series: Ints
    target: Floats
    weight: Floats
    series_count: int


def gpu_is_there() -> bool:
    """Whether PyTorch sees a GPU."""
    return torch_is_installed() and bool(importlib.import_module("torch").cuda.is_available())


def train_network(lessons: Lessons, seed: int, *, identities: bool = False, attention: bool = False) -> Network:
    """A network that minimises the masked absolute error, by Adam with decoupled decay and a cosine schedule.

    Its arrays are the mean of those of the later steps (Izmailov et al. 2018). With ``identities`` it learns what
    is particular to each series; with ``attention`` it is trained on the GPU where there is one.
    """
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(THREADS)
    device = "cuda" if attention and gpu_is_there() else "cpu"
    mean, width = standard_of(lessons.inputs)
    taught = (lessons.series, lessons.target, lessons.weight)
    series, target, weight = (torch.from_numpy(each).to(device) for each in taught)
    dice = np.random.default_rng(seed)
    first = first_arrays(lessons.inputs.shape[1], lessons.target.shape[1], dice)
    if identities:
        del first["enter_bias"]  # each series has its own
        first["identity"] = dice.normal(0, 0.1, (lessons.series_count, HIDDEN)).astype(np.float32)
    if attention:
        first |= first_attention(HIDDEN, dice)
    arrays = {name: torch.from_numpy(array).to(device).requires_grad_() for name, array in first.items()}
    adam = AdamW(list(arrays.values()))
    mean_arrays = {name: torch.zeros_like(array, requires_grad=False) for name, array in arrays.items()}
    chance = torch.Generator(device).manual_seed(seed)

    def drop(layer: Any) -> Any:
        kept = torch.rand(layer.shape, generator=chance, device=device) >= DROPPED
        return layer * kept / (1 - DROPPED)

    batch = min(BATCH, len(lessons.series))
    steps = min(STEPS, math.ceil(PASSES * len(lessons.series) / batch))
    averaged_from = int(steps * AVERAGED_FROM)
    for step in range(steps):
        chosen = dice.integers(0, len(lessons.inputs), batch)
        inputs = torch.from_numpy((lessons.inputs[chosen] - mean) / width).to(device)
        drawn = torch.from_numpy(chosen).to(device)
        told = forward(arrays, inputs, series[drawn], drop, torch.Tensor.detach)
        loss = loss_of(torch, told, target[drawn], weight[drawn])
        loss.backward()
        adam.step(LEARNING_RATE * pace(step / steps))
        if step >= averaged_from:
            for name, array in arrays.items():
                mean_arrays[name].lerp_(array.detach(), 1 / (step - averaged_from + 1))
    return Network({name: array.cpu().numpy() for name, array in mean_arrays.items()} | {"mean": mean, "width": width})


class AdamW:
    """Adam with decoupled decay by PyTorch's own function: its optimiser class loads a compiler, 70 MiB of it."""

    def __init__(self, arrays: list[Any]) -> None:
        """Begin with nothing learned about the gradients of ``arrays``."""
        torch: Any = importlib.import_module("torch")
        self._step: Any = torch.no_grad()(importlib.import_module("torch.optim.adamw").adamw)
        self._arrays = arrays
        self._means, self._squares = ([torch.zeros_like(array) for array in arrays] for _ in range(2))
        self._steps = [torch.tensor(0.0) for _ in arrays]

    def step(self, rate: float) -> None:
        """Follow the gradients that are there, and forget them."""
        beta1, beta2 = BETAS
        self._step(
            self._arrays,
            [array.grad for array in self._arrays],
            self._means,
            self._squares,
            [],
            self._steps,
            amsgrad=False,
            beta1=beta1,
            beta2=beta2,
            lr=rate,
            weight_decay=WEIGHT_DECAY,
            eps=EPSILON,
            maximize=False,
        )
        for array in self._arrays:
            array.grad = None


def standard_of(inputs: Halves) -> tuple[Floats, Floats]:
    """The mean and the width ``[F]`` by which inputs ``[P, F]`` become standard; without a copy of them all."""
    mean = inputs.mean(axis=0, dtype=np.float64)
    squares = np.einsum("pf,pf->f", inputs, inputs, dtype=np.float64, casting="safe")
    moved = np.sqrt(np.maximum(squares / len(inputs) - mean**2, 0))
    width = np.where(moved > NEVER_MOVED, np.maximum(moved, NARROWEST_INPUT), np.inf)
    return mean.astype(np.float32), width.astype(np.float32)


def first_arrays(inputs: int, horizons: int, dice: np.random.Generator) -> dict[str, Floats]:
    """Where training begins: layers of unit variance, small corrections."""

    def drawn(rows: int, columns: int, spread: float) -> Floats:
        return dice.normal(0, spread, (rows, columns)).astype(np.float32)

    root = 1 / math.sqrt(HIDDEN)
    arrays = {
        "enter": drawn(inputs, HIDDEN, 1 / math.sqrt(inputs)),
        "enter_bias": np.zeros(HIDDEN, np.float32),
        "leave": drawn(HIDDEN, horizons, 0.1 * root),
        "leave_bias": np.zeros(horizons, np.float32),
        "far": drawn(HIDDEN, 2 * horizons, 0.1 * root),
        "far_bias": np.zeros(2 * horizons, np.float32),
    }
    for name in (*(f"block_{block}" for block in range(BLOCKS)), "doubt"):
        arrays[f"{name}_up"] = drawn(HIDDEN, HIDDEN, math.sqrt(2) * root)
        arrays[f"{name}_down"] = drawn(HIDDEN, HIDDEN, 0.3 * root)
        arrays[f"{name}_up_bias"] = np.zeros(HIDDEN, np.float32)
        arrays[f"{name}_down_bias"] = np.zeros(HIDDEN, np.float32)
    return arrays


def pace(done: float) -> float:
    """The share of the learning rate when ``done`` of the steps are: a short rise, then half a cosine."""
    return min(1.0, (done + 1e-3) / WARM_UP) * (1 + math.cos(math.pi * done)) / 2


def loss_of(torch: Any, told: tuple[Any, Any], target: Any, weight: Any) -> Any:
    """The masked absolute error of the middle, and the pinball losses of the quantiles around it.

    The quantiles learn their distances from the middle without moving it.
    """
    middle, distances = told
    measured = ~torch.isnan(target)
    error = torch.where(measured, target - middle, 0.0)
    low, high = torch.nn.functional.softplus(distances).reshape(*middle.shape, 2).unbind(2)
    below, above = error.detach() + low, error.detach() - high
    pinball = torch.maximum(0.1 * below, -0.9 * below) + torch.maximum(0.9 * above, -0.1 * above)
    return ((error.abs() + pinball) * weight[:, None] * measured).sum() / measured.sum().clamp(min=1)
