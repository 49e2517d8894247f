#!/usr/bin/env python3
"""Captures with webhooks lost: losses.py [--seed S] [--calls N] [--lose SHARE] [--cut] [--wild] DIR

Simulated calls (see simulate.py) that all end in health; --wild leaves in those that do not. --lose takes away that share
of the joins, leaves and starts, one die a webhook. --cut lets each app's capture begin and end in the midst of calls.
What was not captured of a call stands in DIR/truth.ndjson as `missing`; of that, what the dice took stands as `lost`.
"""
import argparse
from pathlib import Path

from due import RING_WINDOW, events
from simulate import envelope, line, repeat, saver, simulate, webhooks

LOSSES = ("started", "joined", "left")


def as_event(trigger, data):
    """The webhook under the name that its event has in due.py."""
    kind, occupant = trigger.rpartition("_")[2], data.get("occupant", {})
    if "call" in data:
        return ("initiated" if kind == "initiated" else "verdict"), data["call"]["sentAt"], None, None
    if kind == "generated":
        return "recording", int(data["startTime"]), None, None
    at = {"started": data.get("created_at"), "ended": data.get("destroyed_at")}.get(kind) or occupant[f"{kind}_at"]
    return kind, at, occupant.get("name"), occupant.get("joined_at")


# The cut -------------------------------------------------------------------------------------------------------

def rings(calls):
    """[first, last second in which it rings]"""
    for c in calls:
        if a := c["attempt"]:
            yield a["at"], (c["verdict"] or {}).get("at") or c["created_at"] or a["at"]


def busiest(calls, seconds):
    """The second with most sessions open, of those about which nothing rings: else a cut would take an initiation
    from its outcome, and that would be another's."""
    spans, sessions = list(rings(calls)), [(c["created_at"], c["destroyed_at"]) for c in calls if c["created_at"]]
    quiet = [s for s in sorted(seconds) if all(
        last + RING_WINDOW + 5 < s or s < first - RING_WINDOW - 5 for first, last in spans)]
    return max(quiet, key=lambda s: sum(start < s and (end is None or s < end) for start, end in sessions))


def cut(calls):
    """[from, to) of one app's capture: somewhere in its first and in its last tenth."""
    seconds = sorted(int(known) for c in calls for _, known in events(c))
    tenth = len(seconds) // 10
    return busiest(calls, seconds[:tenth]), busiest(calls, seconds[-tenth:])


# The captures --------------------------------------------------------------------------------------------------

def lose(world, share, is_cut):
    """Notes in each call what is missing; yields (call, its number, trigger, data) of what is left, in order."""
    spans = {}
    if is_cut:
        for app in {c["app"] for c in world.calls}:
            spans[app] = cut([c for c in world.calls if c["app"] == app])
    sent = []
    for n, call in enumerate(world.calls):
        known, (begin, end) = dict(events(call)), spans.get(call["app"], (0, float("inf")))
        call["missing"], call["lost"] = [], []
        for at, place, trigger, data in webhooks(call, world.rng):
            event = as_event(trigger, data)
            is_lost = event[0] in LOSSES and world.rng.random() < share
            if not begin <= known[event] < end:
                call["missing"].append(event)
            elif is_lost:
                call["missing"].append(event)
                call["lost"].append(event)
            else:
                sent.append((at, place, trigger, n, data))
    return [(world.calls[n], n, trigger, data) for _, _, trigger, n, data in sorted(sent, key=lambda s: s[:4])]


def write(folder, world, share, is_cut):
    sent, rng, save = lose(world, share, is_cut), world.rng, saver(folder)
    bodies = [envelope(call, trigger, data) for call, _, trigger, data in sent]
    lines = list(map(line, bodies))
    two = [line(envelope(call, trigger, data, hook)) for call, _, trigger, data in sent for hook in (0, 1)]
    save("truth.ndjson", map(line, world.calls))
    save("ordered.ndjson", lines)
    save("shuffled.ndjson", rng.sample(lines, len(lines)))
    save("repeated.ndjson", [text for _, text in repeat(rng, bodies)])
    save("two-webhooks.ndjson", rng.sample(two, len(two)))
    of_call = {}
    for text, (_, n, *_) in zip(lines, sent):
        of_call.setdefault(n, []).append(text)
    for n, own in of_call.items():
        save(f"calls/{n:04}.ndjson", rng.sample(own, len(own)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--lose", type=float, default=0, metavar="SHARE")
    parser.add_argument("--cut", action="store_true")
    parser.add_argument("--wild", action="store_true")
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    write(args.folder, simulate(args.seed, args.calls, healthy=not args.wild), args.lose, args.cut)
