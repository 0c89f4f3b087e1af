// The code that probes call, written to be put at the top of a copied file. It notes which statements a test runs and what alternatives
// would have been worth, and prints little: one line per test, one per watched place, early when a test seems to run for ever, since a
// killed process can no longer print.
//
//   @@proviso TEST ENDED HITS     TEST: number or "-"; ENDED: P F U H; HITS: ranges such as 1-4,9
//   @@proviso watch PLACE CODES   one code per alternative, from failing tests only:
//                                 s same as what is there, p the same as far as was looked, t threw, n never true, a always true, else a number, equal where the values are

/** Statements run in one test after which it is reported as probably hanging. */
const patience = 300_000;
/** Times a place is watched in one test. */
const looks = 40;

export const javascriptPrelude = `globalThis.__proviso ??= (() => {
const ids = new WeakMap(), kept = new Map(), said = new Set();
let next = 1, current = '-', hits = new Set(), count = 0, seen = new Map();
const sign = (value, mode) => {
  if (mode !== 'value') return value ? '1' : '0';
  if ((typeof value === 'object' && value !== null) || typeof value === 'function') { if (!ids.has(value)) ids.set(value, next++); return 'o' + ids.get(value); }
  return typeof value + String(value).slice(0, 80);
};
const ranges = () => { const all = [...hits].sort((a, b) => a - b), out = []; for (let i = 0; i < all.length;) { let j = i; while (all[j + 1] === all[j] + 1) j++; out.push(j > i ? all[i] + '-' + all[j] : all[i]); i = j + 1; } return out.join(','); };
const print = (line) => { if (!said.has(line)) { said.add(line); process._rawDebug(line); } };
const keep = () => { for (const [id, place] of seen) { const old = kept.get(id); if (!old) { kept.set(id, place); continue; } old.full ||= place.full; if (old.own.length < 400) { old.own.push(...place.own); old.rows.forEach((row, i) => row.push(...place.rows[i])); } } seen = new Map(); };
const code = (place, row, numbers) => {
  if (row.includes('!')) return 't';
  const text = row.join('|');
  if (place.mode === 'guard') { if (!row.includes('1')) return 'n'; if (!row.includes('0')) return 'a'; }
  else if (text === place.own.join('|')) return place.full ? 'p' : 's';
  if (!numbers.has(text)) numbers.set(text, numbers.size); return String(numbers.get(text));
};
const watches = () => { for (const [id, place] of kept) { const numbers = new Map(); print('@@proviso watch ' + id + ' ' + place.rows.map((row) => code(place, row, numbers)).join(',')); } };
const say = (how) => { if (how === 'P') seen = new Map(); else keep(); if (hits.size === 0 && current === '-') return; print('@@proviso ' + current + ' ' + how + ' ' + ranges()); };
const begin = (id) => { say('U'); current = id; hits = new Set(); count = 0; };
const end = (id, how) => { if (current !== id) return; say(how); current = '-'; hits = new Set(); count = 0; };
process.on('exit', () => { say('U'); watches(); });
const look = (id, mode, others) => {
  let place = seen.get(id); if (!place) seen.set(id, place = { mode, own: [], rows: others.map(() => []) });
  if (place.own.length >= ${looks}) { place.full = true; return undefined; }
  const at = place.own.push('?') - 1;
  others.forEach((other, i) => { let value; try { value = sign(other(), mode); } catch { value = '!'; } place.rows[i][at] = value; });
  return { place, at };
};
return {
  hit(id) { hits.add(id); if (++count === ${patience}) { say('H'); watches(); } },
  watch(id, mode, run, others) { const note = look(id, mode, others); let value; try { value = run(); } catch (error) { if (note) note.place.own[note.at] = '!'; throw error; } if (note) note.place.own[note.at] = sign(value, mode); return value; },
  guard(id, others) { look(id, 'guard', others); },
  test(id, run) {
    const wrapped = function (...args) { begin(id); let result; try { result = run.apply(this, args); } catch (error) { end(id, 'F'); throw error; }
      if (result && typeof result.then === 'function') return result.then((value) => { end(id, 'P'); return value; }, (error) => { end(id, 'F'); throw error; });
      if (run.length === 0) end(id, 'P'); return result; };
    Object.defineProperty(wrapped, 'length', { value: run.length }); return wrapped; } };
})();`.replaceAll("\n", " ");

