#!/usr/bin/env python3
"""What `callscope stats` must say of a capture of `generate --carrier receiver`: stats.py CAPTURE [CALLSCOPE]

Every figure of `stats --json`, of all calls and of each group of each --by, is worked out again in SQL (DuckDB) from
what `calls`, `events` and `check` print as NDJSON. Then each figure of the program's is changed, one at a time, which
the comparison must notice. The last line counts what was compared: all calls in two zones, and each --by.
"""
import copy
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from datetime import datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

BY = ("day", "hour", "app", "region", "caller", "conversation", "platform", "outcome")
OUTCOMES = ("ended", "ongoing", "busy", "cancelled", "rejected", "unanswered", "initiated", "unknown")
FLOWS = ("ringing", "session", None)
LOST = {"F004": "starts", "R001": "joins", "F008": "joins", "R002": "leaves", "F009": "leaves", "F006": "ends", "F007": "outcomes"}
ZONES = ("UTC", "America/St_Johns")

# Everything in microseconds, so that all is whole numbers.
TABLES = """
create table calls as select app_id, call_id, flow, outcome, region, caller, conversation_id, participant_count,
    epoch_us(started_at::timestamp) as started, epoch_us(ended_at::timestamp) as ended, stays, recordings,
    (ring_seconds * 1000000)::bigint as ring, (duration_seconds * 1000000)::bigint as duration,
    (connected_seconds * 1000000)::bigint as connected
from read_json('{folder}/calls.ndjson', format = 'newline_delimited', sample_size = -1);

create table stays as select app_id, call_id, stay.media as media, stay.platform as platform, stay.sdk as sdk,
    stay.call_version as version, epoch_us(stay.joined_at::timestamp) as joined, epoch_us(stay.left_at::timestamp) as gone,
    (stay.duration_seconds * 1000000)::bigint as duration
from (select app_id, call_id, unnest(stays) as stay from calls);

create table recordings as select app_id, call_id, round(recording.duration_seconds * 1000000)::bigint as duration
from (select app_id, call_id, unnest(recordings) as recording from calls);

create table deliveries as select app_id, call_id, trigger, status, idempotency_key as documented, webhook_id, source, line,
    epoch_us(event_at::timestamp) as happened, epoch_us(received_at::timestamp) as received,
    coalesce(participant_name, conversation_id, '') as other,
    md5(concat_ws('\\n', app_id, trigger, coalesce(ring_id, session_id), event_at, participant_name, conversation_id, since)) as event
from read_json('{folder}/events.ndjson', format = 'newline_delimited', sample_size = -1) as told
join read_json('{folder}/since.ndjson', format = 'newline_delimited', sample_size = -1) as stay using (line)
where call_id is not null;

create table lost as select app_id, deliveries.call_id, rule from deliveries join
    read_json('{folder}/check.ndjson', format = 'newline_delimited', sample_size = -1) as findings
    on deliveries.source = findings.source and deliveries.line = findings.line;

create table began as select app_id, call_id, min(happened) as first_at, max(happened) as last_at from deliveries
where status = 'event' group by all;

-- A receiver that goes by the documented key keeps one event of each: which are never kept?
create table collided as with kept as (
    select distinct arg_min(event, (app_id, other)) over (partition by documented) as event from deliveries)
select app_id, call_id, event from deliveries where status = 'event' and event not in (select event from kept);

create table attempts as with arrived as (
    select *, first_value(received) over seen as begun, row_number() over seen as number from deliveries
    where received is not null and status <> 'conflict'
    window seen as (partition by event, webhook_id order by received, line)),
told as (select *, (received - begun) / 1000000.0 as gap from arrived),
explained as (select *, gap between 10 and 15 or gap between 20 and 35 or gap between 40 and 50 as again from told)
select app_id, call_id, case when number = 1 then 1 when not again then 0 else
    1 + row_number() over (partition by event, webhook_id, number = 1, again order by received, line) end as attempt
from explained;

create table lags as select app_id, call_id, min(received) - any_value(happened) as lag from deliveries
where received is not null and trigger <> 'recording_generated' group by app_id, call_id, event;

-- What has no end lasts to the end of the call, else to the last that is known.
create table sides as with seen as (
    select app_id, call_id, max(coalesce(gone, joined)) as last from stays group by all),
lasts as (select calls.*, coalesce(ended, last) as last from calls left join seen using (app_id, call_id)),
spans as (select 'calls' as what, app_id, call_id, started as since, last as till from lasts union all
    select 'participants', app_id, call_id, joined, coalesce(gone, last) from stays join lasts using (app_id, call_id))
select what, app_id, call_id, unnest([since, till]) as happened, unnest([1, -1]) as step from spans where since < till;
"""

