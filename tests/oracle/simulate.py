#!/usr/bin/env python3
"""Calls that never happened: simulate.py [--seed S] [--calls N] DIR

Keeps its own state of every call (who rang whom, who was in when, how it ended) and writes that state to
DIR/truth.ndjson. The webhooks are made *from* the state, never the other way round: nothing here links,
deduplicates or reconstructs, so the truth cannot share a mistake with the program under test.

Only situations with one right answer under "Linking" in events.md are made. The guards for that are all in
`commit` (between scenarios) and `chain` (inside one); each says which sentence of the algorithm it serves.
"""
import argparse
import json
import random
from collections import defaultdict
from datetime import datetime, timezone
from pathlib import Path

START = int(datetime(2026, 1, 5, 9, tzinfo=timezone.utc).timestamp())
DAYS = 20
RING_WINDOW = 120  # the program's default --ring-window

# `calls` is a webhook id of two apps: an id is chosen by the customer, and with equal call.ids the documented
# keys of two apps meet. app id and region are part of a ringing session's id.
APPS = [
    {"id": "27d1c0ffee41a9b3", "region": "us", "hooks": ["calls", "audit"]},
    {"id": "27d1c0ffee52e7f8", "region": "eu", "hooks": ["calls", "billing"]},
    {"id": "4081516234275", "region": "in", "hooks": ["hook-3", "hook-4"]},
]
# The same uids exist in every app, so conversation ids meet as well. A display name is not unique (ana, ana2).
PEOPLE = dict(
    ana="Ana Ruiz", ana2="Ana Ruiz", ben="Ben Okafor", chloe="Chloé Lefèvre", lukasz="Łukasz Żak", li="李雷",
    layla="ليلى حداد", max="Max 🎧", noor="Noor", oyvind="Øyvind Ås", bo='Bo "B" Li', dr_no="Dr\\No", zoe="Zoë",
    jose="Jose\u0301 Núñez", ines="Inês", kai="Kai", mia="Mia", tom="Tom", uma="Uma", vik="Віктор", wen="文",
    xan="Xan <x@y>", yuki="ゆき", eve="Eve, 2nd", phil="phil", dot="Dot.")
GROUPS = {"team-red": "Team Red", "ops": "Ops", "quipu": "Équipe 7", "family": "家族"}
DEVICES = [None, ("web", "react", "4.2.1"), ("android", "kotlin", "4.1.0"), ("ios", "swift", "4.0.9"),
           ("web", "angular", "3.0.0")]
FATES = {"ended": 42, "ongoing": 4, "rejected": 15, "busy": 10, "cancelled": 12, "unanswered": 12, "initiated": 6}
SCENARIOS = {"single": 40, "glare": 12, "fanout": 8, "burst": 5, "group": 12, "mirror": 6,
             "contested": 5, "overtaken": 6, "meetings": 14}


