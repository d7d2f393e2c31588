"""What a generator's decoder makes of a face: pseudo-fakes without a blending edge."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from train.errors import BadData

CHANNELS = 64
SIDES = (96, 120, 144, 160, 192)  # pixels at which a face passes through: generators work at many scales
LATENT_NOISE = 0.12  # at most, of the latents' own spread
BATCH = 64


class Block(nn.Module):
    """Three convolutions around the identity, (N, 64, H, W) -> (N, 64, H, W), where `pooled` with a wider branch."""

    def __init__(self, pooled: bool = False):
        super().__init__()
        layers: list[nn.Module] = []
        for _ in range(3):
            layers += [nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1), nn.ReLU(inplace=True)]
        self.conv = nn.Sequential(*layers[:-1])
        self.pool = None
        if pooled:
            self.pool = nn.Sequential(
                nn.Conv2d(CHANNELS, 4 * CHANNELS, 1, bias=False),
                nn.GroupNorm(4, 4 * CHANNELS),
                nn.ReLU(inplace=True),
                nn.Conv2d(4 * CHANNELS, CHANNELS, 1, bias=False),
            )

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        if self.pool is not None:
            features = features + self.pool(features)
        return functional.relu(self.conv(features) + features)


class Squash(nn.Module):
    """Latents brought into (-3, 3)."""

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        return torch.tanh(latents / 3) * 3


def encoder(latent: int = 32) -> nn.Sequential:
    """(N, 3, H, W) in [0, 1] -> (N, latent, H / 8, W / 8); madebyollin/taesd's layout (MIT)."""
    layers: list[nn.Module] = [nn.Conv2d(3, CHANNELS, 3, padding=1), Block()]
    for pooled in (False, False, True):
        layers.append(nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1, stride=2, bias=False))
        layers += [Block(pooled) for _ in range(3)]
    return nn.Sequential(*layers, nn.Conv2d(CHANNELS, latent, 3, padding=1))


def decoder(latent: int = 32) -> nn.Sequential:
    """(N, latent, H / 8, W / 8) -> (N, 3, H, W), about [0, 1]."""
    layers: list[nn.Module] = [Squash(), nn.Conv2d(latent, CHANNELS, 3, padding=1), nn.ReLU(inplace=True)]
    for pooled, blocks in ((True, 3), (False, 3), (False, 3)):
        layers += [Block(pooled) for _ in range(blocks)]
        layers += [nn.Upsample(scale_factor=2), nn.Conv2d(CHANNELS, CHANNELS, 3, padding=1, bias=False)]
    return nn.Sequential(*layers, Block(), nn.Conv2d(CHANNELS, 3, 3, padding=1))


class Autoencoder:
    """The small twin of an image generator's autoencoder, from `taef2_{encoder,decoder}.safetensors` in a folder.

    Raises BadData where a file is missing or does not fit.
    """

    def __init__(self, folder: Path, device: torch.device | str = "cpu"):
        self.device = torch.device(device)
        kind = torch.float16 if self.device.type == "cuda" else torch.float32
        halves = {"encoder": encoder(), "decoder": decoder()}
        for name, network in halves.items():
            path = Path(folder) / f"taef2_{name}.safetensors"
            try:
                network.load_state_dict(load_file(path))
            except (OSError, RuntimeError, ValueError) as error:
                raise BadData(f"{path} is not the autoencoder's ({' '.join(str(error).split())[:150]})") from error
            network.to(self.device, kind, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
        self.encode, self.decode, self.kind = halves["encoder"], halves["decoder"], kind

    @torch.inference_mode()
    def through(self, crops: np.ndarray, side: int, noise: float = 0.0, seed: int = 0) -> np.ndarray:
        """Crops (N, S, S, 3) uint8 sent through at `side` pixels, a multiple of 8; `noise` is a share of the latents'
        spread. Colours are matched to the input's, mean and spread per channel, because the autoencoder tints."""
        whole = torch.from_numpy(crops).to(self.device).permute(0, 3, 1, 2).to(self.kind) / 255
        small = _scaled(whole, side)
        latents = self.encode(small.contiguous(memory_format=torch.channels_last))
        if noise:
            generator = torch.Generator(self.device).manual_seed(seed)
            drawn = torch.randn(latents.shape, generator=generator, device=self.device, dtype=self.kind)
            latents = latents + noise * latents.std() * drawn
        made = self.decode(latents)
        made = _like(made, small)
        out = _scaled(made, crops.shape[1]).clamp(0, 1) * 255
        return out.round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()


def bake(crops: Sequence[np.ndarray], autoencoder: Autoencoder, seed: int = 0) -> Iterator[np.ndarray]:
    """A twin (S, S, 3) uint8 for each crop of one size, batch by batch at sides and latent noises drawn anew."""
    rng = np.random.default_rng(seed)
    for start in range(0, len(crops), BATCH):
        batch = np.stack(crops[start : start + BATCH])
        noise = float(rng.uniform(0, LATENT_NOISE)) if rng.random() < 0.6 else 0.0
        yield from autoencoder.through(batch, int(rng.choice(SIDES)), noise, int(rng.integers(2**31)))


def as_sharp(twin: np.ndarray, crop: np.ndarray) -> np.ndarray:
    """The twin (S, S, 3) uint8 with the crop's fine detail in strength, so that softness alone does not tell it."""
    wanted, has = (_detail(image) for image in (crop, twin))
    if has < 1e-3 or wanted <= has:
        return twin
    amount = min(float(wanted / has) - 1, 1.5)
    return cv2.addWeighted(twin, 1 + amount, cv2.GaussianBlur(twin, (0, 0), 1.0), -amount, 0)


def _detail(image: np.ndarray) -> float:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float((grey - cv2.GaussianBlur(grey, (0, 0), 1.0)).std())


def _scaled(images: torch.Tensor, side: int) -> torch.Tensor:
    if images.shape[-1] == side:
        return images
    scaled = functional.interpolate(images.float(), (side, side), mode="bicubic", antialias=True)
    return scaled.clamp(0, 1).to(images.dtype)


def _like(made: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    made, goal = made.float(), goal.float()
    (mean, spread), (wanted, wanted_spread) = (
        (image.mean((2, 3), keepdim=True), image.std((2, 3), keepdim=True) + 1e-4) for image in (made, goal)
    )
    return (made - mean) / spread * wanted_spread + wanted
