#!/usr/bin/env python3
"""What `callscope check` must find in captures of losses.py: findings.py [--self-check] DIR [CALLSCOPE]

due.py works out the findings from DIR/truth.ndjson. Each finding of the program is looked up in the capture: which
call its webhook tells of, and which entry of the roster its pointer leads to. Runs the program over every variant, in
which it must find the same; the last line counts them.
--self-check (self_check.py) first asks whether truth and payloads tell the same story.
"""
import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from due import captured, due
from oracle import SHOWN, colliding

# variant: (inputs, webhooks of an app)
VARIANTS = {
    "ordered": (["ordered.ndjson"], 1),
    "shuffled": (["shuffled.ndjson"], 1),
    "a file a call": (["calls"], 1),
    "repeated": (["repeated.ndjson"], 1),
    "a file a call, and all in one": (["calls", "ordered.ndjson"], 1),
    "two webhooks": (["two-webhooks.ndjson"], 2),
}
KEYS = ("K001", "K002", "K004")
PLACE = re.compile(r"([\w/-]+\.ndjson):(\d+)")  # in a message, of another event


# What the program says -----------------------------------------------------------------------------------------

def run(callscope, folder, variant):
    inputs, _ = VARIANTS[variant]
    done = subprocess.run([callscope, "check", "--quiet", "--exit-zero", "--format", "ndjson", *inputs], cwd=folder,
                          check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    return [json.loads(row) for row in done.stdout.decode().split("\n") if row]


def owner(truth):
    """What tells a webhook of the call from any other's: (app, id, event times)."""
    session = (truth["app"], truth["session_id"])
    for kind, at, name, _ in captured(truth):
        if kind in ("initiated", "verdict"):
            yield truth["app"], truth[{"initiated": "attempt"}.get(kind, kind)]["id"], "ring"
        else:
            yield *session, kind, at


def of_body(body):
    data, kind = body["data"], body["trigger"].rpartition("_")[2]
    if "call" in data:
        return body["appId"], data["call"]["id"], "ring"
    at = {"started": "created_at", "ended": "destroyed_at"}
    if kind == "generated":
        return body["appId"], data["sessionId"], "recording", int(data["startTime"])
    return body["appId"], data["sessionId"], kind, data[at[kind]] if kind in at else data["occupant"][f"{kind}_at"]


def stay(body, pointer):
    """(name, joined_at, left_at) of the stay that a finding is about."""
    _, _, *steps = pointer.split("/") if pointer else ("", "")
    data = body["data"]
    entry = data["all_occupants"][int(steps[1])] if steps[:1] == ["all_occupants"] and steps[1:] else data.get("occupant", {})
    return entry.get("name"), entry.get("joined_at"), entry.get("left_at")


class Capture:
    """The webhooks of a variant by source and line. `calls` says which call a webhook is of."""

    def __init__(self, folder, calls):
        self.folder, self.calls, self.files, self.texts = folder, calls, {}, {}

    def body(self, source, line):
        if source not in self.files:
            self.files[source] = (self.folder / source).read_text(encoding="utf-8").split("\n")
        return json.loads(self.files[source][line - 1])

    def read(self, finding):
        """The finding in the terms of due.py."""
        code, body = finding["rule"], self.body(finding["source"], finding["line"])
        about = stay(body, finding["pointer"]) if code in ("R001", "R002", "F008") else None
        return code, self.calls.get(of_body(body)), finding["call_id"], about

    def content(self, finding):
        """The finding without places, which are not the same in all variants, but with what stands there."""
        named = PLACE.findall(finding["message"])
        return (*(finding[key] for key in ("rule", "severity", "pointer", "call_id", "trigger")),
                PLACE.sub("PLACE", finding["message"]), self.text(finding["source"], finding["line"]),
                *sorted(self.text(source, int(line)) for source, line in named))

    def text(self, source, line):
        """A body without what tells a copy or a proxy's rewriting from it."""
        if (source, line) not in self.texts:
            body = self.body(source, line) | {"webhook": None}
            self.texts[source, line] = json.dumps(body, sort_keys=True, ensure_ascii=False)
        return self.texts[source, line]


# What it must say ----------------------------------------------------------------------------------------------

class Expected:
    """What is due, and how many there are of those that repetition and keys bring."""

    def __init__(self, truths):
        self.findings = Counter(due(truths))
        self.calls = {key: n for n, t in enumerate(truths) for key in owner(t)}
        self.distinct = sum(len(captured(t)) for t in truths)
        self.dropped = {hooks: {(key, event) for key, group in colliding(truths, hooks)
                                for event in group - {min(group, key=repr)}} for hooks in (1, 2)}

    def counts(self, deliveries, hooks):
        """Every delivery is an event, its copy through another webhook, or a duplicate; of what shares a documented key,
        all but one are told."""
        return {"K001": deliveries - hooks * self.distinct, "K002": len(self.dropped[hooks]),
                "K004": (hooks - 1) * self.distinct}


def deliveries(folder, variant):
    paths = [folder / name for name in VARIANTS[variant][0]]
    files = [f for p in paths for f in (p.iterdir() if p.is_dir() else [p])]
    return sum(f.read_bytes().count(b"\n") for f in files)


def told(row, kind):
    code, n, call, about = row
    number = "no call" if n is None else f"call {n}"
    return f"  {kind}  {code} {call} ({number}){'' if about is None else f': {about}'}"


def verdict(callscope, folder, expected, variant, ordered):
    """Whether all is as it must be, and the findings without their places."""
    capture = Capture(folder, expected.calls)
    try:
        rows = run(callscope, folder, variant)
    except (subprocess.CalledProcessError, OSError, ValueError) as failure:
        print(f"{variant}: {failure}")
        return False, None
    got = Counter(capture.read(row) for row in rows if row["rule"] not in KEYS)
    wrong = [told(row, "missing ") for row in (expected.findings - got).elements()]
    wrong += [told(row, "too much") for row in (got - expected.findings).elements()]
    counts = Counter(row["rule"] for row in rows)
    for code, count in expected.counts(deliveries(folder, variant), VARIANTS[variant][1]).items():
        if counts[code] != count:
            wrong.append(f"  {code}  expected {count}, got {counts[code]}")
    content = Counter(capture.content(row) for row in rows if row["rule"] not in ("K001", "K004"))
    if ordered is not None:
        for kind, others in (("not in ordered", content - ordered), ("only in ordered", ordered - content)):
            wrong += [f"  {kind}  " + "\n    ".join(map(str, what)) for what in others.elements()]
    print(f"{variant}: {len(wrong)} differences" if wrong else f"{variant}: {sum(got.values())} findings as expected")
    print("\n".join(wrong[:SHOWN]), end="\n" if wrong else "")
    return not wrong, content


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--self-check", action="store_true", help="hold the truth against the payloads")
    parser.add_argument("folder", type=Path)
    parser.add_argument("callscope", type=Path, nargs="?")
    args = parser.parse_args()
    truths = [json.loads(row) for row in (args.folder / "truth.ndjson").read_text(encoding="utf-8").split("\n") if row]
    if args.self_check:
        from self_check import losses_check
        losses_check(args.folder, truths)
    if not args.callscope:
        return 0
    passed, ordered, expected = [], None, Expected(truths)
    for variant in VARIANTS:
        good, content = verdict(args.callscope.resolve(), args.folder, expected, variant, ordered)
        passed.append(good)
        ordered = content if ordered is None else ordered
    print(f"{sum(passed)} passed, {len(passed) - sum(passed)} failed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
