"""The same training steps in PyTorch, in its fastest usual form: fused Adam, channels_last for convolutions.

Arguments: model (logreg | mlp | cnn | vae | sgemm), steps, threads. Prints one JSON line: {"msPerStep": ...}, for
sgemm {"gflops": ...}. Data and labels are made up; the batch is gathered from resident data as in adam-repro.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

model_name, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
torch.manual_seed(0)
BATCH = 128


class Vae(nn.Module):
    """784-500-50-500-784, softplus, Bernoulli decoder on logits."""

    def __init__(self):
        super().__init__()
        self.encoder, self.mean, self.log_variance = nn.Linear(784, 500), nn.Linear(500, 50), nn.Linear(500, 50)
        self.decoder, self.reconstruction = nn.Linear(50, 500), nn.Linear(500, 784)

    def cost(self, x):
        h = F.softplus(self.encoder(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        logits = self.reconstruction(F.softplus(self.decoder(z)))
        divergence = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(1)
        return (F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(1) + divergence).mean()


class Cnn(nn.Module):
    """c64-c64-c128-1000, 5x5 same, 3x3 pooling of stride 2."""

    def __init__(self):
        super().__init__()
        channels = [3, 64, 64, 128]
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 5, padding=2) for a, b in zip(channels, channels[1:]))
        self.hidden, self.output = nn.Linear(2048, 1000), nn.Linear(1000, 10)

    def forward(self, x):
        for convolution in self.convolutions:
            # Padding of one behind, as 'same' pads 32, 16 and 8.
            x = F.relu(F.max_pool2d(F.pad(convolution(x), (0, 1, 0, 1), value=float("-inf")), 3, 2))
        return self.output(F.relu(self.hidden(x.flatten(1))))


def sgemm():
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)
    for _ in range(5):
        a @ b
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - start)
    return {"gflops": 2 * 1024**3 / min(times) / 1e9}


def training():
    if model_name == "cnn":
        net, shape = Cnn().to(memory_format=torch.channels_last), (3, 32, 32)
    elif model_name == "vae":
        net, shape = Vae(), (784,)
    elif model_name == "mlp":
        net = nn.Sequential(nn.Linear(784, 1000), nn.ReLU(), nn.Linear(1000, 1000), nn.ReLU(), nn.Linear(1000, 10))
        shape = (784,)
    else:
        net, shape = nn.Linear(784, 10), (784,)
    data = torch.rand(1280, *shape)
    if model_name == "cnn":
        data = data.to(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (1280,))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)

    def step(i):
        rows = torch.arange(i * BATCH, (i + 1) * BATCH) % 1280
        x, y = data[rows], labels[rows]
        cost = net.cost(x) if model_name == "vae" else F.cross_entropy(net(x), y)
        optimizer.zero_grad(set_to_none=True)
        cost.backward()
        optimizer.step()
        return cost.item()

    warm_up = max(3, min(20, steps // 4))
    for i in range(warm_up):
        step(i)
    start = time.perf_counter()
    for i in range(steps):
        step(i)
    return {"msPerStep": (time.perf_counter() - start) / steps * 1000}


print(json.dumps(sgemm() if model_name == "sgemm" else training()))
