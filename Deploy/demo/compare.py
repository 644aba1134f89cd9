"""Both versions of the demo on rows that neither learned from: was it worth it, was anything lost?

Needs nothing but Python's standard library.
"""

import argparse
import json
import pathlib
import subprocess
import sys


def ask(hone, *arguments):
    answer = subprocess.run([hone, *arguments, "--json"], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(answer.stdout)


def folder(data, version):
    """Where the registry keeps a version: the folder that bears its number and holds the weights."""
    weights = pathlib.Path(data).rglob("model.safetensors")
    return next((str(path.parent) for path in weights if path.parent.name == f"{version:04d}"), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hone", required=True)
    parser.add_argument("--config", required=True)
    parser.add_argument("--data", required=True, help="the daemon's data directory")
    parser.add_argument("--first", required=True, help="the folder of the first model")
    parser.add_argument("rows", nargs="+", help="files of labelled rows, called NAME-test.jsonl")
    arguments = parser.parse_args()

    live = ask(arguments.hone, "status", "--config", arguments.config)["model"]["version"]
    models = {"version 1": arguments.first}
    if live != 1:
        models[f"version {live}"] = folder(arguments.data, live)
        if models[f"version {live}"] is None:
            sys.exit(f"compare.py: the folder of version {live} is not below {arguments.data}")
    print("  " + "".ljust(10) + "".join(name.rjust(26) for name in models))
    for path in arguments.rows:
        cells = []
        for model in models.values():
            result = ask(arguments.hone, "evaluate", model, path)
            share = result["accuracy"] if "accuracy" in result else result["headline"]["value"]
            low, high = result["interval"]
            cells.append(f"{100 * share:.1f} % [{100 * low:.1f}, {100 * high:.1f}]".rjust(26))
        name = pathlib.Path(path).stem.removesuffix("-test")
        print("  " + name.ljust(10) + "".join(cells), flush=True)


if __name__ == "__main__":
    main()
