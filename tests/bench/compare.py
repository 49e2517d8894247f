#!/usr/bin/env python3
"""callscope beside other tools on the same calls: tests/bench/compare.py [--calls N | --file F] [--runs N] [CALLSCOPE]

Makes captures with `callscope generate` and runs all tools in turn, each on a file that is in the page cache, so that
what else the machine does meets each alike. Prints for each the median of its wall times, how much it read in a second, how many times as long
it took as callscope's first run of the same job, and the most memory it had; then what was measured beside what is
asked. A tool that is not installed is left out: duckdb is a package of Python's (`pip install duckdb`), jq, jaq and zstd
are programs; --validate takes the program that `cargo bench --no-run --bench validate` makes.
"""

import argparse
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE = os.path.join(HERE, "../../samples/answered.ndjson")
CARRIERS = "log", "docker", "lambda", "receiver", "webhook-site"

# The nearest that DuckDB gets to `calls --format ndjson`: a row for each session with its stays, written as JSON. It
# validates nothing, links nothing, and tells deliveries apart by DISTINCT alone.
DUCKDB = """
import duckdb, sys
c = duckdb.connect()
c.execute("set threads=%d" % int(sys.argv[2]))
c.execute("set preserve_insertion_order=false")
columns = '''{trigger:'VARCHAR',appId:'VARCHAR',region:'VARCHAR',webhook:'VARCHAR',data:'STRUCT(sessionId VARCHAR,
 created_at BIGINT,destroyed_at BIGINT,startTime VARCHAR,duration VARCHAR,recording_url VARCHAR,occupant STRUCT(
 joined_at BIGINT,left_at BIGINT,audio_call VARCHAR,name VARCHAR),call STRUCT(id VARCHAR,conversationId VARCHAR,
 sender VARCHAR,receiver VARCHAR,type VARCHAR,sentAt BIGINT,data STRUCT(entities STRUCT("on" STRUCT(entity STRUCT(
 sessionid VARCHAR))))))'}'''.replace(chr(10), '')
c.execute(f'''copy (select app, session, any_value(region) region, max(caller) caller, max(receiver) receiver,
 max(kind) media, min(created) started_at, max(destroyed) ended_at, min(sent) initiated_at, count(*) events,
 count(distinct name) people,
 list(distinct {{'name':name,'joined_at':joined,'left_at':parted}}) filter(where parted is not null) stays,
 list({{'url':url,'start':start,'duration':lasted}}) filter(where url is not null) recordings
 from (select distinct trigger, appId app, region, coalesce(data.sessionId,
 data.call.data.entities."on".entity.sessionid, data.call.id) session, data.call.sender caller,
 data.call.receiver receiver, data.call.type kind, data.created_at created, data.destroyed_at destroyed,
 data.call.sentAt sent, data.occupant.name as name, data.occupant.joined_at joined, data.occupant.left_at parted,
 data.recording_url url, data.startTime start, data.duration lasted
 from read_ndjson('{sys.argv[1]}', ignore_errors=true, columns={columns}))
 group by app, session order by min(coalesce(sent, created, joined))) to '/dev/null' (format json)''')
"""

# Counts, joins, and first and last times by trigger and by session, with typed columns: less than the figures of `stats`.
DUCKDB_FIGURES = """
import duckdb, sys
c = duckdb.connect()
c.execute("set threads=%d" % int(sys.argv[2]))
columns = '''{trigger:'VARCHAR',data:'STRUCT(sessionId VARCHAR,created_at BIGINT,destroyed_at BIGINT,
 occupant STRUCT(joined_at BIGINT,left_at BIGINT,name VARCHAR))'}'''.replace(chr(10), '')
c.execute(f'''create temp table figures as select trigger, session, count(*) events, min(happened) first_at, max(happened) last_at,
 count(*) filter(where trigger like '%participant_joined') joins
 from (select trigger, data.sessionId session, coalesce(data.occupant.left_at, data.occupant.joined_at,
 data.destroyed_at, data.created_at) happened from read_ndjson('{sys.argv[1]}', ignore_errors=true, columns={columns}))
 group by grouping sets((trigger), (session))''')
"""

# The count of each trigger, which is less than any of callscope's jobs.
JQ = "[inputs | .trigger] | group_by(.) | map([.[0], length])"

# What is asked: the figure, the goal, the stretch, and what it is worked out from. A pair of (job, tool) stands for the
# median of its seconds; the first is divided by the second, or the job's bytes by the seconds.
TIMES, RATE, SECONDS = "times", "GB/s", "ms"
TWO, ONE = "callscope, 2 threads", "callscope, 1 thread"
GOALS = [
    ("stats against DuckDB, 2 threads", TIMES, 3, 4, ("stats", "DuckDB, 2 thread(s)"), ("stats", TWO)),
    ("calls against DuckDB, 2 threads", TIMES, 3, 5, ("calls", "DuckDB, 2 thread(s)"), ("calls", TWO)),
    ("check, 1 thread, against jsonschema", TIMES, 5, 10, ("check", "jsonschema, alone"), ("check", ONE)),
    ("calls, keys sorted", RATE, 1, 2, ("sorted keys", TWO)),
    ("calls of .gz against zcat", TIMES, 0.8, 0.95, ("gzip", "zcat"), ("gzip", TWO)),
    ("calls of .zst against zstdcat", TIMES, 0.8, 0.95, ("zstd", "zstdcat"), ("zstd", TWO)),
    ("calls of a log", RATE, 1.5, 2.5, ("log", TWO)),
    *((f"calls of {name}", RATE, 0.4, 1, (name, TWO)) for name in CARRIERS[1:]),
    ("one small file, start to exit", SECONDS, 2, 1.2, ("small", ONE)),
]