MEMBERS = """
create or replace table members as
select null as dim, null as key, app_id, call_id from calls
union all select 'day', date, app_id, call_id from local
union all select 'hour', hour, app_id, call_id from local
union all select 'app', app_id, app_id, call_id from calls
union all select 'region', region, app_id, call_id from calls
union all select 'caller', caller, app_id, call_id from calls
union all select 'conversation', conversation_id, app_id, call_id from calls
union all select 'outcome', outcome, app_id, call_id from calls
union all select distinct 'platform', platform, app_id, call_id from calls left join
    (select * from stays where platform is not null) using (app_id, call_id)
"""


def lines(callscope, *arguments):
    done = subprocess.run([callscope, *arguments], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    return done.stdout


class Oracle:
    """The figures of every group of every --by, by (by, key)."""

    def __init__(self, callscope, capture, folder):
        for verb, more in (("calls", []), ("events", []), ("check", ["--exit-zero", "--select", ",".join(LOST)])):
            printed = lines(callscope, verb, "--quiet", "--format", "ndjson", *more, capture)
            (folder / f"{verb}.ndjson").write_bytes(printed)
        self.write_since(capture, folder)
        self.db, self.folder = duckdb.connect(), folder
        self.db.execute(TABLES.format(folder=folder))

    def write_since(self, capture, folder):
        """By line, when the stay began that a leave ends: that tells two leaves apart, and no row of `events` has it."""
        with open(capture, encoding="utf-8") as bodies, open(folder / "since.ndjson", "w", encoding="utf-8") as out:
            for line, text in enumerate(bodies, 1):
                occupant = json.loads(text)["payload"]["data"].get("occupant", {})
                since = occupant["joined_at"] if "left_at" in occupant else None
                out.write(json.dumps({"line": line, "since": since}) + "\n")

    def local(self, zone):
        """Days and hours of a zone, without DuckDB's own calendar."""
        rows, zone = self.db.execute("select app_id, call_id, first_at from began").fetchall(), ZoneInfo(zone)
        with open(self.folder / "local.ndjson", "w", encoding="utf-8") as out:
            for app, call, first_at in rows:
                at = datetime.fromtimestamp(first_at // 1000000, timezone.utc).astimezone(zone)
                out.write(json.dumps({"app_id": app, "call_id": call, "date": f"{at:%Y-%m-%d}", "hour": f"{at:%H}"}) + "\n")
        self.db.execute(f"""create or replace table local as select * from read_json('{self.folder}/local.ndjson',
            columns = {{app_id: 'varchar', call_id: 'varchar', date: 'varchar', hour: 'varchar'}})""")
        self.db.execute(MEMBERS)

    def each(self, figures, table, where="true", more=""):
        """((by, key), rest of the row) of aggregates over a table."""
        more = f", {more}" if more else ""
        rows = self.db.execute(f"""select dim, key{more}, {figures} from members join {table} using (app_id, call_id)
            where {where} group by dim, key{more} order by all""")
        for dim, key, *rest in rows.fetchall():
            yield (dim, key), rest

    def stats(self, zone):
        self.local(zone)
        groups = defaultdict(lambda: empty(zone))
        for (by, key), (count, first_at, last_at) in self.each("count(*), min(first_at), max(last_at)", "began"):
            groups[by, key].update(grouped_by=by, group_key=key, call_count=count, first_at=time(first_at), last_at=time(last_at))
        for group, (flow, outcome, count) in self.each("count(*)", "calls", more="flow, outcome"):
            groups[group]["outcomes"].append({"flow": flow, "outcome": outcome, "call_count": count})
        for name, table, column, unit in (
            ("ring_seconds", "calls", "ring", seconds), ("duration_seconds", "calls", "duration", seconds),
            ("connected_seconds", "calls", "connected", seconds), ("lag_seconds", "lags", "lag", seconds),
            ("participants", "calls", "participant_count", int),
        ):
            where = "participant_count > 0" if unit is int else f"{column} is not null"
            figures = f"count(*), min({column}), quantile_disc({column}, [0.5, 0.95, 0.99]), max({column})"
            for group, (count, least, (p50, p95, p99), most) in self.each(figures, table, where):
                told = map(unit, (least, p50, p95, p99, most))
                groups[group][name] = {"count": count, **dict(zip(("min", "p50", "p95", "p99", "max"), told))}
        self.peaks(groups)
        sums = ", ".join(f"coalesce(sum(duration) filter (media {test}), 0)" for test in ("= 'audio'", "= 'video'", "is null"))
        counted = {(*group, date): count for group, (date, count) in self.each("count(*)", "local", more="date")}
        kept = {(*group, date): rest for group, (date, *rest) in self.each(
            sums, "(select * from stays join local using (app_id, call_id)) as told", more="date")}
        for (by, key, date), count in sorted(counted.items(), key=str):
            told = people(*kept.get((by, key, date), (0, 0, 0)))
            groups[by, key]["days"].append({"date": date, "call_count": count, "participant_seconds": told})
        for group, rest in self.each(sums, "stays"):
            groups[group]["participant_seconds"] = people(*rest)
        for group, (hour, count) in self.each("count(*)", "local", more="hour"):
            groups[group]["hours"][int(hour)] = count
        for group, (count, unknown, long) in self.each(
            "count(*), count(*) - count(duration), coalesce(sum(duration), 0)", "recordings"):
            groups[group]["recordings"] = {"count": count, "unknown_count": unknown, "duration_seconds": seconds(long)}
        for name, column in (("platforms", "platform"), ("sdks", "sdk"), ("call_versions", "version")):
            for group, (word, count) in self.each("count(*)", "(select app_id, call_id, platform, sdk, version from stays) as told", more=column):
                groups[group][name].append({"name": word, "stay_count": count})
        for group, (status, count) in self.each("count(*)", "deliveries", more="status"):
            groups[group]["delivery_count"] += count
            groups[group][{"event": "event_count", "copy": "copies"}.get(status, f"{status}s")] = count
        for group, (count,) in self.each("count(*)", "collided"):
            groups[group]["collisions"] = count
        for group, (rule, count) in self.each("count(*)", "lost", more="rule"):
            groups[group]["lost_webhooks"][LOST[rule]] += count
        for group, (attempt, count) in self.each("count(*)", "attempts", more="attempt"):
            name = {1: "first", 2: "second", 3: "third"}.get(attempt, "unexplained")
            groups[group]["attempts"][name] += count
        for stats in groups.values():
            finish(stats)
        return groups

    def peaks(self, groups):
        rows = self.db.execute("""
            with steps as (select dim, key, what, happened, sum(step) as step from members join sides using (app_id, call_id)
                group by all),
            open as (select *, sum(step) over (partition by dim, key, what order by happened) as open from steps),
            most as (select *, max(open) over (partition by dim, key, what) as most from open)
            select dim, key, what, any_value(most), min(happened) from most where open = most group by dim, key, what""")
        for by, key, what, count, at in rows.fetchall():
            groups[by, key][f"peak_{what}"] = {"count": int(count), "reached_at": time(at)}


def empty(zone):
    none = {"count": 0, **dict.fromkeys(("min", "p50", "p95", "p99", "max"))}
    return {
        "zone": zone, "outcomes": [], "days": [], "hours": [0] * 24, "platforms": [], "sdks": [], "call_versions": [],
        **{name: dict(none) for name in ("ring_seconds", "duration_seconds", "connected_seconds", "participants", "lag_seconds")},
        "peak_calls": {"count": 0, "reached_at": None}, "peak_participants": {"count": 0, "reached_at": None},
        "participant_seconds": people(0, 0, 0), "recordings": {"count": 0, "unknown_count": 0, "duration_seconds": 0},
        **dict.fromkeys(("event_count", "delivery_count", "duplicates", "copies", "conflicts", "collisions"), 0),
        "lost_webhooks": dict.fromkeys(("starts", "joins", "leaves", "ends", "outcomes"), 0),
        "attempts": dict.fromkeys(("first", "second", "third", "unexplained"), 0),
    }


def finish(stats):
    """What follows from the rest, and the order of lists."""
    stats["outcomes"].sort(key=lambda one: (FLOWS.index(one["flow"]), OUTCOMES.index(one["outcome"])))
    ringing = {one["outcome"]: one["call_count"] for one in stats["outcomes"] if one["flow"] == "ringing"}
    known = sum(count for outcome, count in ringing.items() if outcome not in ("initiated", "unknown"))
    answered = ringing.get("ended", 0) + ringing.get("ongoing", 0)
    stats.update(answered_count=answered, answerable_count=known, answer_rate=answered / known if known else None)
    for name in ("platforms", "sdks", "call_versions"):
        stats[name].sort(key=lambda one: (one["name"] is None, -one["stay_count"], (one["name"] or "").encode()))


def seconds(micros):
    return None if micros is None else micros / 1000000


def time(micros):
    """As RFC 3339 has it, without zeros at the end of a fraction."""
    at = datetime.fromtimestamp(micros // 1000000, timezone.utc)
    fraction = f".{micros % 1000000:06}".rstrip("0.")
    return f"{at:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def people(audio, video, unknown):
    return {"total": seconds(audio + video + unknown), "audio": seconds(audio), "video": seconds(video), "unknown": seconds(unknown)}


def differences(told, due, here=""):
    """Where two values differ, each as a text."""
    if isinstance(told, dict) and isinstance(due, dict):
        for name in sorted({*told, *due}, key=str):
            yield from differences(told.get(name, "nothing"), due.get(name, "nothing"), f"{here}.{name}")
    elif isinstance(told, list) and isinstance(due, list) and len(told) == len(due):
        for at, pair in enumerate(zip(told, due)):
            yield from differences(*pair, f"{here}[{at}]")
    elif told != due:
        yield f"{here}: {told!r}, and not {due!r}"


def places(value, here=()):
    """The way to each single value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from places(one, (*here, key))
    if not isinstance(value, (dict, list)):
        yield here


def unnoticed(told, due):
    """Values of which a change is not noticed: none, if the comparison compares."""
    for way in places(told):
        other = copy.deepcopy(told)
        at = other
        for key in way[:-1]:
            at = at[key]
        at[way[-1]] = at[way[-1]] + 1 if isinstance(at[way[-1]], (int, float)) else "another"
        if not any(differences(other, due)):
            yield ".".join(map(str, way))


def main():
    capture, callscope = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "target/release/callscope"
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        oracle = Oracle(callscope, capture, Path(folder))
        for zone in ZONES:
            due = oracle.stats(zone)
            for by in (None, *BY) if zone == ZONES[0] else (None, "day", "hour"):
                flags = ["--by", by] if by else []
                document = json.loads(lines(callscope, "stats", "--quiet", "--json", "--tz", zone, *flags, capture))
                wrong = list(differences(document["stats"], due[None, None]))
                groups = {group["group_key"]: group for group in document["groups"]}
                wrong += differences(groups, {key: group for (dim, key), group in due.items() if by and dim == by})
                wrong += [f"{at} may be anything" for at in unnoticed(document["stats"], due[None, None])]
                if len(groups) != len(document["groups"]):
                    wrong.append("two groups have one key")
                passed, failed = passed + (not wrong), failed + bool(wrong)
                print(f"{by or 'all calls'}, {zone}: {len(groups) or 1} compared")
                for one in wrong[:20]:
                    print(f"  {one}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
