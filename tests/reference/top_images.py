"""The test images that activate units of a sigmoid layer most, in float64: what tests/inside.rs compares with.

    pip install numpy && python tests/reference/top_images.py

writes top_images.json beside itself. The weights follow from a formula, large ones, so that the sigmoid gives 1 in float32 for many images.
"""

import gzip
import json
from pathlib import Path

import numpy as np

from reference import sigmoid

PIXELS, UNITS, IMAGES, COUNT, BINS = 784, 3, 300, 8, 20
DIGITS = Path(__file__).parents[2] / "www/data/mnist/t10k-images-idx3-ubyte.gz"


def test_images():
    """The first images of the test set, pixels in [0, 1]."""
    with gzip.open(DIGITS) as file:
        pixels = np.frombuffer(file.read()[16 : 16 + IMAGES * PIXELS], dtype=np.uint8)
    return pixels.reshape(IMAGES, PIXELS) / 255.0


if __name__ == "__main__":
    pixel, unit = np.arange(PIXELS)[:, None], np.arange(UNITS)[None, :]
    weight = 2.0 * np.sin(0.37 * pixel + 1.7 * unit)
    bias = 12.0 * np.arange(UNITS) - 10.0
    before = test_images() @ weight + bias
    activations = sigmoid(before)
    units = []
    for unit in range(UNITS):
        order = np.argsort(-before[:, unit], kind="stable")[:COUNT]
        counts, edges = np.histogram(activations[:, unit], bins=BINS)
        units.append({
            "numbers": order.tolist(),
            "activations": activations[order, unit].tolist(),
            "before_activation": before[order, unit].tolist(),
            "mean": activations[:, unit].mean(),
            "least": edges[0],
            "largest": edges[-1],
            "histogram": (counts / IMAGES).tolist(),
        })
    content = {"images": IMAGES, "bias": bias.tolist(), "units": units}
    (Path(__file__).parent / "top_images.json").write_text(json.dumps(content, indent=1) + "\n")
