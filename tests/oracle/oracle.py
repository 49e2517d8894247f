#!/usr/bin/env python3
"""What `callscope calls` must print for a simulated capture: oracle.py [--self-check] DIR [CALLSCOPE]

Reads DIR/truth.ndjson (see simulate.py) and works out each call object of output.md from that state alone; no
webhook is read. Runs the program, where one is given, over every variant of the capture; the last line counts them.
--self-check (self_check.py) first asks whether truth and payloads tell the same story.
"""
import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import datetime, timezone
from pathlib import Path

from due import captured, codes, events

# variant: (inputs, standard input, sources); `repeated` and `two-webhooks` also change what is delivered.
VARIANTS = {
    "ordered": (["ordered.ndjson"], None, 1),
    "ordered (stdin)": (["-"], "ordered.ndjson", 1),
    "shuffled": (["shuffled.ndjson"], None, 1),
    "repeated": (["repeated.ndjson"], None, 1),
    "two-webhooks": (["two-webhooks.ndjson"], None, 1),
    "split": (["split"], None, 7),
    "array": (["array.json"], None, 1),
    "reserialised": (["reserialised.ndjson"], None, 1),
}
SHOWN = 20


# A call --------------------------------------------------------------------------------------------------------

def when(seconds):
    return seconds if seconds is None else datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def between(start, end):
    return None if start is None or end is None or end < start else end - start


def sent(truth):
    """Identity of every webhook CometChat sent about the call, less what is missing from the capture, as (trigger,
    session or call.id, time, rest); the first three are the documented key without its webhook."""
    seen = captured(truth)
    return (identity for (event, _), identity in zip(events(truth), identities(truth), strict=True) if event in seen)


def identities(truth):
    """In the order of `due.events`."""
    a, v, kind = truth["attempt"], truth["verdict"], "call" if truth["attempt"] else "meeting"
    for message, action in ((a, "initiated"), (v, (v or {}).get("action"))):
        if message:
            yield f"call_{action}", message["id"], message["at"], a["conversation"]
    session = truth["session_id"]
    if truth["created_at"]:
        yield f"{kind}_started", session, truth["created_at"], None
    for s in truth["stays"]:
        yield f"{kind}_participant_joined", session, s["joined_at"], s["name"]
        if s["left_at"] is not None:
            yield f"{kind}_participant_left", session, s["left_at"], (s["name"], s["joined_at"])
    if truth["destroyed_at"]:
        yield f"{kind}_ended", session, truth["destroyed_at"], None
    for r in truth["recordings"]:
        yield "recording_generated", session, r["started_at"], None


def told(truth):
    """Whether any webhook carries the session id."""
    a, v = truth["attempt"], truth["verdict"]
    return bool(truth["created_at"] or a["entities"] or (v and v["told_as"]))


def link(truth):
    """Never both: nobody is both answered and refused here."""
    a, v = truth["attempt"], truth["verdict"]
    if a and truth["created_at"]:
        return ("session", None) if a["entities"] else ("inferred", "session_epoch")
    if a and v:
        return ("session", None) if a["entities"] and v["told_as"] else ("inferred", "conversation")
    return "none", None


def concurrency(stays):
    """(most open at once, seconds with two or more open), stays being [joined_at, left_at) and open for good if
    they have no end. Leaves go before joins of the same second; a stay of no length is never open."""
    steps = Counter()
    for s in stays:
        steps[s["joined_at"]] += 1
        steps[float("inf") if s["left_at"] is None else s["left_at"]] -= 1
    count = peak = together = 0
    for at, following in zip(seconds := sorted(steps), seconds[1:]):
        count += steps[at]
        peak = max(peak, count)
        together += following - at if count >= 2 else 0
    return peak, together


def expected_stay(truth, s):
    platform, sdk, version = s["device"] or (None, None, None)
    return {"name": s["name"], "media": "audio" if s["audio"] else "video", "joined_at": when(s["joined_at"]),
            "left_at": when(s["left_at"]), "duration_seconds": between(s["joined_at"], s["left_at"]),
            # Every joined was captured, and the roster stands in the end alone.
            "seen": "both" if truth["destroyed_at"] else "events",
            "platform": platform, "sdk": sdk, "call_version": version}


