"""The Tiny Recursive Model, with the state-dict names that inference reads."""

from collections.abc import Iterator

import torch
from torch import nn
from torch.nn.functional import gelu


class Trm(nn.Module):
    def __init__(self, hidden: int = 512, recursion_cycles: int = 3, latent_steps: int = 6, features: int = 10, strategies: int = 8):
        super().__init__()
        self.recursion_cycles, self.latent_steps = recursion_cycles, latent_steps
        self.input_proj = nn.Linear(features, hidden)
        self.reasoning_layer1 = nn.Linear(3 * hidden, hidden)
        self.reasoning_layer2 = nn.Linear(hidden, hidden)
        self.solution_layer1 = nn.Linear(2 * hidden, hidden)
        self.solution_layer2 = nn.Linear(hidden, hidden)
        self.output_head = nn.Linear(hidden, strategies)
        self.halt_layer1 = nn.Linear(hidden, hidden // 2)
        self.halt_layer2 = nn.Linear(hidden // 2, 1)
        self.norm_reasoning = nn.LayerNorm(hidden, eps=1e-5)
        self.norm_solution = nn.LayerNorm(hidden, eps=1e-5)
        self.norm_output = nn.LayerNorm(hidden, eps=1e-5)

    def forward(self, normalised: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """normalised [batch, 10] -> logits [batch, 8], halt logits [batch], after the last cycle."""
        *_, last = self.cycles(normalised)
        return last

    def cycles(self, normalised: torch.Tensor) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """The same after each cycle: what training supervises."""
        x = self.input_proj(normalised)
        y = z = torch.zeros_like(x)
        for _ in range(self.recursion_cycles):
            for _ in range(self.latent_steps):
                step = self.reasoning_layer2(gelu(self.reasoning_layer1(torch.cat([x, y, z], dim=-1))))
                z = z + self.norm_reasoning(step)
                # The solution too is refined in every latent step, not once a cycle: only so do the original
                # checkpoints give their reference outputs.
                step = self.solution_layer2(gelu(self.solution_layer1(torch.cat([y, z], dim=-1))))
                y = y + self.norm_solution(step)
            yield self.output_head(self.norm_output(y)), self.halt_layer2(gelu(self.halt_layer1(z))).squeeze(-1)