const pythonSource = `
import atexit, functools, inspect, os
state = {"current": "-", "hits": set(), "count": 0, "seen": {}}
kept, said, held = {}, [], []
plain = (int, float, str, bool, bytes, type(None))
def sign(value, mode):
    if mode != "value":
        return "1" if value else "0"
    if isinstance(value, plain):
        return type(value).__name__ + repr(value)[:80]
    held.append(value)
    return "o%d" % id(value)
def ranges():
    ids, out, i = sorted(state["hits"]), [], 0
    while i < len(ids):
        j = i
        while j + 1 < len(ids) and ids[j + 1] == ids[j] + 1:
            j += 1
        out.append("%d-%d" % (ids[i], ids[j]) if j > i else str(ids[i]))
        i = j + 1
    return ",".join(out)
def say_line(line, now):
    if line not in said:
        said.append(line)
        if now:
            os.write(2, (line + "\\n").encode())
def keep():
    for id, place in state["seen"].items():
        old = kept.get(id)
        if old is None:
            kept[id] = place
            continue
        old["full"] = old["full"] or place["full"]
        if len(old["own"]) < 400:
            old["own"].extend(place["own"])
            for row, more in zip(old["rows"], place["rows"]):
                row.extend(more)
    state["seen"] = {}
def code(place, row, numbers):
    if "!" in row:
        return "t"
    text = "|".join(row)
    if place["mode"] == "guard":
        if "1" not in row:
            return "n"
        if "0" not in row:
            return "a"
    elif row == place["own"]:
        return "p" if place["full"] else "s"
    return str(numbers.setdefault(text, len(numbers)))
def watches(now):
    for id, place in kept.items():
        numbers = {}
        say_line("@@proviso watch %d %s" % (id, ",".join(code(place, row, numbers) for row in place["rows"])), now)
def say(how):
    if how == "P":
        state["seen"] = {}
    else:
        keep()
    if state["hits"] or state["current"] != "-":
        say_line("@@proviso %s %s %s" % (state["current"], how, ranges()), how == "H")
def begin(id):
    say("U")
    del held[:]
    state.update(current=id, hits=set(), count=0)
def end(id, how):
    if state["current"] == id:
        say(how)
        state.update(current="-", hits=set(), count=0)
def hit(id):
    state["hits"].add(id)
    state["count"] += 1
    if state["count"] == ${patience}:
        say("H")
        watches(True)
def look(id, mode, others):
    place = state["seen"].get(id)
    if place is None:
        place = state["seen"][id] = {"mode": mode, "full": False, "own": [], "rows": [[] for _ in others]}
    if len(place["own"]) >= ${looks}:
        place["full"] = True
        return None
    place["own"].append("?")
    for row, other in zip(place["rows"], others):
        try:
            row.append(sign(other(), mode))
        except Exception:
            row.append("!")
    return place, len(place["own"]) - 1
def watch(id, mode, run, others):
    note = look(id, mode, others)
    try:
        value = run()
    except BaseException:
        if note:
            note[0]["own"][note[1]] = "!"
        raise
    if note:
        note[0]["own"][note[1]] = sign(value, mode)
    return value
def guard(id, others):
    look(id, "guard", others)
def test(id):
    def wrap(run):
        if inspect.iscoroutinefunction(run):
            @functools.wraps(run)
            async def wrapped(*args, **named):
                begin(id)
                try:
                    result = await run(*args, **named)
                except BaseException:
                    end(id, "F")
                    raise
                end(id, "P")
                return result
        else:
            @functools.wraps(run)
            def wrapped(*args, **named):
                begin(id)
                try:
                    result = run(*args, **named)
                except BaseException:
                    end(id, "F")
                    raise
                end(id, "P")
                return result
        return wrapped
    return wrap
@atexit.register
def flush():
    say("U")
    watches(False)
    os.write(2, ("\\n" + "\\n".join(said) + "\\n").encode())
`;

export const pythonPrelude = [
  "import sys as _proviso_sys",
  `if not hasattr(_proviso_sys, "_proviso"): _proviso_sys._proviso = {}; exec(${JSON.stringify(pythonSource)}, _proviso_sys._proviso)`,
  '_proviso_hit, _proviso_test, _proviso_watch, _proviso_guard = (_proviso_sys._proviso[name] for name in ("hit", "test", "watch", "guard"))',
].join("\n");