def expected_call(truth, deliveries, rules=()):
    a, v, started, ended = truth["attempt"], truth["verdict"], truth["created_at"], truth["destroyed_at"]
    session = truth["session_id"] if told(truth) else None
    stays = sorted(truth["stays"], key=lambda s: (
        s["joined_at"], float("inf") if s["left_at"] is None else s["left_at"], s["name"]))
    peak, together = concurrency(stays)
    lasted = [between(s["joined_at"], s["left_at"]) for s in stays]
    linked, reason = link(truth)
    ring = a or dict.fromkeys(("id", "receiver_type", "conversation", "caller", "receiver", "at"))
    return {
        "call_id": f"{session}@{started}" if not a else session or f"ring:{a['id']}", "session_id": session,
        "ring_id": ring["id"], "app_id": truth["app"], "region": truth["region"], "flow": truth["flow"],
        "media": a["media"] if a else "audio" if all(s["audio"] for s in stays) else "video",
        "receiver_type": ring["receiver_type"], "conversation_id": ring["conversation"], "caller": ring["caller"],
        "caller_name": a["caller_name"] if a and a["entities"] else None, "receiver": ring["receiver"],
        "outcome": "ended" if ended else "ongoing" if started else v["action"] if v else "initiated",
        "link": linked, "link_reason": reason,
        "initiated_at": when(ring["at"]), "started_at": when(started), "ended_at": when(ended),
        "ring_seconds": between(ring["at"], started or (v and v["at"])), "duration_seconds": between(started, ended),
        "connected_seconds": together if ended and None not in lasted else None,
        "participant_count": len({s["name"] for s in stays}), "peak_concurrent": peak,
        "participant_seconds": sum(filter(None, lasted)), "stays": [expected_stay(truth, s) for s in stays],
        "recordings": [{"url": r["url"], "started_at": when(r["started_at"]), "duration_seconds": r["duration"]}
                       for r in sorted(truth["recordings"], key=lambda r: r["started_at"])],
        "event_count": len(set(sent(truth))), "delivery_count": deliveries, "rules": list(rules)}


def delivered(truth, variant):
    times = len(list(sent(truth)))
    return {"repeated": truth["repeated_deliveries"], "two-webhooks": 2 * times}.get(variant, times)


def first_event(truth):
    return min(at for _, _, at, _ in sent(truth))


def expected_calls(truths, variant):
    rows = [(first_event(t), expected_call(t, delivered(t, variant), rules)) for t, rules in zip(truths, codes(truths))]
    return [call for _, call in sorted(rows, key=lambda row: (row[0], row[1]["call_id"]))]


# The summary ---------------------------------------------------------------------------------------------------

def colliding(truths, hooks):
    """The events under each documented key that has several, once each however many webhooks deliver them."""
    keys = defaultdict(set)
    for t in truths:
        for trigger, which, at, rest in sent(t):
            for hook in t["hooks"][:hooks]:
                keys[hook, trigger, which, at].add((t["app"], rest))
    return {(key[1:], frozenset(events)) for key, events in keys.items() if len(events) > 1}


def lost(truths, hooks):
    """How many events a receiver loses that keeps one under each documented key: those it keeps under no webhook's."""
    keys, events = defaultdict(set), set()
    for t in truths:
        for trigger, which, at, rest in sent(t):
            event = (trigger, which, at, t["app"], rest)
            events.add(event)
            for hook in t["hooks"][:hooks]:
                keys[hook, trigger, which, at].add(event)
    return len(events - {min(group, key=repr) for group in keys.values()})


