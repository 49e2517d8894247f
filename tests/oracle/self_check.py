"""Whether truth.ndjson and the captures tell the same story: `oracle.py --self-check DIR`.

The one place that reads webhooks; the oracle itself never does.
"""
import json
import sys
from collections import Counter

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
