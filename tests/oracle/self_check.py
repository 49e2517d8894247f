"""Whether truth.ndjson and the captures tell the same story: `oracle.py --self-check DIR`, `findings.py --self-check DIR`.

The one place that learns from webhooks; the oracles themselves never do.
"""
import json
import sys
from collections import Counter, defaultdict

from due import captured, due, edges
from oracle import VARIANTS, colliding, expected_call, expected_calls, expected_summary, first_event, sent, told


def told_by(body):
    """(trigger, session or call.id, time, session ids it carries) as a payload has them."""
    data, occupant = body["data"], body["data"].get("occupant", {})
    if "call" in data:
        on = data["call"]["data"].get("entities", {}).get("on", {}).get("entity", {})
        return body["trigger"], data["call"]["id"], data["call"]["sentAt"], on.get("sessionid", on.get("sessionId"))
    at = occupant.get("left_at") or occupant.get("joined_at") or data.get("destroyed_at") or data.get("created_at")
    return body["trigger"], data["sessionId"], at or int(data["startTime"]), data["sessionId"]


def self_check(folder, truths):
    """Truth and payloads fit, and every situation that is meant to be in the captures is."""
    keys = Counter((t["app"], *event[:3]) for t in truths for event in sent(t))
    ids = {(t["app"], t["session_id"]) for t in truths if not t["attempt"] or told(t)}
    for variant, (inputs, stdin, sources) in VARIANTS.items():
        path = folder / (stdin or inputs[0])
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        texts = [f.read_text(encoding="utf-8") for f in files]
        bodies = json.loads(texts[0]) if path.suffix == ".json" else [json.loads(x) for t in texts for x in t.split("\n") if x]
        summary = expected_summary(truths, variant)
        assert (len(files), len(bodies)) == (sources, summary["webhooks"]), variant
        hooks = {app: {b["webhook"] for b in bodies if b["appId"] == app} for app in {b["appId"] for b in bodies}}
        assert all(set(t["hooks"][:2 if variant == "two-webhooks" else 1]) == hooks[t["app"]] for t in truths), variant
        seen = [(b["appId"], *told_by(b)) for b in bodies]
        if variant == "two-webhooks":
            assert Counter(s[:4] for s in seen) == Counter({key: 2 * n for key, n in keys.items()}), variant
        elif variant == "repeated":
            assert {s[:4] for s in seen} == set(keys), variant
        else:
            assert Counter(s[:4] for s in seen) == keys, variant
        assert {(s[0], s[4]) for s in seen if s[4]} == ids, variant
        # The content, key order and spacing aside, is the same in all that does not change the deliveries.
        distinct = {json.dumps(b, sort_keys=True) for b in bodies if variant != "two-webhooks"}
        assert variant == "two-webhooks" or len(distinct) == summary["events"], variant
        assert summary["webhooks"] == summary["events"] + summary["duplicates"] + summary["copies"]
    calls = expected_calls(truths, "ordered")
    order = Counter((first_event(t), expected_call(t, 0)["call_id"]) for t in truths)
    assert max(order.values()) == 1, "a tie in the order of the output"
    rings = [t for t in truths if t["attempt"]]
    same_second = Counter((t["app"], *map(t["attempt"].get, ("caller", "receiver", "at"))) for t in rings)
    assert max(same_second.values()) == 1, "two attempts that nothing tells apart"
    assert all(0 <= t["verdict"]["at"] - t["attempt"]["at"] <= 120 for t in rings if t["verdict"])
    for hooks in (1, 2):  # else it would depend on what came first which event a receiver loses
        groups = colliding(truths, hooks)
        assert len({key for key, _ in groups}) == len(groups) and groups
    tally = Counter(f"{c['flow']} {c['outcome']} {c['link']} {c['link_reason'] or ''}".strip() for c in calls)
    tally |= {"apps in one documented key": sum(len({app for app, _ in events}) > 1 for _, events in colliding(truths, 1)),
              "twins": sum(len(list(sent(t))) > len(set(sent(t))) for t in truths),
              "recordings": sum(len(c["recordings"]) for c in calls),
              "call.id in two apps": len({t["attempt"]["id"] for t in rings if t["app"] == truths[0]["app"]}
                                         & {t["attempt"]["id"] for t in rings if t["app"] != truths[0]["app"]}),
              "meeting runs of a used session id": len([t for t in truths if not t["attempt"]]) - len(
                  {(t["app"], t["session_id"]) for t in truths if not t["attempt"]}),
              "session id told by the outcome alone": sum(
                  told(t) and not t["created_at"] and not t["attempt"]["entities"] for t in rings),
              "collisions": expected_summary(truths, "ordered")["collisions"]}
    for what, count in sorted(tally.items()):
        print(f"{count:6} {what}", file=sys.stderr)
    # Fewer calls may lack a rare one. Kinds: two outcomes with a session and four without, each linked in two ways,
    # those that are initiated alone, meetings with and without end, and the seven counted above.
    assert len(truths) < 2000 or len(tally) == (2 + 4) * 2 + 1 + 2 + 7, "a situation is missing: try another seed"