def expected_summary(truths, variant):
    hooks = 2 if variant == "two-webhooks" else 1
    webhooks, events = sum(delivered(t, variant) for t in truths), sum(len(set(sent(t))) for t in truths)
    return {"sources": VARIANTS[variant][2], "documents": webhooks, "webhooks": webhooks, "events": events,
            # Twin joins (see simulate.py) repeat a webhook exactly; every event has its copy per further webhook.
            "duplicates": webhooks - hooks * events, "copies": (hooks - 1) * events, "conflicts": 0, "invalid": 0,
            "other_webhooks": 0, "not_webhooks": 0, "damaged": 0, "skipped_lines": 0,
            "collisions": lost(truths, hooks), "calls": len(truths), "changed": 0, "refused": 0}


# Comparison ----------------------------------------------------------------------------------------------------

def differences(expected, got, path=""):
    """(path, expected, got) of every leaf that differs. 1 is not 1.0, nor true: "only recordings have fractions"."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in expected | got:
            yield from differences(expected.get(key, "(no such field)"), got.get(key, "(absent)"), f"{path}.{key}".lstrip("."))
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for n, pair in enumerate(zip(expected, got)):
            yield from differences(*pair, f"{path}[{n}]")
    elif expected != got or (type(expected) is not type(got) and not isinstance(expected, float)):
        yield path, expected, got


def compare(expected, got):
    """(call_id, path, expected, got): calls by id wherever they stand, then their order."""
    name = lambda call: (call.get("app_id"), call.get("call_id"))
    found = {name(call): call for call in got}
    for call in expected:
        other = found.get(name(call))
        for what in differences(call, other) if other else [("", "a call", "no such call")]:
            yield call["call_id"], *what
    known = set(map(name, expected))
    for call in got:
        if name(call) not in known:
            yield call.get("call_id"), "", "no such call", f"a call: {json.dumps(call, ensure_ascii=False)[:300]}"
    for n, (call, other) in enumerate(zip(expected, got)):
        if name(call) != name(other):
            yield call["call_id"], f"place {n} in the output", name(call), name(other)
            break
    if len(got) != len(found):
        yield "(output)", "rows with one (app_id, call_id)", 0, len(got) - len(found)


def run(callscope, folder, variant):
    """(calls, summary) as the program gives them; it works in the folder, away from any callscope.toml."""
    inputs, stdin, _ = VARIANTS[variant]
    with tempfile.TemporaryDirectory() as scratch:
        summary = Path(scratch, "summary.json")
        done = subprocess.run(
            [callscope, "calls", "--format", "ndjson", "--summary", summary, *inputs], cwd=folder, check=True,
            stdin=open(folder / stdin, "rb") if stdin else subprocess.DEVNULL, stdout=subprocess.PIPE)
        return [json.loads(row) for row in done.stdout.decode().split("\n") if row], json.loads(summary.read_text())


def verdict(callscope, folder, truths, variant):
    expected = expected_calls(truths, variant)
    try:
        calls, summary = run(callscope, folder, variant)
    except (subprocess.CalledProcessError, OSError, ValueError) as failure:
        print(f"{variant}: {failure}")
        return False
    wrong = [*compare(expected, calls),
             *(("(summary)", *what) for what in differences(expected_summary(truths, variant), summary))]
    for call_id, path, want, have in wrong[:SHOWN]:
        print(f"{variant}: {call_id}\n  field     {path}\n  expected  {want!r}\n  got       {have!r}")
    print(f"{variant}: {len(wrong)} differences" if wrong else f"{variant}: {len(expected)} calls equal")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--self-check", action="store_true", help="hold the truth against the payloads")
    parser.add_argument("folder", type=Path)
    parser.add_argument("callscope", type=Path, nargs="?")
    args = parser.parse_args()
    truths = [json.loads(row) for row in (args.folder / "truth.ndjson").read_text(encoding="utf-8").split("\n") if row]
    if args.self_check:
        from self_check import self_check
        self_check(args.folder, truths)
    if not args.callscope:
        return 0
    passed = [verdict(args.callscope.resolve(), args.folder, truths, variant) for variant in VARIANTS]
    print(f"{sum(passed)} passed, {len(passed) - sum(passed)} failed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
