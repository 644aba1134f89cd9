"""What else one could do: nothing, train by the calendar, train at every alarm, or know it all.

All train with `hone train` on the rows so far, from the live model on, with the daemon's arguments, and wait as the daemon
does: an alarm needs so many new labels since the last training. None has a gate.
"""

import hashlib
import math
import unicodedata

#: The daemon's defaults: labels between two trainings, epochs, and what its watch promises.
NEW_LABELS, EPOCHS, TOLERANCE, RUN_LENGTH = 200, 3, 0.01, 20_000
STAKES = (0.125, 0.25, 0.5, 1, 2, 4)


def is_held_out(row):
    """Whether `hone train` leaves a row out: by the first 52 bits of the hash of what it says."""
    digest = hashlib.sha256()
    for field in (row["text"], None, row["label"]):
        content = unicodedata.normalize("NFC", field or "").encode()
        digest.update(b"\xff" if field is None else b"\x01" + len(content).to_bytes(8, "little") + content)
    return int(digest.hexdigest()[:13], 16) / 2**52 < 0.2


def upper_bound(errors, count):
    """Clopper and Pearson's, one-sided at 95 %."""
    def below(p):
        return sum(math.exp(math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
                            + k * math.log(p) + (count - k) * math.log1p(-p)) for k in range(errors + 1))
    low, high = errors / count, 1 - 1e-12
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) > 0.05 else (low, middle)
    return low


class Watch:
    """The daemon's alarm: Shiryaev and Roberts' mixture of bets against the promised error."""

    def __init__(self, correct):
        self.bound = upper_bound(len(correct) - sum(correct), len(correct)) + TOLERANCE
        self.sums = {stake: 0.0 for stake in STAKES if stake * self.bound < 1}
        self.is_alarmed = False

    def observe(self, is_correct):
        for stake, total in self.sums.items():
            self.sums[stake] = (total + 1) * (1 + stake * (1 - is_correct - self.bound))
        self.is_alarmed = self.is_alarmed or sum(self.sums.values()) / len(self.sums) >= RUN_LENGTH


class Policy:
    """A policy under way on a stream: which model is live, what it answered and what training cost."""

    def __init__(self, models, folder, first, say):
        self.models, self.folder, self.live, self.say = models, folder, first, say
        folder.mkdir(parents=True, exist_ok=True)
        self.stream = models.stream
        self.correct, self.swaps, self.cpu, self.runs = [], [], 0.0, 0
        self.ahead = models.correct(first, self.stream.rows)

    def known(self):
        return self.stream.first + self.stream.rows[:len(self.correct)]

    def trained(self):
        """A model of all rows so far."""
        self.runs += 1
        folder = self.folder / f"model-{len(self.correct)}"
        self.say(f"row {len(self.correct)}: trains on {len(self.known())} rows")
        self.cpu += self.models.train(self.live, self.known(), folder, EPOCHS)
        return folder

    def swap(self, folder):
        self.live, self.ahead = folder, self.models.correct(folder, self.stream.rows)
        self.swaps.append({"row": len(self.correct), "model": str(folder)})

    def step(self):
        self.correct.append(self.ahead[len(self.correct)])

    def told(self, **more):
        return {"correct": self.correct, "swaps": self.swaps, "runs": self.runs, "cpu": self.cpu} | more


def never(policy, _):
    for _ in policy.stream.rows:
        policy.step()
    return policy.told()


def calendar(policy, options):
    """Every so many labels."""
    for place in range(len(policy.stream.rows)):
        if place and place % options.every == 0:
            policy.swap(policy.trained())
        policy.step()
    return policy.told()


def alarm(policy, options):
    """At each alarm of the daemon's own watch; a new model promises what it does on all rows held out."""
    def watch():
        return Watch(policy.models.correct(policy.live, [row for row in policy.known() if is_held_out(row)]))

    now, last, alarms = watch(), -NEW_LABELS, []
    for place in range(len(policy.stream.rows)):
        if now.is_alarmed and place >= max(NEW_LABELS, last + max(NEW_LABELS, options.cool_down)):
            last = place
            policy.swap(policy.trained())
            now = watch()
        policy.step()
        was = now.is_alarmed
        now.observe(policy.correct[-1])
        if now.is_alarmed and not was:
            alarms.append(place)
    return policy.told(alarms=alarms)


def oracle(policy, options):
    """Knows when the world changed and what each model is worth in it: trains so many labels later, keeps the better."""
    segments = policy.stream.segments
    length = len(policy.stream.rows) // len(segments)
    for place in range(len(policy.stream.rows)):
        segment, since = divmod(place, length)
        if segment and since == options.enough:
            name, new = segments[segment].name, policy.trained()
            if policy.models.accuracy(new, name) > policy.models.accuracy(policy.live, name):
                policy.swap(new)
        policy.step()
    return policy.told()


POLICIES = {"never": never, "alarm": alarm, "oracle": oracle, "calendar": calendar}