class World:
    """All calls so far, and what a new one must keep clear of."""

    def __init__(self, seed, healthy=False):
        self.rng = random.Random(seed)
        self.healthy = healthy  # whether every call comes to an end, and none of them rings one who has his own name
        self.calls = []
        self.ringing = defaultdict(list)  # (app, conversation) -> [(first, last second of ringing)]
        self.untold = defaultdict(list)  # app -> [(second, answered)] of initiations without a session id
        self.meeting_number = 0

    def often(self, share):
        return self.rng.random() < share

    # One call ----------------------------------------------------------------------------------------------

    def ring(self, app, at, caller, callee=None, group=None, fate=None, first=True, drift=None):
        """One attempt with all that came of it. `drift`: how far the clock of the session id is off."""
        rng = self.rng
        weights = {f: n for f, n in FATES.items() if not (group and f in ("rejected", "busy"))}
        fate = fate or rng.choices(list(weights), weights.values())[0]
        epoch = at + (rng.choice((-1, 1)) * self.often(0.1) if drift is None else drift)
        call = {
            "app": app["id"], "region": app["region"], "hooks": app["hooks"], "flow": "ringing",
            "session_id": f"v1.{app['region']}.{app['id']}.{epoch}{rng.getrandbits(160):040x}", "epoch": epoch,
            "attempt": {
                "id": None, "at": at, "media": rng.choice(("audio", "video")),
                "receiver_type": "group" if group else "user", "caller": caller, "caller_name": PEOPLE[caller],
                "receiver": group or callee, "entities": self.often(0.65),
                "conversation": f"group_{group}" if group else "_user_".join(sorted((caller, callee)))},
            "verdict": None, "created_at": None, "destroyed_at": None, "stays": [], "recordings": []}
        if fate in ("ended", "ongoing"):
            crowd = [p for p in PEOPLE if p != caller]
            people = [caller, *(rng.sample(crowd, rng.randint(1, 6)) if group else [callee])]
            rng.shuffle(people)
            self.sit(call, people, at + rng.randint(1, 44), fate == "ended", call["attempt"]["media"] == "audio")
        elif fate != "initiated":
            # Zero seconds only for the first of a chain: step 4 prefers what was sent in an earlier second.
            delay = {"busy": rng.randint(0 if first else 1, 3), "unanswered": rng.choice((30, 45, 45, 60, RING_WINDOW))}
            call["verdict"] = {
                "id": None, "action": fate, "at": at + delay.get(fate, rng.randint(1, 40)),
                "by": callee if fate in ("rejected", "busy") else caller,
                # The key's spelling, where the outcome carries the session id at all.
                "told_as": rng.choice(("sessionid",) * 3 + ("sessionId",)) if self.often(0.1) else None}
        return call

    def sit(self, call, people, created, ends, audio):
        """Who is in the session and when; times are of the clock on the wall, in whole seconds."""
        rng, stays = self.rng, call["stays"]
        end = created + rng.choice((rng.randint(3, 90), rng.randint(60, 1800), rng.randint(600, 3600)))
        wave = created + rng.randint(0, 20)  # a second in which several join
        # Stays of one name with nothing to pair them (no roster) within 2 s of each other would be one stay.
        gap = 1 if ends else 3

        def stay(uid, joined, left, device=None, is_audio=None):
            while any(s["name"] == PEOPLE[uid] and abs(s["joined_at"] - joined) < gap for s in stays):
                joined += 1
            is_audio = (audio or self.often(0.15)) if is_audio is None else is_audio
            left = left if left is None else max(left, joined)
            stays.append({"name": PEOPLE[uid], "joined_at": joined, "left_at": left, "audio": is_audio, "device": device})
            return stays[-1]

        for n, uid in enumerate(people):
            # The first to join is 0 to 1 s from the start, sometimes on its other side; he stays to the end.
            joined = created + rng.choice((0, 0, 1)) if n == 0 else rng.choice((wave, wave, rng.randint(created, end)))
            joined -= 2 if n == 0 and joined > created and self.often(0.1) else 0
            left = end if ends else None
            if n and self.often(0.5):
                left = rng.randint(min(joined, end), end)  # may be at once: a stay of no length
            first = stay(uid, joined, left, rng.choice(DEVICES))
            if first["left_at"] is not None and first["left_at"] + 5 < end and self.often(0.4):  # comes back
                stay(uid, min(first["left_at"] + rng.randint(0, 100), end), end if ends else None, rng.choice(DEVICES))
            if self.often(0.06):  # a second device under the same name
                stay(uid, first["joined_at"] + rng.randint(1, 9), end if ends else None, rng.choice(DEVICES))
        if ends and self.often(0.05):
            self.twin(stays)
        call["created_at"] = created
        call["destroyed_at"] = max(s["left_at"] for s in stays) if ends else None
        if ends and self.often(0.15):
            self.record(call)

    def twin(self, stays):
        """Two devices of one name that join in one second: equal joined webhooks, so only the roster (and the two
        leaves) tells them apart. No initial_config: it could not be said whose it is. No other stay of the name
        near by, which a leave might be taken for."""
        one = self.rng.choice(stays)
        near = [s for s in stays if s["name"] == one["name"] and abs(s["joined_at"] - one["joined_at"]) < 4]
        if len(near) == 1 and one["left_at"] > one["joined_at"]:
            one["device"] = None
            stays.append(one | {"left_at": self.rng.randint(one["joined_at"], one["left_at"] - 1)})

    def record(self, call):
        # Different start times: the documented key of a recording, and the order they are told in.
        span = range(call["created_at"] + 1, call["destroyed_at"])
        for begin in sorted(self.rng.sample(span, min(len(span), self.rng.choice((1, 1, 1, 2, 3))))):
            longest = (call["destroyed_at"] - begin) * 1000
            call["recordings"].append({
                "url": f"https://recordings.example/{call['app']}/{self.rng.getrandbits(64):016x}.mp4?sig=a%2Fb&x=1",
                "started_at": begin, "duration": self.rng.randint(1, longest) / 1000})

    # Several calls -----------------------------------------------------------------------------------------

    def chain(self, app, at, caller, **to):
        """One caller's attempts at one receiver, one after the other: a redial comes when the attempt before is
        over, as "the outcome belongs to the latest attempt"."""
        calls = []
        for n in range(self.rng.choice((1, 1, 1, 2, 3))):
            call = self.ring(app, at, caller, first=n == 0, **to)
            calls.append(call)
            over = (call["verdict"] or {}).get("at") or call["destroyed_at"]
            if call["created_at"] and not over:
                break  # still talking
            # At times in the very second of the outcome, which then goes to the one "sent in an earlier second".
            at_once = over and over > at and self.often(0.15)
            at = (over or at) + (0 if at_once else self.rng.randint(20, 90))
        return calls

    def pair(self):
        return self.rng.sample(list(PEOPLE), 2)

    def single(self, app, at):
        caller, callee = self.pair()
        return self.chain(app, at, caller, callee=callee)

    def glare(self, app, at):
        """Both call each other within seconds: only who acted tells the outcomes apart."""
        a, b = self.pair()
        return self.chain(app, at, a, callee=b) + self.chain(app, at + self.rng.randint(0, 5), b, callee=a)

    def fanout(self, app, at):
        caller, *callees = self.rng.sample(list(PEOPLE), self.rng.randint(3, 5))
        return [c for p in callees for c in self.chain(app, at + self.rng.randint(0, 6), caller, callee=p)]

    def burst(self, app, at):
        """Strangers in one second; `commit` leaves at most one whose link must be by epoch."""
        p = self.rng.sample(list(PEOPLE), self.rng.choice((6, 8, 12)))
        return [c for a, b in zip(p[::2], p[1::2]) for c in self.chain(app, at, a, callee=b)]

    def group(self, app, at):
        group, callers = self.rng.choice(list(GROUPS)), self.rng.sample(list(PEOPLE), self.rng.choice((1, 1, 2, 3)))
        return [c for p in callers for c in self.chain(app, at + self.rng.randint(0, 5), p, group=group)]

    def mirror(self, _, at):
        """The same pair in the same seconds in two apps: nothing may cross."""
        a, b = self.pair()
        fate = self.rng.choices(list(FATES), FATES.values())[0]
        return [self.ring(app, at, a, callee=b, fate=fate) for app in self.rng.sample(APPS, 2)]

    def overtaken(self, app, at):
        """The first attempt's outcome is sent only after the redial. The redial, though later, cannot have it: it is
        answered by then (known by its id or in step 3), has got its own, or is known by another id."""
        rng, (a, b) = self.rng, self.pair()
        first = self.ring(app, at, a, callee=b, fate=rng.choice(("cancelled", "unanswered")))
        again = at + rng.randint(5, 30)
        fate = rng.choice(("ended", "rejected", "busy", "cancelled", "unanswered"))
        redial = self.ring(app, again, a, callee=b, fate=fate, first=False, drift=0)
        over = redial["created_at"] or redial["verdict"]["at"]
        if fate == "unanswered":  # still ringing
            first["verdict"]["told_as"], redial["attempt"]["entities"], over = "sessionid", True, again
        first["verdict"]["at"] = over + rng.randint(1, 20)
        return [first, redial]

    def contested(self, app, at):
        """Two without a session id in one second, one answered: step 3 must wait until step 4 has given the other
        its outcome, then step 5 finds the answered one alone."""
        a, b, c, d = self.rng.sample(list(PEOPLE), 4)
        loser = self.ring(app, at, a, callee=b, fate=self.rng.choice(("rejected", "cancelled", "unanswered")), drift=0)
        winner = self.ring(app, at, c, callee=d, fate="ended", drift=0)
        for call in (loser, winner):
            call["attempt"]["entities"], call["contested"] = False, True
        return [loser, winner]

    def meetings(self, app, at):
        """A session id that comes back, later that day, on other days, at times in another app too."""
        rng, calls = self.rng, []
        self.meeting_number += 1
        session = rng.choice(("standup-{}", "{:08x}-6b1d-4c", "séance-{}", "{}")).format(self.meeting_number)
        apps = [app] if self.often(0.7) else rng.sample(APPS, 2)  # never at the same time
        for app in apps:
            for further in reversed(range(rng.choice((1, 1, 2, 3, 5)))):
                call = {"app": app["id"], "region": app["region"], "hooks": app["hooks"], "flow": "session",
                        "session_id": session, "attempt": None, "verdict": None, "stays": [], "recordings": []}
                # Without an end only the last: what follows an open run would have to be told from it by time alone.
                ends = further > 0 or self.often(0.85)
                self.sit(call, rng.sample(list(PEOPLE), rng.randint(1, 9)), at, ends, self.often(0.3))
                calls.append(call)
                later = max(s["left_at"] or at for s in call["stays"]) + rng.randint(900, 7200)
                at = max(later, rng.choice((later, at + 86400 + rng.randint(-600, 600))))
        return calls

    def commit(self, calls):
        """Take the calls of one scenario, or none of them if they would meet another's in a way nobody could tell."""
        if self.healthy and not all(map(is_healthy, calls)):
            return
        rings = [c for c in calls if c["attempt"]]
        spans = defaultdict(list)
        for c in rings:
            seconds = (c["attempt"]["at"], (c["verdict"] or {}).get("at"), c["created_at"])
            spans[c["app"], c["attempt"]["conversation"]] += [s for s in seconds if s]
        # Step 4: within a conversation nothing of another scenario stands in the ring window.
        for key, seconds in spans.items():
            if any(min(seconds) - last <= RING_WINDOW + 5 and first - max(seconds) <= RING_WINDOW + 5
                   for first, last in self.ringing[key]):
                return
        # Steps 3 and 5: an answered one that tells no id has its second and those beside it for itself, so that no
        # other untold attempt can claim its session; whoever comes too near tells his id.
        def crowded(c):
            return any(abs(c["attempt"]["at"] - second) <= 4 and (answered or c["created_at"])
                       for second, answered in self.untold[c["app"]])
        contested = [c for c in rings if c.pop("contested", False)]
        if any(abs(c["attempt"]["at"] - second) <= 4 for c in contested for second, _ in self.untold[c["app"]]):
            return
        for c in rings:
            if not c["attempt"]["entities"]:
                if c not in contested and crowded(c):
                    c["attempt"]["entities"] = True
                else:
                    self.untold[c["app"]].append((c["attempt"]["at"], bool(c["created_at"])))
        for key, seconds in spans.items():
            self.ringing[key].append((min(seconds), max(seconds)))
        self.calls += calls

    def number(self):
        """call.id: a counter per app that rises with time (other messages use it up too), so that the ids of two
        apps meet. The ones that become a `ring:<call.id>` differ within a second: a tie in the output's order."""
        messages = [(m["at"], m is c["verdict"], n, c, m) for n, c in enumerate(self.calls)
                    for m in (c["attempt"], c["verdict"]) if m]
        last, taken = defaultdict(int), set()
        for at, is_verdict, _, c, message in sorted(messages, key=lambda m: m[:3]):
            number = max(last[c["app"]] + 1, 40 + (at - START) // 120)
            told = c["attempt"]["entities"] or c["created_at"] or (c["verdict"] or {}).get("told_as")
            while not (is_verdict or told) and (at, number) in taken:
                number += 1
            if not (is_verdict or told):
                taken.add((at, number))
            last[c["app"]], message["id"] = number, str(number)


def is_healthy(call):
    """Whether the call ends, and with more than one participant name where it rang."""
    alone = call["attempt"] and len({s["name"] for s in call["stays"]}) == 1
    return bool(call["verdict"] or (call.get("destroyed_at") and not alone))


def simulate(seed, count, healthy=False):
    world = World(seed, healthy)
    while len(world.calls) < count:
        at = START + world.rng.randrange(DAYS) * 86400 + world.rng.randrange(8 * 3600)
        scenario = world.rng.choices(list(SCENARIOS), SCENARIOS.values())[0]
        world.commit(getattr(world, scenario)(world.rng.choice(APPS), at))
    del world.calls[count:]
    world.number()
    return world


# Webhooks ------------------------------------------------------------------------------------------------------

def ring_record(call, message, action, by, id_key):
    a = call["attempt"]
    # The sender is whoever acted; on a callee's message the receiver is the caller.
    to = a["caller"] if by == a["receiver"] else a["receiver"]
    on = {id_key: call["session_id"], "status": action, "type": a["media"], "initiatedAt": call["epoch"]}
    if message["at"] % 2:  # the older generation's fields
        on |= {"conversationId": a["conversation"], "sender": a["caller"], "receiverType": a["receiver_type"],
               "receiver": a["receiver"]}
    who = {"uid": by, "name": PEOPLE[by], "status": "online", "role": "default", "lastActiveAt": message["at"] - 9}
    whom = {"guid": to, "name": GROUPS[to]} if to in GROUPS else {"uid": to, "name": PEOPLE[to]}
    entities = {"by": {"entity": who, "entityType": "user"}, "on": {"entity": on, "entityType": "call"},
                "for": {"entity": whom, "entityType": a["receiver_type"]}}
    return {"call": {
        "id": message["id"], "conversationId": a["conversation"], "sender": by, "receiverType": a["receiver_type"],
        "receiver": to, "category": "call", "type": a["media"], "sentAt": message["at"], "updatedAt": message["at"],
        "data": {"action": action, "resource": "WEB-4_2_1"} | ({"entities": entities} if id_key else {})}}


def occupant(stay, leaves):
    return {"joined_at": stay["joined_at"], "audio_call": "true" if stay["audio"] else "false", "name": stay["name"]} | (
        {"left_at": stay["left_at"]} if leaves else {})


def config(stay):
    if not stay["device"]:
        return {}
    platform, sdk, version = stay["device"]
    return {"initial_config": {
        "is_video_muted": "false", "start_recording_on_call_start": "false", "call_version": version, "sdk": sdk,
        "is_audio_muted": "true", "mode": "DEFAULT", "platform": platform,
        "is_audio_only": "true" if stay["audio"] else "false"}}


def webhooks(call, rng):
    """(time of sending, place within its second, trigger, data) of all that CometChat sends about the call."""
    a, v, session = call["attempt"], call["verdict"], {"sessionId": call["session_id"]}
    if a:
        id_key = "sessionid" if a["entities"] else None
        yield a["at"], 0, "call_initiated", ring_record(call, a, "initiated", a["caller"], id_key)
    if v:
        yield v["at"], 1, f"call_{v['action']}", ring_record(call, v, v["action"], v["by"], v["told_as"])
    if call["created_at"]:
        kind = "call" if a else "meeting"
        yield call["created_at"], 2, f"{kind}_started", session | {"created_at": call["created_at"]}
        for s in call["stays"]:
            yield s["joined_at"], 4, f"{kind}_participant_joined", session | {"occupant": occupant(s, False)} | config(s)
            if s["left_at"] is not None:
                place = 5 if s["left_at"] == s["joined_at"] else 3
                yield s["left_at"], place, f"{kind}_participant_left", session | {"occupant": occupant(s, True)}
        if call["destroyed_at"]:
            roster = [occupant(s, True) for s in call["stays"]]
            rng.shuffle(roster)
            yield call["destroyed_at"], 6, f"{kind}_ended", session | {
                "all_occupants": roster, "destroyed_at": call["destroyed_at"], "created_at": call["created_at"]}
    for r in call["recordings"]:  # their webhook comes minutes after the end
        day = datetime.fromtimestamp(r["started_at"], timezone.utc).strftime("%Y-%m-%d")
        yield call["destroyed_at"] + rng.randint(60, 600), 7, "recording_generated", session | {
            "recordingDate": day, "duration": str(r["duration"]), "startTime": str(r["started_at"]), "recording_url": r["url"]}


def envelope(call, trigger, data, hook=0):
    family = {"call_s": "call", "call_p": "call", "call_e": "call", "meetin": "meet"}.get(trigger[:6])
    body = {"trigger": trigger, "data": data, "appId": call["app"], "region": call["region"], "webhook": call["hooks"][hook]}
    return body | ({"type": family} if family else {})


def line(body):
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def resorted(body):
    """The same content as another serialiser writes it: non-ASCII as escapes too."""
    return json.dumps(body, sort_keys=True)


def repeat(rng, bodies):
    """(place of the body, text) of one to three deliveries of each, in the order in which they come: a retry comes a
    little later; what a proxy re-serialised is still the same content."""
    repeated = []
    for place, body in enumerate(bodies):
        times = rng.choice((1, 1, 2, 3))
        repeated += [(place + rng.uniform(0, 300), place, (line, resorted)[n % 2](body)) for n in range(times)]
    return [(place, text) for _, place, text in sorted(repeated)]


def saver(folder):
    def save(name, lines):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(f"{text}\n" for text in lines), encoding="utf-8")
    return save