def jobs(callscope, file, others, validate):
    """What is compared: the job, the tool, its command, the file that it reads."""
    calls = [callscope, "calls", "-q", "--format", "ndjson", "-o", "/dev/null"]
    check = [callscope, "check", "-q", "--exit-zero", "--format", "ndjson", "-o", "/dev/null"]
    stats = [callscope, "stats", "-q", "--json", "-o", "/dev/null"]
    duckdb = {"calls": DUCKDB, "stats": DUCKDB_FIGURES} if importlib.util.find_spec("duckdb") else {}
    for job, command in ("stats", stats), ("calls", calls), ("check", check):
        yield job, TWO, [*command, "--threads", "2", file], file
        yield job, ONE, [*command, "--threads", "1", file], file
        for threads in ("2", "1") if job in duckdb else ():
            yield job, f"DuckDB, {threads} thread(s)", [sys.executable, "-c", duckdb[job], file, threads], file
    if validate:
        yield "check", "jsonschema, alone", [validate, file], file
    for tool in "jq", "jaq":
        if shutil.which(tool):
            yield "triggers", tool, [tool, "-n", JQ, file], file
    for job, other in others.items():
        yield job, TWO, [*calls, "--threads", "2", other], file if job in UNPACK else other
        if job in UNPACK:
            yield job, UNPACK[job], [UNPACK[job], other], file
    yield "small", ONE, [*calls, "--threads", "1", SAMPLE], SAMPLE
    yield "lines", "wc -l", ["wc", "-l", file], file


UNPACK = {"gzip": "zcat", "zstd": "zstdcat"}


def warm(file):
    """Brings a file into the page cache: others had a minute to push it out since its last turn."""
    with open(file, "rb", buffering=0) as source:
        while source.read(1 << 24):
            pass


def timed(tool, command):
    """Seconds and KiB of one run; a tool that tells its own seconds is believed."""
    began = time.monotonic()
    out = subprocess.PIPE if tool.startswith("jsonschema") else subprocess.DEVNULL
    child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
    told = child.stdout.read() if child.stdout else b""
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command[:4])} … failed")
    return float(told.split()[0]) if told else seconds, usage.ru_maxrss


def others(args, file, folder):
    """The same calls in other files, by what is other about them."""
    made = {}
    for name, unpack in UNPACK.items():
        if shutil.which(name) and shutil.which(unpack):
            made[name] = os.path.join(folder, f"capture.{name}")
            with open(made[name], "wb") as out:
                subprocess.run([name, "-q", "-c", file], stdout=out, check=True)
    made["sorted keys"] = os.path.join(folder, "sorted.ndjson")
    with open(file, encoding="utf-8", errors="replace") as lines, open(made["sorted keys"], "w", encoding="utf-8") as out:
        for line in lines:
            try:
                body = json.loads(line)
            except ValueError:
                continue
            json.dump(body, out, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            out.write("\n")
    for carrier in CARRIERS:
        made[carrier] = os.path.join(folder, f"capture.{carrier}")
        generate(args, made[carrier], "--carrier", carrier)
    return made


def generate(args, file, *more):
    make = [args.callscope, "generate", "--calls", str(args.calls), "--seed", "1", "-o", file, *more]
    subprocess.run(make, check=True, stderr=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=150_000)
    parser.add_argument("--file")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--validate", metavar="PROGRAM")
    parser.add_argument("callscope", nargs="?", default=os.path.join(HERE, "../../target/release/callscope"))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = args.file or os.path.join(folder, "capture.ndjson")
        if not args.file:
            generate(args, file)
        todo = list(jobs(args.callscope, file, others(args, file, folder), args.validate))
        sizes = [os.path.getsize(read) for *_, read in todo]
        runs = [[] for _ in todo]
        for turn in range(args.runs + 1):
            for nth, (_, tool, command, read) in enumerate(todo):
                warm(read)
                run = timed(tool, command)
                if turn > 0:
                    runs[nth].append(run)
    show(sizes, todo, runs)


def show(sizes, todo, runs):
    print(f"{len(runs[0])} runs each, in turn; medians")
    print(f"{'job':<14} {'tool':<22} {'seconds':>8} {'MB':>6} {'MB/s':>8} {'times':>7} {'MB of memory':>13}")
    medians = {}
    for (job, tool, *_), size, own in zip(todo, sizes, runs):
        seconds = statistics.median(seconds for seconds, _ in own)
        memory = max(memory for _, memory in own) / 1024
        base = next((found for (other, _), (found, _) in medians.items() if other == job), seconds)
        medians[job, tool] = seconds, size
        rate = size / 1e6 / seconds
        print(f"{job:<14} {tool:<22} {seconds:>8.4f} {size / 1e6:>6.0f} {rate:>8.0f} {seconds / base:>7.2f} {memory:>13.0f}")
    print(f"\n{'figure':<38} {'measured':>10} {'goal':>6} {'stretch':>8}")
    for figure, unit, goal, stretch, *of in GOALS:
        if all(key in medians for key in of):
            print(f"{figure:<38} {measured(unit, [medians[key] for key in of]):>10.2f} {goal:>6} {stretch:>8} {unit}")


def measured(unit, of):
    seconds, size = of[0]
    if unit == TIMES:
        return seconds / of[1][0]
    return size / 1e9 / seconds if unit == RATE else seconds * 1e3


if __name__ == "__main__":
    main()
