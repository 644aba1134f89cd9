"""The demo's own programs keep their promises. Runs with: python3 -m unittest discover -s Tests/Demo"""

import io
import json
import pathlib
import sys
import tempfile
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Deploy" / "demo"))
import follow  # noqa: E402
import names  # noqa: E402
import prepare  # noqa: E402
import questions  # noqa: E402
import stream  # noqa: E402


def rows(count, domain="movies"):
    return [{"id": f"{domain}-{n}", "text": f"{domain} text {n}", "label": "neutral"} for n in range(count)]


class StreamTests(unittest.TestCase):
    def setUp(self):
        self.now = 1_020.0
        self.stream = stream.Stream(rows(50), turns_at=20, rate=10, page=8, clock=lambda: self.now)

    def test_the_first_request_starts_the_clock(self):
        self.assertEqual(self.stream.progress()["released"], 0)
        self.assertEqual(self.stream.read(0), ([], 0))
        self.now += 1
        self.assertEqual(self.stream.progress()["released"], 10)

    def test_following_the_cursor_gives_every_row_once_and_in_order(self):
        cursor, seen = 0, []
        self.stream.read(0)
        for _ in range(40):
            self.now += 0.37
            page, cursor = self.stream.read(cursor)
            self.assertLessEqual(len(page), 8)
            seen += [row["id"] for row in page]
        self.assertEqual(seen, [row["id"] for row in self.stream.rows])
        self.assertTrue(self.stream.progress()["finished"])

    def test_a_page_that_was_lost_is_given_again(self):
        self.stream.read(0)
        self.now += 0.5
        self.assertEqual(self.stream.read(0), self.stream.read(0))

    def test_rows_come_at_the_steady_rate_and_bear_their_moment(self):
        self.stream.read(0)
        self.now += 0.35
        page, _ = self.stream.read(0)
        self.assertEqual([row["created_at"][-7:] for row in page], ["00.000Z", "00.100Z", "00.200Z"])


class PrepareTests(unittest.TestCase):
    def test_ratings_become_three_classes(self):
        self.assertEqual(
            [prepare.label(rating) for rating in (-4, -0.51, -0.5, 0, 0.5, 0.51, 4)],
            ["negative"] * 2 + ["neutral"] * 3 + ["positive"] * 2)

    def test_no_text_is_on_two_sides(self):
        with tempfile.TemporaryDirectory() as folder:
            source, output = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
            twins = [dict(row, id=row["id"] + "-twin", text=row["text"].upper()) for row in rows(100)]
            prepare.write(source / "movies.jsonl", rows(100) + twins)
            prepare.write(source / "tweets.jsonl", rows(100, "tweets"))
            shares = dict(train=40, movies=30, tweets=60, movies_test=20, tweets_test=20)
            prepare.split(types.SimpleNamespace(sentiment=source, output=output, **shares))
            files = sorted(output.glob("*.jsonl"))
            sides = {path.stem: {row["text"].casefold() for row in prepare.read(path)} for path in files}
            # There are tweets enough to ask about, so none of those to judge by is borrowed for it.
            names = sorted(sides)
            for first in names:
                for second in names[names.index(first) + 1 :]:
                    self.assertEqual(sides[first] & sides[second], set(), f"{first} and {second}")
            self.assertEqual([len(sides[name]) for name in names], [10, 30, 20, 40, 20, 60, 20])


class NamesTests(unittest.TestCase):
    def corpus(self, folder):
        for section, count in [("a", 300), ("b", 700), ("e", 40), ("f", 900)]:
            # Every tenth tweet is one of another section too.
            texts = [f"{'x' if n % 10 == 0 else section}{n}" for n in range(count)]
            lines = "".join(f"{text}\tB-PER\nsaid\tO\n.\tO\n\n" for text in texts)
            pathlib.Path(folder, f"{section}.conll").write_text(lines, encoding="utf-8")

    def test_no_tweet_is_on_two_sides_of_its_section(self):
        with tempfile.TemporaryDirectory() as folder:
            self.corpus(folder)
            output = pathlib.Path(folder, "out")
            names.deal(types.SimpleNamespace(corpus=folder, output=output, early=100))
            sides = {path.stem: prepare.read(path) for path in output.glob("*.jsonl")}
            texts = {name: {row["text"] for row in some} for name, some in sides.items()}
            order = sorted(texts)
            for first in order:
                for second in order[order.index(first) + 1 :]:
                    self.assertEqual(texts[first] & texts[second], set(), f"{first} and {second}")
            self.assertTrue(all(len(row["text"].split()) == len(row["tags"]) for some in sides.values() for row in some))
            self.assertEqual(len(sides["early-sent"]), 100)

    def test_a_folder_without_the_corpus_is_told(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(SystemExit, "broad_twitter_corpus"):
            names.section(folder, "a")


class QuestionsTests(unittest.TestCase):
    def test_no_article_is_learned_from_and_judged_by(self):
        with tempfile.TemporaryDirectory() as folder:
            articles = [{"title": f"article {n}", "paragraphs": []} for n in range(12)]
            pathlib.Path(folder, "xquad.en.json").write_text(json.dumps({"data": articles}), encoding="utf-8")
            questions.deal(types.SimpleNamespace(corpus=folder, output=folder + "/out", articles=4))
            learn, test = (
                [article["title"] for article in json.loads(pathlib.Path(folder, "out", name).read_text())["data"]]
                for name in ("learn.json", "test.json"))
            self.assertEqual((learn, test), ([f"article {n}" for n in range(4)], [f"article {n}" for n in range(4, 12)]))
            with self.assertRaisesRegex(SystemExit, "13 are needed"):
                questions.deal(types.SimpleNamespace(corpus=folder, output=folder + "/out", articles=5))


class StoryTests(unittest.TestCase):
    progress = {"domain": "tweets", "released": 90, "movies": 20, "tweets": 70, "total": 90, "finished": True}

    def status(self, version, rows_seen, **more):
        accuracy = {"estimate": 0.8, "lower": 0.7, "upper": 0.9, "count": rows_seen}
        return {
            "daemon": {"state": "running"}, "model": {"name": "m", "version": version}, "accuracy": accuracy,
            "decision": "waiting", **more,
        }

    def told(self, *readings):
        out = io.StringIO()
        story = follow.Story(follow.Terminal(out), recovered=50)
        codes = [story.read(status, self.progress, {"ok": 7, "failed": 0}) for status in readings]
        return codes, out.getvalue()

    def test_it_ends_well_when_the_new_version_has_proved_itself(self):
        run = {"id": 1, "state": "promoted", "verdict": {"sentence": "better beyond chance", "checks": []}}
        codes, text = self.told(
            self.status(1, 90), self.status(2, 10, lastRun=run), self.status(2, 50, lastRun=run))
        self.assertEqual(codes, [None, None, 0])
        self.assertLess(text.index("better beyond chance"), text.index("swap: version 2"))
        self.assertEqual(text.count("better beyond chance"), 1)

    def test_a_swap_is_told_only_after_its_verdict(self):
        run = {"id": 1, "state": "judging", "baseVersion": 1, "reason": "alarm"}
        _, text = self.told(self.status(1, 90), self.status(2, 1, run=run))
        self.assertNotIn("swap", text)


if __name__ == "__main__":
    unittest.main()