def write(folder, world):
    rng = world.rng
    sent = [(*w, n) for n, call in enumerate(world.calls) for w in webhooks(call, rng)]
    sent = [(world.calls[n], trigger, data, n) for _, _, trigger, data, n in sorted(sent, key=lambda w: (w[0], w[1], w[4]))]
    ordered = [envelope(call, trigger, data) for call, trigger, data, _ in sent]
    shuffled = rng.sample(ordered, len(ordered))

    repeated = repeat(rng, ordered)
    for call in world.calls:
        call["repeated_deliveries"] = 0
    for place, _ in repeated:
        sent[place][0]["repeated_deliveries"] += 1
    two = [line(envelope(call, trigger, data, hook)) for call, trigger, data, _ in sent for hook in (0, 1)]
    rng.shuffle(two)

    save = saver(folder)
    save("truth.ndjson", map(line, world.calls))
    save("ordered.ndjson", map(line, ordered))
    save("shuffled.ndjson", map(line, shuffled))
    save("repeated.ndjson", [text for _, text in repeated])
    save("two-webhooks.ndjson", two)
    save("array.json", [json.dumps(ordered, ensure_ascii=False, indent=2)])
    save("reserialised.ndjson", map(resorted, ordered))
    parts = [[] for _ in range(7)]
    for body in shuffled:
        rng.choice(parts).append(line(body))
    for n, part in enumerate(parts):
        save(f"split/part-{n}.ndjson", part)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    write(args.folder, simulate(args.seed, args.calls))
