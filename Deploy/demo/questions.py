"""Questions and the texts that answer them: deals XQuAD's English part out, and asks the daemon.

    questions.py deal XQUAD OUTPUT     xquad.en.json -> articles to learn from, articles to judge by
    questions.py ask FILE ...          asks some of a file's questions over HTTP

Needs nothing but Python's standard library.
"""

import argparse
import json
import pathlib
import sys
import urllib.error
import urllib.request

JUDGED = 8  # articles, the last


def deal(arguments):
    path = next(iter(sorted(pathlib.Path(arguments.corpus).glob("xquad*en*.json"))), None)
    if path is None:
        sys.exit(f"questions.py: {arguments.corpus} holds no xquad.en.json: is it a clone of google-deepmind/xquad?")
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    if len(articles) < arguments.articles + JUDGED:
        sys.exit(f"questions.py: {path} has {len(articles)} articles, and {arguments.articles + JUDGED} are needed")
    output = pathlib.Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)
    for name, some in [("learn", articles[: arguments.articles]), ("test", articles[-JUDGED:])]:
        content = json.dumps({"version": "1.1", "data": some}, ensure_ascii=False)
        (output / f"{name}.json").write_text(content + "\n", encoding="utf-8")


def ask(arguments):
    articles = json.loads(pathlib.Path(arguments.file).read_text(encoding="utf-8"))["data"]
    # One question of each article, the first of its first text.
    for text in [article["paragraphs"][0] for article in articles][: arguments.count]:
        question = text["qas"][0]
        body = json.dumps({"inputs": {"question": question["question"], "context": text["context"]}}).encode()
        request = urllib.request.Request(arguments.address + "/", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            found = json.load(response)
        answer, start, end = found["answer"], found["start"], found["end"]
        if text["context"][start:end] != answer:
            sys.exit(f"questions.py: \"{answer}\" does not stand at {start} of its text")
        right = " or ".join(sorted({f'"{answer["text"]}"' for answer in question["answers"]}))
        told = f'"{answer}", {100 * found["score"]:.0f} %' if answer else "none"
        print(f"  {question['question']}\n    answer: {told}; right: {right}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("deal")
    command.add_argument("corpus")
    command.add_argument("output")
    command.add_argument("--articles", type=int, required=True, help="to learn from")
    command.set_defaults(run=deal)
    command = commands.add_parser("ask")
    command.add_argument("file")
    command.add_argument("--address", required=True, help="where the daemon serves")
    command.add_argument("--count", type=int, default=4, help="questions")
    command.set_defaults(run=ask)
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except (urllib.error.URLError, OSError, KeyError) as error:
        sys.exit(f"questions.py: {error}")


if __name__ == "__main__":
    main()
