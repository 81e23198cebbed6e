"""A Parzen window estimate in float64, every distance by itself: what tests/parzen.rs compares with.

    pip install numpy && python tests/reference/parzen.py

writes parzen.json beside itself.
"""

import json
from pathlib import Path

import numpy as np

WIDTH, SIGMAS = 6, [0.1, 0.2, 0.3, 0.4, 0.6, 0.9]


def log_likelihoods(samples, examples, sigma):
    """log of the mean over the samples of N(x; sample, sigma^2), for each example x."""
    distances = ((examples[:, None, :] - samples[None, :, :]) ** 2).sum(axis=2)
    exponents = -distances / (2.0 * sigma**2)
    largest = exponents.max(axis=1, keepdims=True)
    mean = np.log(np.exp(exponents - largest).mean(axis=1)) + largest[:, 0]
    return mean - samples.shape[1] / 2.0 * np.log(2.0 * np.pi * sigma**2)


if __name__ == "__main__":
    rng = np.random.default_rng(20140610)
    samples, validation, test = (np.round(rng.uniform(0.0, 1.0, (count, WIDTH)), 3) for count in (40, 7, 9))
    means = [log_likelihoods(samples, validation, sigma).mean() for sigma in SIGMAS]
    sigma = SIGMAS[int(np.argmax(means))]
    assert SIGMAS[0] < sigma < SIGMAS[-1], "a choice that could have been another"
    values = log_likelihoods(samples, test, sigma)
    tensor = lambda value: {"shape": value.shape, "values": value.ravel().tolist()}
    content = {
        "samples": tensor(samples),
        "validation": tensor(validation),
        "test": tensor(test),
        "sigmas": SIGMAS,
        "sigma": sigma,
        "mean": values.mean(),
        "standard_error": values.std(ddof=1) / np.sqrt(len(values)),
        # Far from all samples: the exponentials of float32 are 0 there.
        "far": log_likelihoods(samples, test + 3.0, 0.1).tolist(),
    }
    (Path(__file__).parent / "parzen.json").write_text(json.dumps(content, indent=1) + "\n")
