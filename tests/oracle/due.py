"""Which findings are due in simulated calls, worked out from their state (see simulate.py) alone.

Of each call only what was captured counts: all that CometChat sent less `missing`, which losses.py fills in.
"""
from collections import Counter

OPEN_AFTER = 6 * 3600  # the program's default --open-after
RING_WINDOW = 120  # and --ring-window
SESSION = ("started", "joined", "left", "ended", "recording")
INFOS = {"F005", "L001"}


def events(truth):
    """((kind, event time, name, joined_at), when it is known of) of every webhook that was sent about the call. A
    recording is known of at its end."""
    for kind, message in (("initiated", truth["attempt"]), ("verdict", truth["verdict"])):
        if message:
            yield (kind, message["at"], None, None), message["at"]
    if truth["created_at"]:
        yield ("started", truth["created_at"], None, None), truth["created_at"]
    for s in truth["stays"]:
        yield ("joined", s["joined_at"], s["name"], s["joined_at"]), s["joined_at"]
        if s["left_at"] is not None:
            yield ("left", s["left_at"], s["name"], s["joined_at"]), s["left_at"]
    if truth["destroyed_at"]:
        yield ("ended", truth["destroyed_at"], None, None), truth["destroyed_at"]
    for r in truth["recordings"]:
        yield ("recording", r["started_at"], None, None), r["started_at"] + r["duration"]


def captured(truth):
    """{event: when it is known of}. Twins (see simulate.py) send one joined event twice: it takes two losses."""
    known = dict(events(truth))
    rest = Counter(event for event, _ in events(truth)) - Counter(tuple(m) for m in truth.get("missing", ()))
    return {event: known[event] for event in rest}


def edges(truths):
    """{app: (first, last time at which anything that was captured is known of)}"""
    times = {}
    for t in truths:
        times.setdefault(t["app"], []).extend(captured(t).values())
    return {app: (min(known), max(known)) for app, known in times.items() if known}


def call_id(truth, seen):
    """As output.md has it; None for a call of which nothing was captured."""
    kinds, a, v = {kind for kind, *_ in seen}, truth["attempt"], truth["verdict"]
    if not seen:
        return None
    if a:
        told = kinds & {*SESSION} or ("initiated" in kinds and a["entities"]) or (v and v["told_as"])
        return truth["session_id"] if told else f"ring:{a['id']}"
    begun = truth["created_at"] if kinds & {"started", "ended"} else min(at for _, at, *_ in seen)
    return f"{truth['session_id']}@{begun}"


def lost_stays(truth, seen, first):
    """(code, stay): what the roster, or without one a leave, tells of the joins and leaves that are not there. A
    joined event stands for all stays of its name and second."""
    ended = any(kind == "ended" for kind, *_ in seen)
    for s in truth["stays"]:
        joined = ("joined", s["joined_at"], s["name"], s["joined_at"]) in seen
        left = ("left", s["left_at"], s["name"], s["joined_at"]) in seen
        if ended and not joined and s["joined_at"] > first:
            yield "R001", s
        if ended and not left and s["left_at"] > first:
            yield "R002", s
        if not ended and left and not joined and s["joined_at"] > first:
            yield "F008", s


def due_of_call(truth, seen, first, last):
    """Codes of what is to be said of the call as a whole."""
    kinds = {kind for kind, *_ in seen}
    if kinds & {"joined", "left", "ended"} and "started" not in kinds:
        begun = min(joined_at for kind, _, _, joined_at in seen if joined_at) if "ended" not in kinds else truth["created_at"]
        if begun > first:
            yield "F004"
    if kinds & {"started", "joined"} and "ended" not in kinds and max(seen.values()) + OPEN_AFTER < last:
        yield "F006"
    if kinds == {"initiated"} and max(seen.values()) + RING_WINDOW < last:
        yield "F007"
    if kinds == {"recording"} and any(at > first for _, at, *_ in seen):
        yield "F015"
    if truth["attempt"] and "ended" in kinds and len({s["name"] for s in truth["stays"]}) == 1:
        yield "F017"
    if truth["attempt"] and "initiated" not in kinds and truth["epoch"] > first and kinds & {*SESSION}:
        yield "F005"
    by_conversation = {"initiated", "verdict"} <= kinds and not (
        truth["attempt"]["entities"] and truth["verdict"]["told_as"])
    if by_conversation or ("initiated" in kinds and kinds & {*SESSION} and not truth["attempt"]["entities"]):
        yield "L001"


def due(truths):
    """(code, number of the call, its id, what of it) of each finding; what: None or (name, joined_at, left_at)."""
    apps = edges(truths)
    for n, truth in enumerate(truths):
        if seen := captured(truth):
            first, last = apps[truth["app"]]
            name = call_id(truth, seen)
            for code in due_of_call(truth, seen, first, last):
                yield code, n, name, None
            for code, s in lost_stays(truth, seen, first):
                yield code, n, name, (s["name"], s["joined_at"], s["left_at"])


def codes(truths):
    """Codes of warning or worse of each call, as `calls` has them in `rules`."""
    found = [set() for _ in truths]
    for code, n, *_ in due(truths):
        found[n] |= {code} - INFOS
    return list(map(sorted, found))
