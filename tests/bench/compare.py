#!/usr/bin/env python3
"""callscope beside other tools on the same file: tests/bench/compare.py [--calls N | --file F] [--runs N] [CALLSCOPE]

Makes a capture with `callscope generate` unless it is given one, warms the page cache, and runs all tools in turn, so
that what else the machine does meets each alike. Prints for each the median of its wall times, how much it read in a
second, how many times as long it took as callscope's fastest run of the same job, and the most memory it had. A tool
that is not installed is left out: duckdb is a package of Python's (`pip install duckdb`), jq and zstd are programs.
"""

import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))

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

# The count of each trigger, which is less than any of callscope's jobs.
JQ = "[inputs | .trigger] | group_by(.) | map([.[0], length])"


def jobs(callscope, file, packed):
    """What is compared: the job, the tool, its command, whether callscope's own time is what others are held to."""
    calls = [callscope, "calls", "-q", "--format", "ndjson", "-o", "/dev/null"]
    check = [callscope, "check", "-q", "--exit-zero", "--format", "ndjson", "-o", "/dev/null"]
    yield "calls", "callscope, 2 threads", [*calls, "--threads", "2", file]
    yield "calls", "callscope, 1 thread", [*calls, "--threads", "1", file]
    if importlib.util.find_spec("duckdb"):
        for threads in "2", "1":
            yield "calls", f"DuckDB, {threads} thread(s)", [sys.executable, "-c", DUCKDB, file, threads]
    yield "check", "callscope, 2 threads", [*check, "--threads", "2", file]
    yield "check", "callscope, 1 thread", [*check, "--threads", "1", file]
    if shutil.which("jq"):
        yield "triggers", "jq", ["jq", "-n", JQ, file]
    for name, unpack in packed.items():
        yield f"calls of {name}", "callscope, 2 threads", [*calls, "--threads", "2", unpack[-1]]
        yield f"calls of {name}", " ".join(unpack[:-1]), unpack
    yield "lines", "wc -l", ["wc", "-l", file]


def timed(command):
    """Seconds and KiB of one run."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command[:4])} … failed")
    return time.monotonic() - began, usage.ru_maxrss


def pack(file, folder):
    """The same file packed, by the name of the format: what unpacks it."""
    packed = {}
    for name, tool, unpack in ("gzip", "gzip", "zcat"), ("zstd", "zstd", "zstdcat"):
        if shutil.which(tool) and shutil.which(unpack):
            path = os.path.join(folder, f"capture.{name}")
            with open(path, "wb") as out:
                subprocess.run([tool, "-q", "-c", file], stdout=out, check=True)
            packed[name] = [unpack, path]
    return packed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=150_000)
    parser.add_argument("--file")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("callscope", nargs="?", default=os.path.join(HERE, "../../target/release/callscope"))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = args.file or os.path.join(folder, "capture.ndjson")
        if not args.file:
            make = [args.callscope, "generate", "--calls", str(args.calls), "--seed", "1", "-o", file]
            subprocess.run(make, check=True, stderr=subprocess.DEVNULL)
        size = os.path.getsize(file)
        todo = list(jobs(args.callscope, file, pack(file, folder)))
        runs = [[] for _ in todo]
        for turn in range(args.runs + 1):
            for nth, (_, _, command) in enumerate(todo):
                run = timed(command)
                if turn > 0:
                    runs[nth].append(run)
        show(size, todo, runs)


def show(size, todo, runs):
    print(f"{size / 1e6:.0f} MB, {len(runs[0])} runs each, in turn; medians")
    print(f"{'job':<14} {'tool':<22} {'seconds':>8} {'MB/s':>8} {'times':>7} {'MB of memory':>13}")
    base = {}
    for (job, tool, _), own in zip(todo, runs):
        seconds = statistics.median(seconds for seconds, _ in own)
        memory = max(memory for _, memory in own) / 1024
        base.setdefault(job, seconds)
        times = seconds / base[job]
        print(f"{job:<14} {tool:<22} {seconds:>8.3f} {size / 1e6 / seconds:>8.0f} {times:>7.2f} {memory:>13.0f}")


if __name__ == "__main__":
    main()