# Losses --------------------------------------------------------------------------------------------------------

ROSTER = {"joined": "R001", "left": "R002", "started": "F004"}


def lines_of(path):
    files = path.iterdir() if path.is_dir() else [path]
    return [x for f in files for x in f.read_text(encoding="utf-8").split("\n") if x]


def from_payloads(bodies):
    """The findings about lost joins, leaves and starts as one would look for them by hand: (code, app, session, stay)."""
    first, seen, ends, loose = {}, set(), defaultdict(list), defaultdict(list)
    for b in bodies:
        app, (trigger, which, at, _) = b["appId"], told_by(b)
        known = at + float(b["data"].get("duration", 0))
        first[app] = min(known, first.get(app, known))
        kind, who = trigger.rpartition("_")[2], b["data"].get("occupant", {})
        seen.add((kind, app, which, at, who.get("name"), who.get("joined_at")))
        if kind == "ended":
            ends[app, which].append(b["data"])
    rosters = {(*session, o["name"], o["joined_at"]) for session, all_ends in ends.items() for e in all_ends for o in e["all_occupants"]}
    for (app, which), all_ends in ends.items():
        for e in all_ends:
            if ("started", app, which, e["created_at"], None, None) not in seen and e["created_at"] > first[app]:
                yield "F004", app, which, None
            for o in e["all_occupants"]:
                stay = o["name"], o["joined_at"], o["left_at"]
                for code, kind, at in (("R001", "joined", o["joined_at"]), ("R002", "left", o["left_at"])):
                    if (kind, app, which, at, *stay[:2]) not in seen and at > first[app]:
                        yield code, app, which, stay
    for kind, app, which, at, name, joined_at in seen:
        if kind in ("joined", "left") and (app, which, name, joined_at) not in rosters:
            loose[app, which].append(joined_at)
            if kind == "left" and ("joined", app, which, joined_at, name, joined_at) not in seen and joined_at > first[app]:
                yield "F008", app, which, (name, joined_at, at)
    for (app, which), stays in loose.items():  # the last run of its session, without an end
        over = max((e["destroyed_at"] for e in ends[app, which]), default=0)
        started = [at for kind, *session, at, _, _ in seen if kind == "started" and session == [app, which] and at > over]
        if not started and min(stays) > first[app]:
            yield "F004", app, which, None


def from_losses(truths):
    """{(code, number of the call, stay)} of what the dice took from the calls whose roster was captured, less what is
    excused by the edges, and how many those are."""
    apps, codes, excused = edges(truths), set(), 0
    for n, t in enumerate(truths):
        seen = captured(t)
        for event in map(tuple, t["lost"]):
            kind, at, name, joined_at = event
            # One of twins speaks for both.
            if not any(k == "ended" for k, *_ in seen) or event in seen:
                continue
            if at <= apps[t["app"]][0]:
                excused += 1
                continue
            stays = [(s["name"], s["joined_at"], s["left_at"]) for s in t["stays"] if (s["name"], s["joined_at"]) == (name, joined_at)
                     and (kind == "joined" or s["left_at"] == at)]
            codes |= {(ROSTER[kind], n, stay) for stay in stays or [None]}
    return codes, excused


def losses_check(folder, truths):
    """The truth says what the payloads say, and what the dice took; every variant has the same events."""
    lines = lines_of(folder / "ordered.ndjson")
    ordered, once = list(map(json.loads, lines)), set(lines)
    assert Counter(lines_of(folder / "shuffled.ndjson")) == Counter(lines_of(folder / "calls")) == Counter(lines)
    assert set(lines_of(folder / "two-webhooks.ndjson")) >= once
    rewritten = {json.dumps(b, sort_keys=True) for b in ordered}
    assert once <= set(lines_of(folder / "repeated.ndjson")) <= once | rewritten
    everything = list(due(truths))
    of_losses = Counter((code, truths[n]["app"], truths[n]["session_id"], what) for code, n, _, what in everything
                        if code in (*ROSTER.values(), "F008"))
    by_hand = Counter(from_payloads(ordered))
    assert of_losses == by_hand, (of_losses - by_hand, by_hand - of_losses)
    codes, excused = from_losses(truths)
    with_roster = {n for n, t in enumerate(truths) if any(kind == "ended" for kind, *_ in captured(t))}
    told = {(code, n, what) for code, n, _, what in everything if n in with_roster and code in ROSTER.values()}
    assert told == codes, told ^ codes
    tally = Counter(f"{code} due" for code, *_ in everything)
    tally |= {"calls": sum(bool(captured(t)) for t in truths), "webhooks lost": sum(len(t["lost"]) for t in truths),
              "webhooks cut off": sum(len(t["missing"]) - len(t["lost"]) for t in truths),
              "losses excused by an edge": excused,
              "losses without a roster": sum(len(t["lost"]) for n, t in enumerate(truths) if n not in with_roster)}
    for what, count in sorted(tally.items()):
        print(f"{count:6} {what}", file=sys.stderr)
