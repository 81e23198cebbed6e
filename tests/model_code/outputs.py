"""Runs programs of www/code with PyTorch, what tests/model_code/python.rs compares with the engine.

    python outputs.py FOLDER...

In each folder lie a program, its weights, a few training images, and inputs.json. What the program's model makes of the inputs goes
to outputs.json; then the program is run, and trains.
"""

import inspect
import json
import os
import runpy
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

PHASES = ["outer", "inner", "joint"]


def outputs(program, inputs):
    names = runpy.run_path(str(program))
    [kind] = [
        value
        for name, value in names.items()
        if inspect.isclass(value) and issubclass(value, nn.Module) and name not in ["Mlp", "Layer"]
    ]
    model = kind()
    model.load_state_dict(names["transposed"](load_file(program.with_suffix(".safetensors"))))
    given = {name: torch.tensor(rows) for name, rows in inputs.items()}
    given["images"] = given["examples"]
    parameters = inspect.signature(model.loss).parameters
    arguments = {name: given[name] for name in parameters if name != "phase" and name in given}
    named = names["phases"]() if "phases" in names else PHASES
    phases = [{"phase": phase} for phase in named] if "phase" in parameters else [{}]
    with torch.no_grad():
        codes = model.encode(given["examples"])
        return {
            "codes": codes.flatten().tolist(),
            "rebuilt": model.decode(codes).flatten().tolist(),
            "losses": [model.loss(**arguments, **phase).item() for phase in phases],
        }


for folder in sys.argv[1:]:
    os.chdir(folder)
    [program] = Path(".").glob("*.py")
    Path("outputs.json").write_text(json.dumps(outputs(program, json.loads(Path("inputs.json").read_text()))))
    torch.manual_seed(1)
    runpy.run_path(str(program), run_name="__main__")
